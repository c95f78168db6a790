import { TrustRootFile } from '../../../lib/engines/engine';
import { kyvernoEngine } from '../../../lib/engines/kyverno';
import { AttestationRequirement, Attestor, ImageDenyList, ImagePolicy, PolicyDocument, Requirement, SlsaProvenanceChecks } from '../../../lib/policy/document';
import { TUF_TRUST_ROOT } from '../../../lib/policy/tuf-trust-root';
import { cannotExpress, ENGINES } from '../../../lib/refusals';
import { Capability } from '../../../lib/refusals/capabilities';
import { AUTHORITY, DIGEST, exemption, key, keyless, OTHER_PUBLIC_KEY, smallPolicy } from '../../policy/documents';

const saying = (spec: Partial<ImagePolicy['spec']>): ImagePolicy => ({ ...smallPolicy, spec: { ...smallPolicy.spec, ...spec } });
const by = (attestor: Attestor): ImagePolicy => saying({ attestors: { release: attestor } });
const requiring = (changes: Partial<Requirement>, attestor: Attestor = keyless): ImagePolicy => (
  saying({ attestors: { release: attestor }, requirements: [{ type: 'signature', name: 'signature', attestors: ['release'], ...changes } as Requirement] })
);
const attesting = (changes: Partial<AttestationRequirement>, attestor: Attestor = keyless): ImagePolicy => (
  requiring({ type: 'attestation', predicateType: 'https://acme.test/x/v1', ...changes }, attestor)
);
const SLSA = 'https://slsa.dev/provenance/v1';
const provenance: SlsaProvenanceChecks = { type: 'slsa-provenance', source: 'https://git.acme.test/app', builderIds: ['https://acme.test/b'], buildTypes: ['https://acme.test/t'] };
const two = (first: Attestor, second: Attestor): ImagePolicy => saying({ attestors: { first, second }, requirements: [{ type: 'signature', name: 'signature', attestors: ['first', 'second'], threshold: 2 }] });
const workflow = { ...keyless, subject: { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: ['refs/heads/main'] } };
const P384 = '-----BEGIN PUBLIC KEY-----\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE\n-----END PUBLIC KEY-----\n';
const denyList: ImageDenyList = { apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'leaked' }, spec: { reason: 'r', owner: 'o', digests: [DIGEST] } };

/** What Kyverno cannot express, where it is said, and the twin that it can. */
const LIMITS: ReadonlyArray<readonly [what: string, path: string, refused: PolicyDocument, rendered: PolicyDocument]> = [
  ['an exemption', '', exemption, smallPolicy],
  ['a deny list', '', denyList, smallPolicy],
  ['an audit window', 'spec.action', saying({ action: { type: 'Audit', reason: 'r', owner: 'o', until: '2030-01-01' } }), saying({ action: { type: 'Deny' } })],
  ['tags that are refused', 'spec.tags', saying({ tags: 'deny' }), saying({ tags: 'pin' })],
  ['one build for all', 'spec.sameBuild', saying({ sameBuild: 'commit' }), smallPolicy],
  ['kube-system by name', 'spec.namespaces', saying({ namespaces: { names: ['kube-system'] } }), saying({ namespaces: { names: ['shop'] } })],
  ['kube-public by name', 'spec.namespaces', saying({ namespaces: { names: ['shop', 'kube-public'] } }), saying({ namespaces: { names: ['shop', 'public'] } })],
  ['kube-node-lease by name', 'spec.namespaces', saying({ namespaces: { names: ['kube-node-lease'] } }), saying({ namespaces: { names: ['node-lease'] } })],
  ['kube-system with all others', 'spec.namespaces', saying({ namespaces: { except: [] } }), saying({ namespaces: { except: ['kube-system', 'shop'] } })],
  ['claims of the certificate', 'spec.attestors.release.certificate', by({ ...keyless, certificate: { buildTrigger: 'push' } }), by(keyless)],
  ['GitHub\'s own trust root', 'spec.attestors.release.trustRoot', by({ ...keyless, trustRoot: 'github' }), by(keyless)],
  ['a timestamp', 'spec.attestors.release.transparency.timestamp', by({ ...keyless, transparency: { timestamp: 'required' } }), by({ ...keyless, transparency: { timestamp: 'notRequired' } })],
  ['a certificate that was not logged', 'spec.attestors.release.transparency.sct', by({ ...keyless, transparency: { sct: 'notRequired', reason: 'r' } }), by({ ...keyless, transparency: { sct: 'required' } })],
  ['another key than P-256 and RSA', 'spec.attestors.release.publicKey', by({ ...key, publicKey: P384 }), by(key)],
  ['keys that follow each other', 'spec.attestors.release', by({ type: 'key', keys: [{ publicKey: key.publicKey }] }), by(key)],
  ['keys with periods', 'spec.attestors.release.keys[0].validFor', by({ type: 'key', keys: [{ publicKey: key.publicKey, validFor: { from: '2026-01-01' } }] }), by(key)],
  ['an authority of one\'s own', 'spec.attestors.release', by({ type: 'certificate', authority: AUTHORITY, subject: 'ci@acme.test' }), by(key)],
  ['annotations of a signature', 'spec.requirements[0].annotations', requiring({ annotations: { a: 'b' } }), requiring({})],
  ['every image of an index', 'spec.requirements[0].multiPlatform', requiring({ multiPlatform: 'child' }), requiring({ multiPlatform: 'index' })],
  ['either an index or its images', 'spec.requirements[0].multiPlatform', attesting({ multiPlatform: 'either' }), attesting({ multiPlatform: 'index' })],
  ['the repository that something was signed for', 'spec.requirements[0].repository', requiring({ repository: 'required' }), requiring({ repository: 'notRequired' })],
  ['conditions', 'spec.requirements[0].conditions[0]', attesting({ conditions: [{ expression: 'true' }] }), attesting({})],
  ['a verification summary', 'spec.requirements[0]', attesting({ predicateType: 'https://slsa.dev/verification_summary/v1', checks: { type: 'verification-summary', verifierId: 'https://acme.test', resourceUris: ['a'], levels: ['SLSA_BUILD_LEVEL_2'], maxAge: '1d' } }), attesting({ predicateType: 'https://slsa.dev/verification_summary/v1' })],
  ['a scan', 'spec.requirements[0]', attesting({ predicateType: 'https://cosign.sigstore.dev/attestation/vuln/v1', checks: { type: 'vulnerability-scan', maxSeverity: 'low', maxAge: '1d' } }), attesting({ predicateType: 'https://cosign.sigstore.dev/attestation/vuln/v1' })],
  ['provenance with a certificate', 'spec.requirements[0]', attesting({ predicateType: SLSA, checks: provenance }), attesting({ predicateType: SLSA, checks: provenance }, key)],
  ['provenance of version 0.2', 'spec.requirements[0]', attesting({ predicateType: SLSA, checks: { ...provenance, type: 'slsa-provenance-v0.2' } }, key), attesting({ predicateType: SLSA, checks: provenance }, key)],
  ['provenance of a workflow of GitHub', 'spec.requirements[0].checks.buildTypes', attesting({ predicateType: SLSA, checks: { ...provenance, buildTypes: ['https://actions.github.io/buildtypes/workflow/v1'] } }, key), attesting({ predicateType: SLSA, checks: provenance }, key)],
  ['two attestors that one signer could be', 'spec.requirements[0]', two(keyless, workflow), two(keyless, { ...keyless, subject: 'https://acme.test/other' })],
  ['one key as two attestors', 'spec.requirements[0]', two(key, { ...key }), two(key, { ...key, publicKey: OTHER_PUBLIC_KEY })],
];

