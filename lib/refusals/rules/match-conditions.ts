import { list } from '../fields';
import { Rule } from '../rule';
import { ownEntries } from '../webhook-entries';

export const matchConditions: Rule = {
  code: 'MATCH_CONDITIONS',
  title: 'Requests can leave an enforcing webhook by a match condition',
  why: 'A match condition exempts what it does not match: by user, by name, by anything CEL can say.',
  remedy: 'Remove matchConditions from the enforcing entries; only the pinning entry has one.',
  check: (subject) => ownEntries(subject)
    .filter(({ role, fields }) => role !== 'pin' && list(fields.matchConditions).length > 0)
    .map(({ object, path }) => ({ object: object.id, path: `${path}.matchConditions`, message: 'A condition decides which requests are judged.' })),
};
