import { list } from '../fields';
import { imageWebhookEntries } from '../image-admission';
import { exemptions, Found, skippingConditions, unaskedPods } from '../requests';
import { Rule, Subject } from '../rule';
import { serviceOf, WebhookEntry } from '../webhook-entries';

export const imageWebhookUnasked: Rule = {
  code: 'IMAGE_WEBHOOK_UNASKED',
  title: 'A webhook about images that is not asked about all of them',
  why: 'The API server asks only about what rules, selectors and conditions of an entry select, and admits everything else. Images also reach a node by an update of a Pod and by an ephemeral container, and whoever writes the labels that are selected by decides whether anybody asks.',
  remedy: 'List pods with CREATE and UPDATE and pods/ephemeralcontainers with UPDATE; leave namespaces out by kubernetes.io/metadata.name alone; no objectSelector, no matchConditions, matchPolicy Equivalent.',
  lintOnly: true,
  check: (subject) => imageWebhookEntries(subject).flatMap((entry) => [
    ...unasked(entry, subject),
    ...exemptions({ fields: entry.fields, path: entry.path, rules: 'rules' }),
    ...skippingConditions(entry.fields.matchConditions, `${entry.path}.matchConditions`),
  ].map((found) => ({ object: entry.object.id, ...found }))),
};

/** Entries that call the same Service can share the rules between them; the first of them is told of. */
function unasked(entry: WebhookEntry, subject: Subject): Found[] {
  const together = imageWebhookEntries(subject).filter((other) => other.object === entry.object && serviceOf(other) === serviceOf(entry));
  if (together[0]?.path !== entry.path) {
    return [];
  }
  const rules = together.flatMap(({ fields }) => list(fields.rules));
  if (rules.length === 0) {
    return [{ path: `${entry.path}.rules`, message: 'Until somebody writes rules into it, it is asked about nothing.' }];
  }
  const missing = unaskedPods(rules);
  return missing.length === 0 ? [] : [{ path: `${entry.path}.rules`, message: `It is not asked about ${missing.join(', nor about ')}.` }];
}
