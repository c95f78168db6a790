import { fieldsOf } from '../fields';
import { imageWebhookEntries } from '../image-admission';
import { Found } from '../requests';
import { Rule } from '../rule';
import { show } from '../show';
import { WebhookEntry } from '../webhook-entries';

export const imageWebhookPermissive: Rule = {
  code: 'IMAGE_WEBHOOK_PERMISSIVE',
  title: 'A webhook about images that somebody else wrote, past which images run',
  why: 'With Ignore the API server admits whatever the webhook does not answer in time: stopping it, or keeping it busy, is enough. What only a mutating webhook has judged can be changed by the next one, and nobody looks again.',
  remedy: 'Set failurePolicy to Fail, and have the final object judged by an entry of a ValidatingWebhookConfiguration.',
  lintOnly: true,
  check: (subject) => imageWebhookEntries(subject).flatMap((entry) => openings(entry).map((found) => ({ object: entry.object.id, ...found }))),
};

function openings({ object, path, fields }: WebhookEntry): Found[] {
  // Left out, it is Fail.
  const isOpen = (fields.failurePolicy ?? 'Fail') !== 'Fail';
  return [
    ...isOpen ? [{ path: `${path}.failurePolicy`, message: `It is ${show(fields.failurePolicy)}: what is not answered runs.` }] : [],
    ...isOpen && !isAuthority(fieldsOf(fields.clientConfig).caBundle) ? [{
      path: `${path}.clientConfig.caBundle`, message: 'Until somebody writes an authority into it no call succeeds, and every image runs.',
    }] : [],
    ...object.content.kind === 'MutatingWebhookConfiguration' ? [{ path, message: 'No entry of a ValidatingWebhookConfiguration calls the same Service: a webhook that comes later can change the image after it was judged.' }] : [],
  ];
}

/** Certificates in base64; a line feed, and what a template leaves, are none. */
function isAuthority(bundle: unknown): boolean {
  return typeof bundle === 'string' && /^[A-Za-z0-9+/\s]{100,}={0,2}\s*$/.test(bundle);
}
