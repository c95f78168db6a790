import { fieldsOf } from '../fields';
import { Rule } from '../rule';
import { show } from '../show';
import { configurations, entriesOf, ownEntries, serviceOf, WebhookEntry } from '../webhook-entries';

export const foreignWebhook: Rule = {
  code: 'FOREIGN_WEBHOOK',
  title: 'A webhook configuration that was not synthesized calls the verifier',
  why: 'It is judged by no rule here and can be taken for enforcement that it is not.',
  remedy: 'Remove it; the synthesized configurations call the verifier for everything.',
  check: (subject) => {
    const services = new Set([
      ...ownEntries(subject).map(serviceOf),
      ...subject.objects.filter(({ own, kind }) => own && (kind === 'Service' || kind === 'Deployment')).map(({ namespace, name }) => `${show(namespace)}/${show(name)}`),
    ]);
    return configurations(subject).filter(({ own }) => !own).flatMap(entriesOf)
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
