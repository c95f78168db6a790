import { Rule } from '../rule';
import { show } from '../show';
import { ownEntries } from '../webhook-entries';

export const failurePolicy: Rule = {
  code: 'FAILURE_POLICY',
  title: 'An enforcing webhook entry fails open',
  why: 'With failurePolicy Ignore the API server admits every Pod while the verifier does not answer: stopping the verifier is enough to get past it.',
  remedy: 'Set failurePolicy to Fail.',
  check: (subject) => ownEntries(subject)
    // Left out, it is Fail.
    .filter(({ role, fields }) => (role === 'enforce' || role === 'unknown') && (fields.failurePolicy ?? 'Fail') !== 'Fail')
    .map(({ object, path, fields }) => ({ object: object.id, path: `${path}.failurePolicy`, message: `An unanswered question would be admitted: failurePolicy is ${show(fields.failurePolicy)}.` })),
};