test.each(LIMITS)('%s is refused by name', (_, path, refused, rendered) => {
  const found = cannotExpress('kyverno', refused);
  expect(found.map((one) => one.path)).toContain(path);
  expect(found.every(({ message, engines }) => message.includes('cannot be expressed by KyvernoEngine: ') && engines.includes('webhook'))).toBe(true);
  expect(cannotExpress('kyverno', rendered)).toEqual([]);
});

test('every reason of the table is one that a document above meets', () => {
  const reasons = Object.values(ENGINES.kyverno.capabilities).flatMap((fields) => Object.values(fields as { [field: string]: Capability })).flatMap((capability) => ('reason' in capability ? [capability.reason] : []));
  const met = LIMITS.flatMap(([, , refused]) => cannotExpress('kyverno', refused).map(({ message }) => message));
  expect([...new Set(reasons)].filter((reason) => !met.some((message) => message.endsWith(reason)))).toEqual([]);
});

describe('as it was installed', () => {
  const engine = kyvernoEngine({ name: 'proofgate', version: '1.19.1', namespace: 'kyverno', timeoutSeconds: 30 });
  const tuf = (name: string, target: string): TrustRootFile => ({ name, json: JSON.stringify({ mediaType: TUF_TRUST_ROOT, mirror: 'https://tuf.acme.test', target, root: {} }) });
  const paths = (document: PolicyDocument): string[] | undefined => engine.cannot?.(document, [tuf('corp', 'trusted_root.json'), tuf('elsewhere', 'other.json'), { name: 'pinned', json: '{}' }]).map(({ path }) => path);

  test('it is not asked about its own namespace', () => {
    expect([paths(saying({ namespaces: { names: ['kyverno'] } })), paths(saying({ namespaces: { names: ['shop'] } }))]).toEqual([['spec.namespaces'], []]);
  });

  test('it takes trust roots from mirrors only, and there one target', () => {
    const of = (trustRoot: string): string[] | undefined => paths(by({ ...keyless, trustRoot }));
    expect([of('pinned'), of('elsewhere'), of('unknown'), of('corp')]).toEqual([['spec.attestors.release'], ['spec.attestors.release'], ['spec.attestors.release'], []]);
  });

  test('a key without log needs no trust root', () => {
    const transparency = { log: 'notRequired', untimed: { reason: 'r', owner: 'o' } } as const;
    expect([paths(by({ ...key, trustRoot: 'other' })), paths(by({ ...key, trustRoot: 'other', transparency }))]).toEqual([['spec.attestors.release'], []]);
  });
});
