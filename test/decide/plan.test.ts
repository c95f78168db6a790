import { plan, PlanInput } from '../../lib/decide/plan';
import { ImageExemption, PolicyDocument } from '../../lib/policy/document';
import { policySet } from '../../lib/policy/policy-set';
import { auditor, DIGEST, NAME, NOW, OTHER_DIGEST, policy, release, vault } from './world';

const audit = { type: 'Audit' as const, reason: 'first look', owner: 'platform', until: '2026-06-02' };

function exemption(spec: Partial<ImageExemption['spec']> = {}): ImageExemption {
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImageExemption',
    metadata: { name: 'vendor' },
    spec: { image: NAME, digests: [DIGEST], reason: 'the vendor does not sign', owner: 'platform', until: '2026-06-02', ...spec },
  };
}

function planned(documents: readonly PolicyDocument[], changes: Partial<Omit<PlanInput, 'set'>> = {}): ReturnType<typeof plan> {
  return plan({ set: policySet(documents), name: NAME, digest: DIGEST, namespace: { name: 'shop' }, now: NOW, ...changes });
}

const labelled = { namespaces: { labels: { tier: 'prod' } } };
const elsewhere = policy({ images: ['ghcr.io/acme/other/**'] }, 'other');

describe('what has to be known about an image', () => {
  test.each<[string, string, readonly PolicyDocument[], Partial<Omit<PlanInput, 'set'>>]>([
    ['evidence, where a policy covers the namespace and matches', 'judge', [policy()], {}],
    ['nothing, where no policy covers the namespace', 'uncovered', [policy()], { namespace: { name: 'kube-system' } }],
    ['evidence in a namespace whose name only starts like an excepted one', 'judge', [policy()], { namespace: { name: 'kube-system-x' } }],
    ['evidence in kube-system when nothing is excepted', 'judge', [policy({ namespaces: { except: [] } })], { namespace: { name: 'kube-system' } }],
    ['nothing beside the named namespaces', 'uncovered', [policy({ namespaces: { names: ['bank'] } })], {}],
    ['evidence in a named namespace', 'judge', [policy({ namespaces: { names: ['shop'] } })], {}],
    ['nothing more, where the namespace is guarded and no pattern matches', 'unmatched', [elsewhere], {}],
    ['the labels, where a policy selects by them and they are not known', 'unknown-namespace', [policy(labelled)], {}],
    ['the labels, even when another policy covers the namespace for sure', 'unknown-namespace', [policy(), policy(labelled, 'prod')], {}],
    ['evidence, where the labels select the namespace', 'judge', [policy(labelled)], { namespace: { name: 'shop', labels: { tier: 'prod', a: 'b' } } }],
    ['nothing, where the labels do not', 'uncovered', [policy(labelled)], { namespace: { name: 'shop', labels: { tier: 'dev' } } }],
    ['nothing, where an exemption names the digest', 'exempt', [policy(), exemption()], {}],
    ['nothing, where an exemption names the digest and no pattern matches', 'exempt', [elsewhere, exemption()], {}],
    ['nothing, where an exemption holds by name though labels are not known', 'exempt', [policy(labelled), exemption()], {}],
    ['evidence, where the exemption names another digest', 'judge', [policy(), exemption({ digests: [OTHER_DIGEST] })], {}],
    ['evidence, where the exemption names another repository', 'judge', [policy(), exemption({ image: `${NAME}-x` })], {}],
    ['evidence, where only a tag is known', 'judge', [policy(), exemption()], { digest: undefined as never }],
    ['evidence, where the exemption is for other namespaces', 'judge', [policy(), exemption({ namespaces: { names: ['bank'] } })], {}],
    ['the labels, where the exemption is for labels that are not known', 'unknown-namespace', [policy(labelled), exemption(labelled)], {}],
    ['nothing in the last millisecond of an exemption', 'exempt', [policy(), exemption()], { now: Date.UTC(2026, 5, 2) - 1 }],
    ['evidence from the end of the exemption on', 'judge', [policy(), exemption()], { now: Date.UTC(2026, 5, 2) }],
    ['evidence, where the clock is not a number', 'judge', [policy(), exemption()], { now: Number.NaN }],
    ['nothing, where an exemption stands alone and nothing is guarded', 'uncovered', [exemption()], {}],
  ])('%s', (_, type, documents, changes) => {
    expect(planned(documents, changes).type).toBe(type);
  });
});

