import { AttestationRequirement, ImagePolicy, SlsaProvenanceChecks } from '../../../lib/policy/document';
import { kyvernoPolicy } from '../../../lib/kubernetes/kyverno/policy';
import { key, OTHER_PUBLIC_KEY, smallPolicy } from '../../policy/documents';
import { Attached, refusals } from './evaluation';

const HEX = 'a1'.repeat(32);
const IMAGE = `ghcr.io/acme/payments/api@sha256:${HEX}`;
const SIGN = 'https://sigstore.dev/cosign/sign/v1';
const SLSA = 'https://slsa.dev/provenance/v1';

const statement = (predicateType: string, changes: object = {}): object => ({ _type: 'https://in-toto.io/Statement/v1', predicateType, subject: [{ digest: { sha256: HEX } }], predicate: {}, ...changes });
const by = (signer: string, ...statements: object[]): Attached => ({ image: IMAGE, statements: statements.map((one) => [`payments/${signer}`, one] as const) });
const both = (...attached: Attached[]): Attached => ({ image: IMAGE, statements: attached.flatMap(({ statements }) => statements) });
const containers = [{ name: 'main', image: IMAGE }];
const codes = (found: readonly string[]): string[] => found.map((message) => /^\[(\w+)\]/.exec(message)?.[1] ?? message);

describe('a signature', () => {
  const judge = (...attached: Attached[]): string[] => codes(refusals([smallPolicy], attached, { spec: { containers } }));

  test('of the digest by the attestor is enough', () => {
    expect([judge(by('release', statement(SIGN))), judge()]).toEqual([[], ['NO_SIGNATURE']]);
  });

  test.each<[string, object]>([
    ['of another digest', statement(SIGN, { subject: [{ digest: { sha256: 'b2'.repeat(32) } }] })],
    ['of a subject with a second algorithm', statement(SIGN, { subject: [{ digest: { sha256: HEX, sha512: '' } }] })],
    ['in a statement of an unknown version', statement(SIGN, { _type: 'https://in-toto.io/Statement/v2' })],
    ['among too many subjects', statement(SIGN, { subject: [...Array.from({ length: 1024 }, () => ({ digest: {} })), { digest: { sha256: HEX } }] })],
    ['that is an attestation', statement('https://cyclonedx.org/bom')],
  ])('%s is none', (_, said) => {
    expect(judge(by('release', said))).toEqual(['NO_SIGNATURE']);
  });

  test('the refusal says which image, which policy, and what was expected of whom', () => {
    expect(refusals([smallPolicy], [], { spec: { containers } })).toEqual([
      `[NO_SIGNATURE] ${IMAGE}: policy "payments" expected a signature of this digest by (release: https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main of `
      + 'https://token.actions.githubusercontent.com), found none',
    ]);
  });
});

describe('an image that is not signed', () => {
  const bad = `ghcr.io/acme/payments/bad@sha256:${HEX}`;
  const signed = by('release', statement(SIGN));

  test.each<[string, (image: string) => object]>([
    ['in the last container', (image) => ({ containers: [...containers, { image }] })],
    ['in an init container', (image) => ({ containers, initContainers: [{ image }] })],
    ['in an ephemeral container', (image) => ({ containers, ephemeralContainers: [{ image }] })],
    ['in an image volume', (image) => ({ containers, volumes: [{ emptyDir: {} }, { image: { reference: image } }] })],
  ])('%s is refused', (_, spec) => {
    expect([codes(refusals([smallPolicy], [signed], { spec: spec(bad) })), refusals([smallPolicy], [signed], { spec: spec(IMAGE) })]).toEqual([['NO_SIGNATURE'], []]);
  });
});

