import { policyControllerEngine } from '../../../lib/engines/policy-controller';
import { AttestationRequirement, Attestor, ImageDenyList, ImagePolicy, PolicyDocument, Requirement, SlsaProvenanceChecks } from '../../../lib/policy/document';
import { cannotExpress, ENGINES } from '../../../lib/refusals';
import { Capability } from '../../../lib/refusals/capabilities';
import { AUTHORITY, DIGEST, exemption, key, keyless, smallPolicy } from '../../policy/documents';

const saying = (spec: Partial<ImagePolicy['spec']>): ImagePolicy => ({ ...smallPolicy, spec: { ...smallPolicy.spec, ...spec } });
const by = (attestor: Attestor): ImagePolicy => saying({ attestors: { release: attestor } });
const requiring = (changes: Partial<Requirement>): ImagePolicy => saying({ requirements: [{ type: 'signature', name: 'signature', attestors: ['release'], ...changes } as Requirement] });
const attesting = (changes: Partial<AttestationRequirement>): ImagePolicy => requiring({ type: 'attestation', predicateType: 'https://acme.test/x/v1', ...changes });
const SLSA = 'https://slsa.dev/provenance/v1';
const provenance: SlsaProvenanceChecks = { type: 'slsa-provenance', source: 'https://git.acme.test/app', builderIds: ['https://acme.test/b'], buildTypes: ['https://acme.test/t'] };
const two = (first: Attestor, second: Attestor, threshold = 2): ImagePolicy => saying({ attestors: { first, second }, requirements: [{ type: 'signature', name: 'signature', attestors: ['first', 'second'], threshold }] });
const workflow = { ...keyless, subject: { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: ['refs/heads/main'] } };
const denyList: ImageDenyList = { apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'leaked' }, spec: { reason: 'r', owner: 'o', digests: [DIGEST] } };

/** What policy-controller cannot express, where it is said, and the twin that it can. */
const LIMITS: ReadonlyArray<readonly [what: string, path: string, refused: PolicyDocument, rendered: PolicyDocument]> = [
  ['an exemption', '', exemption, smallPolicy],
  ['a deny list', '', denyList, smallPolicy],
  ['an audit window', 'spec.action', saying({ action: { type: 'Audit', reason: 'r', owner: 'o', until: '2030-01-01' } }), saying({ action: { type: 'Deny' } })],
  ['a literal address as the host', 'spec.images', saying({ images: ['[::1]:5000/acme/app'] }), saying({ images: ['reg.test:5000/acme/app'] })],
  ['tags that are refused', 'spec.tags', saying({ tags: 'deny' }), saying({ tags: 'pin' })],
  ['one build for all', 'spec.sameBuild', saying({ sameBuild: 'commit' }), smallPolicy],
  ['claims of the certificate', 'spec.attestors.release.certificate', by({ ...keyless, certificate: { buildTrigger: 'push' } }), by(keyless)],
  ['a workflow that no other one called', 'spec.attestors.release.topLevel', by({ ...workflow, topLevel: 'required' }), by(workflow)],
  ['a timestamp beside the log', 'spec.attestors.release.transparency.timestamp', by({ ...keyless, transparency: { timestamp: 'required' } }), by({ ...keyless, transparency: { log: 'notRequired', timestamp: 'required', reason: 'r' } })],
  ['a timestamp beside the log, of the second attestor', 'spec.attestors.second.transparency.timestamp', two(keyless, { ...keyless, subject: 'b', transparency: { timestamp: 'required' } }, 1), two(keyless, { ...keyless, subject: 'b' }, 1)],
  ['neither log nor timestamp', 'spec.attestors.release.transparency.untimed', by({ ...keyless, transparency: { log: 'notRequired', untimed: { reason: 'r', owner: 'o' } } }), by(keyless)],
  ['a key', 'spec.attestors.release', by(key), by(keyless)],
  ['keys that follow each other', 'spec.attestors.release', by({ type: 'key', keys: [{ publicKey: key.publicKey }] }), by(keyless)],
  ['an authority of one\'s own', 'spec.attestors.release', by({ type: 'certificate', authority: AUTHORITY, subject: 'ci@acme.test' }), by(keyless)],
  ['annotations of a signature', 'spec.requirements[0].annotations', requiring({ annotations: { a: 'b' } }), requiring({})],
  ['every image of an index', 'spec.requirements[0].multiPlatform', requiring({ multiPlatform: 'child' }), requiring({ multiPlatform: 'index' })],
  ['either an index or its images', 'spec.requirements[0].multiPlatform', attesting({ multiPlatform: 'either' }), attesting({ multiPlatform: 'index' })],
  ['the repository that something was signed for', 'spec.requirements[0].repository', requiring({ repository: 'required' }), requiring({ repository: 'notRequired' })],
  ['conditions', 'spec.requirements[0].conditions[0]', attesting({ conditions: [{ expression: 'true' }] }), attesting({})],
  ['a verification summary', 'spec.requirements[0]', attesting({ predicateType: 'https://slsa.dev/verification_summary/v1', checks: { type: 'verification-summary', verifierId: 'https://acme.test', resourceUris: ['a'], levels: ['SLSA_BUILD_LEVEL_2'], maxAge: '1d' } }), attesting({ predicateType: 'https://slsa.dev/verification_summary/v1' })],
  ['a scan', 'spec.requirements[0]', attesting({ predicateType: 'https://cosign.sigstore.dev/attestation/vuln/v1', checks: { type: 'vulnerability-scan', maxSeverity: 'low', maxAge: '1d' } }), attesting({ predicateType: 'https://cosign.sigstore.dev/attestation/vuln/v1' })],
  ['provenance', 'spec.requirements[0]', attesting({ predicateType: SLSA, checks: provenance }), attesting({ predicateType: SLSA })],
  ['two attestors that one signer could be', 'spec.requirements[0]', two(keyless, workflow), two(keyless, { ...keyless, subject: 'https://acme.test/other' })],
  ['one identity as two attestors', 'spec.requirements[0]', two(keyless, { ...keyless }), two(keyless, { ...keyless }, 1)],
];

