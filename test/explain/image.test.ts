import { explainImage, ImageExplanation } from '../../lib/explain';
import { parseReference } from '../../lib/kubernetes/reference';
import { ImageDenyList, ImageExemption, PolicyDocument } from '../../lib/policy/document';
import { NamespaceContext } from '../../lib/policy/normal';
import { DIGEST, NAME, NOW, OTHER_DIGEST, policy } from '../decide/world';

const audit = { type: 'Audit' as const, reason: 'roll-out', owner: 'platform', until: '2026-07-01' };
const exemption: ImageExemption = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
  spec: { image: NAME, digests: [DIGEST], reason: 'not signed yet', owner: 'platform', until: '2026-07-01' },
};
const denyList: ImageDenyList = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'leaked' }, spec: { reason: 'leaked', owner: 'security', digests: [DIGEST] },
};

const explained = (documents: readonly PolicyDocument[], { image = `${NAME}@${DIGEST}`, namespace = { name: 'shop' }, now = NOW }: { image?: string; namespace?: NamespaceContext; now?: number } = {}): ImageExplanation => (
  explainImage(documents, parseReference(image), namespace, now)
);

test('what is judged is told with the policies that must hold, and no other', () => {
  const said = explained([policy(), policy({ images: ['ghcr.io/acme/other/**'] }, 'other')]);
  expect(said).toMatchObject({ answer: 'judged', unanswered: 'refused', policies: ['payments'] });
  expect(said.outline).toMatch(/^policy payments\n/);
  expect(said.outline).not.toContain('policy other');
});

test('what is judged is told with the deny lists whose signers count for nothing there, and no other', () => {
  const signers = (name: string, spec: Partial<ImageDenyList['spec']>): ImageDenyList => ({ ...denyList, metadata: { name }, spec: { reason: 'leaked', owner: 'security', ...spec } });
  const { outline } = explained([
    policy(), denyList, signers('here', { signers: [{ subject: 'eve@acme.example' }] }), signers('elsewhere', { signers: [{ subject: 'eve@acme.example' }], namespaces: { names: ['bank'] } }),
  ], { image: `${NAME}@${OTHER_DIGEST}` });
  expect(outline.split('\n').filter((line) => /^\w/.test(line) && !line.startsWith('images of'))).toEqual(['policy payments', 'deny list here']);
});

test.each<[string, ImageExplanation['answer'], ImageExplanation['unanswered'], readonly PolicyDocument[], Parameters<typeof explained>[1], RegExp]>([
  ['an image of no policy', 'unmatched', 'refused', [policy()], { image: 'ghcr.io/evil/app' }, /^refused: the namespace shop is guarded/],
  ['a namespace of no policy', 'not-covered', 'admitted', [policy({ namespaces: { names: ['bank'] } })], {}, /^admitted, unasked/],
  ['a digest on a deny list', 'denied', 'refused', [policy(), denyList], {}, /^denied/],
  ['another digest, beside the deny list', 'judged', 'refused', [policy(), denyList], { image: `${NAME}@${OTHER_DIGEST}` }, /^judged/],
  ['an exempted digest', 'exempt', 'refused', [policy(), exemption], {}, /^admitted without proof/],
  ['an exemption that is over', 'judged', 'refused', [policy(), exemption], { now: Date.UTC(2026, 6, 1) }, /^judged/],
  ['a policy in its window', 'observed', 'admitted', [policy({ action: audit })], {}, /with a warning$/],
  ['a window that is over', 'judged', 'refused', [policy({ action: audit })], { now: Date.UTC(2026, 6, 1) }, /^judged/],
  ['a window beside a policy that refuses', 'judged', 'refused', [policy({ action: audit }, 'trial'), policy()], {}, /^judged/],
  ['labels that are not known', 'labels-needed', 'unknown', [policy({ namespaces: { labels: { tier: 'prod' } } })], {}, /^unknown: policies select by labels/],
  ['labels that are known', 'judged', 'refused', [policy({ namespaces: { labels: { tier: 'prod' } } })], { namespace: { name: 'shop', labels: { tier: 'prod' } } }, /^judged/],
])('%s is %s', (_what, answer, unanswered, documents, question, says) => {
  expect(explained(documents, question)).toMatchObject({ answer, unanswered, says: expect.stringMatching(says) as unknown });
});