describe('an image that no policy names', () => {
  const other = `ghcr.io/acme/other@sha256:${HEX}`;
  const elsewhere = (namespaces: ImagePolicy['spec']['namespaces'] & object): string[] => codes(refusals([{ ...smallPolicy, spec: { ...smallPolicy.spec, namespaces } }], [], { spec: { containers: [{ image: other }] }, labels: { team: 'shop' } }));

  test.each<[string, string]>([
    ['in a repository that begins like one', `ghcr.io/acme/payments-evil/api@sha256:${HEX}`],
    ['by a tag', 'ghcr.io/acme/payments/api:v1'],
    ['in an empty text', ''],
  ])('%s is refused', (_, image) => {
    expect(codes(refusals([smallPolicy], [by('release', statement(SIGN))], { spec: { containers: [{ image }] } }))).toEqual(['UNMATCHED_IMAGE']);
  });

  test('is refused where a policy holds, and nowhere else', () => {
    expect([elsewhere({ names: ['shop'] }), elsewhere({ names: ['shop-x'] })]).toEqual([['UNMATCHED_IMAGE'], []]);
    expect([elsewhere({ except: ['shop-x'] }), elsewhere({ except: ['shop'] })]).toEqual([['UNMATCHED_IMAGE'], []]);
    expect([elsewhere({ labels: { team: 'shop' } }), elsewhere({ labels: { team: 'other' } }), elsewhere({ labels: { missing: '' } })]).toEqual([['UNMATCHED_IMAGE'], [], []]);
  });

  test('is refused where a policy names it that holds elsewhere', () => {
    const inAnother = (name: string): ImagePolicy => ({ ...smallPolicy, spec: { ...smallPolicy.spec, namespaces: { names: [name] } } });
    const others: ImagePolicy = { ...smallPolicy, metadata: { name: 'others' }, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme/other'] } };
    const judge = (name: string): string[] => codes(refusals([inAnother(name), others], [by('release', statement(SIGN))], { spec: { containers } }));
    expect([judge('elsewhere'), judge('shop')]).toEqual([['UNMATCHED_IMAGE'], []]);
  });

  test('is allowed by the other of two policies', () => {
    const everywhere: ImagePolicy = { ...smallPolicy, metadata: { name: 'others' }, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme/other'] } };
    const attached = [{ image: other, statements: [['others/release', statement(SIGN)]] as const }];
    expect(refusals([smallPolicy, everywhere], attached, { spec: { containers: [{ image: other }] } })).toEqual([]);
  });
});

describe('several attestors', () => {
  const policy = (threshold: number): ImagePolicy => ({
    ...smallPolicy,
    spec: { ...smallPolicy.spec, attestors: { a: key, b: { ...key, publicKey: OTHER_PUBLIC_KEY } }, requirements: [{ type: 'signature', name: 'signature', attestors: ['a', 'b'], threshold }] },
  });
  const judge = (threshold: number, ...attached: Attached[]): string[] => codes(refusals([policy(threshold)], [both(...attached)], { spec: { containers } }));
  const [a, b] = [by('a', statement(SIGN)), by('b', statement(SIGN))];

  test('are counted', () => {
    expect([judge(1, b), judge(2, b), judge(2, a, b), judge(2, a, a)]).toEqual([[], ['NO_SIGNATURE'], [], ['NO_SIGNATURE']]);
  });

  test('do not lend each other their statements', () => {
    expect(judge(2, by('a', statement(SIGN, { subject: [] })), b)).toEqual(['NO_SIGNATURE']);
  });
});

describe('provenance', () => {
  const checks: SlsaProvenanceChecks = {
    type: 'slsa-provenance', source: 'https://git.acme.test/app', sourceRefs: ['refs/heads/main', 'refs/tags/v*'], builderIds: ['https://acme.test/b'], buildTypes: ['https://acme.test/t'],
    externalParameters: { target: 'release', nested: { depth: [1, true, null] } },
  };
  const judge = (predicate: unknown, changes: Partial<SlsaProvenanceChecks> = {}): string[] => {
    const requirement: AttestationRequirement = { type: 'attestation', name: 'provenance', attestors: ['ci'], predicateType: SLSA, checks: { ...checks, ...changes } };
    const policy: ImagePolicy = { ...smallPolicy, spec: { ...smallPolicy.spec, attestors: { ci: key }, requirements: [requirement] } };
    try {
      return codes(refusals([policy], [by('ci', statement(SLSA, { predicate }))], { spec: { containers } }));
    } catch {
      // Kyverno refuses what it cannot evaluate.
      return ['ERROR'];
    }
  };
  const made = (uri = 'git+https://git.acme.test/app@refs/heads/main'): { [part: string]: { [field: string]: unknown } } => ({
    buildDefinition: { buildType: 'https://acme.test/t', externalParameters: { target: 'release', nested: { depth: [1, true, null] } }, resolvedDependencies: [{ uri }] },
    runDetails: { builder: { id: 'https://acme.test/b' } },
  });
  const changed = (part: string, fields: object): object => ({ ...made(), [part]: { ...made()[part], ...fields } });

  test('as the policy says is allowed', () => {
    expect([judge(made()), judge(made('https://git.acme.test/app@refs/tags/v1.2'))]).toEqual([[], []]);
  });

  test('at any ref is allowed where the policy names none, and without one', () => {
    expect([judge(made('git+https://git.acme.test/app@refs/heads/x'), { sourceRefs: [] }), judge(made('https://git.acme.test/app'), { sourceRefs: [] })]).toEqual([[], []]);
  });

  test.each<[string, unknown]>([
    ['another builder', changed('runDetails', { builder: { id: 'https://acme.test/b2' } })],
    ['no builder', changed('runDetails', { builder: {} })],
    ['another build type', changed('buildDefinition', { buildType: 'https://acme.test/t2' })],
    ['another source', made('git+https://git.acme.test/app-evil@refs/heads/main')],
    ['a source in which the dots are others', made('git+https://gitxacme.test/app@refs/heads/main')],
    ['another ref', made('git+https://git.acme.test/app@refs/heads/main-x')],
    ['a ref with a further "@"', made('git+https://git.acme.test/app@evil@refs/heads/main')],
    ['no ref', made('git+https://git.acme.test/app')],
    ['no source', changed('buildDefinition', { resolvedDependencies: [] })],
    ['a further parameter', changed('buildDefinition', { externalParameters: { target: 'release', nested: { depth: [1, true, null] }, extra: 1 } })],
    ['a parameter left out', changed('buildDefinition', { externalParameters: { target: 'release' } })],
    ['another parameter', changed('buildDefinition', { externalParameters: { target: 'release', nested: { depth: [1, true, 0] } } })],
    ['parameters that are no mapping', changed('buildDefinition', { externalParameters: [] })],
    ['members of another version', { ...made(), materials: [] }],
    ['a predicate that is a text', 'buildDefinition'],
  ])('%s is refused', (_, predicate) => {
    expect(['NO_ATTESTATION', 'ERROR']).toContain(judge(predicate)[0]);
  });
});

test('what Kyverno is known to weaken is not written', () => {
  const text = JSON.stringify(kyvernoPolicy([smallPolicy], { name: 'proofgate', version: '1.19.1', namespace: 'kyverno', timeoutSeconds: 30, trustRoots: [] }));
  expect(['verifyImageSignatures', '"roots"', 'subjectExpression', 'additionalExtensions', '"glob"', '"Audit"', '"Ignore"', 'false,"required"'].filter((part) => text.includes(part))).toEqual([]);
});