test.each(LIMITS)('%s is refused by name', (_, path, refused, rendered) => {
  const found = cannotExpress('policy-controller', refused);
  expect(found.map((one) => one.path)).toContain(path);
  expect(found.every(({ message, engines }) => message.includes('cannot be expressed by PolicyControllerEngine: ') && engines.includes('webhook'))).toBe(true);
  expect(cannotExpress('policy-controller', rendered)).toEqual([]);
});

test('every reason of the table is one that a document above meets', () => {
  const reasons = Object.values(ENGINES['policy-controller'].capabilities).flatMap((fields) => Object.values(fields as { [field: string]: Capability })).flatMap((capability) => ('reason' in capability ? [capability.reason] : []));
  const met = LIMITS.flatMap(([, , refused]) => cannotExpress('policy-controller', refused).map(({ message }) => message));
  expect([...new Set(reasons)].filter((reason) => !met.some((message) => message.endsWith(reason)))).toEqual([]);
});

test('what it says it can express is rendered', () => {
  const engine = policyControllerEngine({ name: 'proofgate', version: '0.15.1', namespace: 'cosign-system', trustRoot: 'sigstore' });
  const policies = (document: PolicyDocument): number => engine.render({ documents: [document], trustRoots: [] }).filter(({ kind }) => kind === 'ClusterImagePolicy').length;
  expect(LIMITS.map(([what, , , rendered]) => [what, policies(rendered)])).toEqual(LIMITS.map(([what]) => [what, 1]));
});

describe('as it was installed', () => {
  const paths = (document: PolicyDocument, trustRoot = 'sigstore'): string[] | undefined => (
    policyControllerEngine({ name: 'proofgate', version: '0.15.1', namespace: 'cosign-system', trustRoot }).cannot?.(document, []).map(({ path }) => path)
  );

  test('no policy holds in its own namespace', () => {
    expect([paths(saying({ namespaces: { names: ['cosign-system'] } })), paths(saying({ namespaces: { names: ['shop'] } }))]).toEqual([['spec.namespaces'], []]);
  });

  test('it has the one trust root that it was started with', () => {
    const of = (name: string): ImagePolicy => by({ ...keyless, trustRoot: name });
    expect([paths(by(keyless)), paths(of('sigstore')), paths(of('corp')), paths(of('corp'), 'corp'), paths(by(keyless), 'corp')])
      .toEqual([[], [], ['spec.attestors.release'], [], ['spec.attestors.release']]);
  });
});
