import { Rule } from '../rule';
import { configurations, entriesOf, isOwn, ownEntries, serviceOf } from '../webhook-entries';

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
      .filter((entry) => services.has(serviceOf(entry)))
      .map(({ object, path }) => ({ object: object.id, path: `${path}.clientConfig.service`, message: 'It calls the verifier\'s Service.' }));
  },
};