describe('an audit window', () => {
  const names = (found: ReturnType<typeof plan>): unknown => found.type === 'judge'
    && { enforced: found.policies.map(({ name }) => name), audited: found.audited.map(({ name }) => name) };

  test('is open until the last millisecond, and enforced from then on', () => {
    expect(names(planned([policy({ action: audit })], { now: Date.UTC(2026, 5, 2) - 1 }))).toEqual({ enforced: [], audited: ['payments'] });
    expect(names(planned([policy({ action: audit })], { now: Date.UTC(2026, 5, 2) }))).toEqual({ enforced: ['payments'], audited: [] });
  });

  test('is over for a clock that is not a number', () => {
    expect(names(planned([policy({ action: audit })], { now: Number.NaN }))).toEqual({ enforced: ['payments'], audited: [] });
  });

  test('leaves what other policies enforce as it is', () => {
    expect(names(planned([policy({ action: audit }, 'trial'), policy()]))).toEqual({ enforced: ['payments'], audited: ['trial'] });
  });

  test('lets an unmatched image pass only where nothing but windows guards the namespace', () => {
    const trial = policy({ images: ['ghcr.io/acme/other/**'], action: audit }, 'trial');
    expect(planned([trial])).toMatchObject({ type: 'unmatched', observer: { name: 'trial' } });
    expect(planned([trial, elsewhere])).toEqual({ type: 'unmatched' });
    expect(planned([trial], { now: Date.UTC(2026, 5, 2) })).toEqual({ type: 'unmatched' });
  });
});

test('of several windows over an unmatched image the one that ends first says from when on it is refused', () => {
  const observing = (name: string, until: string): PolicyDocument => policy({ images: ['ghcr.io/acme/other/**'], action: { ...audit, until } }, name);
  const [early, late] = [observing('early', '2026-06-02'), observing('late', '2026-06-02T00:00:01Z')];
  expect(planned([early, late])).toMatchObject({ observer: { name: 'early' } });
  expect(planned([observing('a', '2026-06-02T00:00:01Z'), observing('b', '2026-06-02')])).toMatchObject({ observer: { name: 'b' } });
});

describe('what a tag means', () => {
  test.each<[string, 'pin' | 'deny', readonly PolicyDocument[]]>([
    ['pin, where nothing is said', 'pin', [policy()]],
    ['deny, where one of several enforced policies says so', 'deny', [policy(), policy({ tags: 'deny' }, 'strict')]],
    ['pin, where only an audited policy beside an enforced one says so', 'pin', [policy(), policy({ tags: 'deny', action: audit }, 'trial')]],
    ['deny, where only audited policies are left and one says so', 'deny', [policy({ tags: 'deny', action: audit }, 'trial')]],
    ['pin, where the policy that says so does not match', 'pin', [policy(), policy({ tags: 'deny', images: ['ghcr.io/acme/other/**'] }, 'strict')]],
  ])('%s', (_, tags, documents) => {
    expect(planned(documents)).toMatchObject({ type: 'judge', tags });
  });
});

test('whose word may count is asked for once each, whatever policies call them, of audited ones too', () => {
  const requirements = [{ type: 'signature' as const, name: 'signature', attestors: ['a', 'b', 'c'] }];
  const trial = policy({ action: audit, attestors: { d: { ...release, trustRoot: 'company' } }, requirements: [{ type: 'signature', name: 'signature', attestors: ['d'] }] }, 'trial');
  const again = policy({ attestors: { other: release }, requirements: [{ type: 'signature', name: 'signature', attestors: ['other'] }] }, 'again');
  const found = planned([policy({ attestors: { a: release, b: auditor, c: vault }, requirements }), again, trial]);
  expect(found.type === 'judge' && found.attestors.map(({ type, trustRoot }) => `${type} ${trustRoot}`).sort()).toEqual(['key sigstore', 'keyless company', 'keyless sigstore', 'keyless sigstore']);
});
