import { Rule } from '../rule';
import { show } from '../show';
import { ownEntries } from '../webhook-entries';

export const auditCanBlock: Rule = {
  code: 'AUDIT_CAN_BLOCK',
  title: 'An audit or pinning entry fails closed',
  why: 'An audit window promises that nothing is refused before its end, and pinning is judged by the enforcing entry: neither may stop a Pod when the verifier is down.',
  remedy: 'Set failurePolicy of this entry to Ignore; the enforcing entries keep Fail.',
  check: (subject) => ownEntries(subject)
    .filter(({ role, fields }) => (role === 'audit' || role === 'pin') && fields.failurePolicy !== 'Ignore')
    .map(({ object, path, fields }) => ({ object: object.id, path: `${path}.failurePolicy`, message: `An entry that must not block would: failurePolicy is ${show(fields.failurePolicy)}.` })),
};
