import { Rule } from '../rule';
import { configurations, entriesOf, fieldsOf, isOwn, ownEntries, serviceOf, WebhookEntry } from '../webhook-entries';

export const foreignWebhook: Rule = {
  code: 'FOREIGN_WEBHOOK',
  title: 'A webhook configuration that was not synthesized calls the verifier',
  why: 'It is judged by no rule here and can be taken for enforcement that it is not.',
  remedy: 'Remove it; the synthesized configurations call the verifier for everything.',
  check: (subject) => {
    const services = new Set([
      ...ownEntries(subject).map(serviceOf),
      ...subject.objects.filter((object) => object.kind === 'Service' && isOwn(object)).map(({ namespace, name }) => `${namespace}/${name}`),
    ]);
    return configurations(subject).filter((object) => !isOwn(object)).flatMap(entriesOf)
      .filter((entry) => services.has(serviceOf(entry)) || services.has(serviceInUrl(entry)))
      .map(({ object, path }) => ({ object: object.id, path: `${path}.clientConfig`, message: 'It calls the verifier\'s Service.' }));
  },
};

/** Namespace and name of the Service that an entry reaches by its DNS name instead. */
function serviceInUrl({ fields }: WebhookEntry): string {
  const { url } = fieldsOf(fields.clientConfig);
  const [, name = '', namespace = ''] = /^https:\/\/([^./:]+)\.([^./:]+)\.svc[./:]/i.exec(typeof url === 'string' ? `${url}/` : '') ?? [];
  return `${namespace}/${name}`;
}
