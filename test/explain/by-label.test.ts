import { explainByLabel, explainImage, ImageExplanation } from '../../lib/explain';
import { parseReference } from '../../lib/kubernetes/reference';
import { ImagePolicy } from '../../lib/policy/document';
import { DIGEST, NOW } from '../decide/world';
import { smallPolicy } from '../policy/documents';

const policy: ImagePolicy = { ...smallPolicy, spec: { ...smallPolicy.spec, namespaces: { names: ['shop'] } } };
const NAMED = `ghcr.io/acme/payments/api@${DIGEST}`;
const LABEL = 'policy.sigstore.dev/include';

test.each<[string, string, { readonly [label: string]: string } | undefined, ImageExplanation['answer'], ImageExplanation['unanswered'], RegExp]>([
  ['an image that no policy names, with the label', 'ghcr.io/evil/app', { [LABEL]: 'true' }, 'unmatched', 'refused', /^refused: the namespace bank has the label/],
  ['one that a policy for another namespace names, with the label', NAMED, { [LABEL]: 'true' }, 'judged', 'refused', /^judged by its proof: .* has the label/],
  ['an image with the label of another value', 'ghcr.io/evil/app', { [LABEL]: 'yes' }, 'not-covered', 'admitted', /^admitted, unasked/],
  ['an image without the label', 'ghcr.io/evil/app', {}, 'not-covered', 'admitted', /^admitted, unasked/],
  ['labels that are not said', 'ghcr.io/evil/app', undefined, 'labels-needed', 'unknown', /^unknown: /],
])('in a namespace that no policy covers: %s', (_what, image, labels, answer, unanswered, says) => {
  const said = explainByLabel([policy], parseReference(image), { name: 'bank', ...labels && { labels } }, NOW);
  expect(said).toMatchObject({ answer, unanswered, says: expect.stringMatching(says) as string });
  expect(said.outline.includes('namespaces: shop')).toBe(answer === 'judged');
});

test('where a policy covers the namespace, its label says nothing more', () => {
  const place = { name: 'shop', labels: { [LABEL]: 'true' } };
  expect(explainByLabel([policy], parseReference(NAMED), place, NOW)).toEqual(explainImage([policy], parseReference(NAMED), place, NOW));
});
