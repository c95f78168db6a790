import { explainByName, ImageExplanation } from '../../lib/explain';
import { parseReference } from '../../lib/kubernetes/reference';
import { ImageDenyList, ImageExemption, NamespaceSelection, PolicyDocument } from '../../lib/policy/document';
import { DIGEST, NAME, NOW, OTHER_DIGEST } from '../decide/world';

const exemption = (namespaces: NamespaceSelection = { names: ['shop'] }, until = '2999-01-01'): ImageExemption => ({
  apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
  spec: { image: NAME, digests: [DIGEST], reason: 'reviewed', owner: 'platform', until, namespaces },
});
const denyList: ImageDenyList = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'leaked' }, spec: { reason: 'leaked', owner: 'security', digests: [DIGEST], namespaces: { names: ['shop'] } },
};
const byLabel = exemption({ labels: { tier: 'prod' } });

test.each<[string, string, PolicyDocument[], string, ImageExplanation['answer'], RegExp, ImageExplanation['unanswered'], string]>([
  ['an exempted digest', `${NAME}@${DIGEST}`, [exemption()], 'shop', 'exempt', /^admitted by name/, 'refused', 'exemption vendor'],
  ['another digest', `${NAME}@${OTHER_DIGEST}`, [exemption()], 'shop', 'unmatched', /^refused by name/, 'refused', ''],
  ['the digest under another name', `ghcr.io/evil/app@${DIGEST}`, [exemption()], 'shop', 'unmatched', /^refused by name/, 'refused', ''],
  ['an exemption that is over', `${NAME}@${DIGEST}`, [exemption(undefined, '2020-01-01')], 'shop', 'unmatched', /^refused by name/, 'refused', ''],
  ['a tag', `${NAME}:v1`, [exemption()], 'shop', 'unmatched', /no digest/, 'refused', ''],
  ['a tag beside a deny list', `${NAME}:v1`, [denyList], 'shop', 'unmatched', /no digest/, 'refused', ''],
  ['a denied digest, even an exempted one', `${NAME}@${DIGEST}`, [exemption(), denyList], 'shop', 'denied', /^refused by name/, 'refused', 'deny list leaked'],
  ['a digest that no deny list names', `${NAME}@${OTHER_DIGEST}`, [denyList], 'shop', 'not-denied', /^admitted by name/, 'refused', ''],
  ['another namespace', `${NAME}@${OTHER_DIGEST}`, [exemption(), denyList], 'bank', 'not-covered', /^admitted, unasked/, 'admitted', ''],
  ['labels that are not said', `${NAME}@${DIGEST}`, [byLabel], 'shop', 'labels-needed', /^unknown/, 'unknown', ''],
])('%s', (_what, image, documents, namespace, answer, says, unanswered, deciding) => {
  const said = explainByName(documents, parseReference(image), { name: namespace }, NOW);
  expect(said).toMatchObject({ answer, unanswered });
  expect(said.says).toMatch(says);
  expect(said.outline.split('\n')[0]).toContain(deciding);
  expect(said.outline === '').toBe(deciding === '');
});

test('labels that are said decide', () => {
  expect(explainByName([byLabel], parseReference(`${NAME}@${OTHER_DIGEST}`), { name: 'shop', labels: { tier: 'prod' } }, NOW).answer).toBe('unmatched');
  expect(explainByName([byLabel], parseReference(`${NAME}@${OTHER_DIGEST}`), { name: 'shop', labels: {} }, NOW).answer).toBe('not-covered');
});
