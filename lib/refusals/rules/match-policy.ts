import { Rule } from '../rule';
import { show } from '../show';
import { ownEntries } from '../webhook-entries';

export const matchPolicy: Rule = {
  code: 'MATCH_POLICY',
  title: 'Other versions of a kind are not judged',
  why: 'With matchPolicy Exact a request for another version of the same object goes past the webhook.',
  remedy: 'Set matchPolicy to Equivalent.',
  check: (subject) => ownEntries(subject)
    .filter(({ fields }) => fields.matchPolicy !== undefined && fields.matchPolicy !== 'Equivalent')
    .map(({ object, path, fields }) => ({ object: object.id, path: `${path}.matchPolicy`, message: `matchPolicy is ${show(fields.matchPolicy)}.` })),
};
