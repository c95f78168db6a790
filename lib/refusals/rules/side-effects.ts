import { Rule } from '../rule';
import { show } from '../show';
import { ownEntries } from '../webhook-entries';

export const sideEffects: Rule = {
  code: 'SIDE_EFFECTS',
  title: 'Dry runs are not answered',
  why: 'The API server fails dry-run requests of a webhook that does not promise to have no side effects, and GitOps tools then show differences that are none.',
  remedy: 'Set sideEffects to None.',
  check: (subject) => ownEntries(subject)
    .filter(({ fields }) => fields.sideEffects !== 'None')
    .map(({ object, path, fields }) => ({ object: object.id, path: `${path}.sideEffects`, message: `sideEffects is ${show(fields.sideEffects)}.` })),
};
