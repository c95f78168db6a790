import { Rule } from '../rule';
import { configurations, entriesOf } from '../webhook-entries';

export const nothingEnforced: Rule = {
  code: 'NOTHING_ENFORCED',
  title: 'A verifier that is asked about nothing',
  why: 'A validating webhook configuration without entries looks like enforcement and refuses nothing: exemptions alone guard nothing, and a webhook leaves out the verifier\'s own namespace.',
  remedy: 'Give the verifier a SignedImagePolicy that holds in some namespace other than its own, or remove the verifier.',
  check: (subject) => configurations(subject)
    .filter((object) => object.own && object.kind === 'ValidatingWebhookConfiguration' && entriesOf(object).length === 0)
    .map(({ id }) => ({ object: id, path: 'webhooks', message: 'It has no entry, so the API server asks about nothing.' })),
};
