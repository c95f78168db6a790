import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Chart } from 'cdk8s';
import {
  AllowedVulnerabilities, AttestationRequirement, AuditWindow, CertificateAttestor, Demand, DenyList, Exemption, KeyAttestor, KeylessAttestor,
  KyvernoEngine, NamespaceSelection, NativeEngine, PolicyControllerEngine, PolicyEngine,
  RegistryIdentity, SbomFormat, SbomRequirement, SignedImagePolicy, SlsaProvenanceRequirement, TrustRoot, VerificationSummaryRequirement, VerifierTls,
  VulnerabilityScanRequirement, WebhookVerifier,
} from '../../lib';
import { AUTHORITY } from '../policy/documents';
import { createApp, createAttestor, messageOf, NEXT_MONTH } from './tree';

/** Nothing of this library. */
class Copied {}

type Loose = { readonly [name: string]: unknown };

/** How a program that no compiler has checked makes something of a struct, and the least that the struct has to say. */
interface Struct {
  /** Construct that the refusal names. */
  readonly path: string;
  /** Where the struct stands in the properties that are passed; empty for the whole. */
  readonly at: string;
  readonly make: (chart: Chart, props: never) => unknown;
  readonly sound: (chart: Chart) => Loose;
}

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const keyFile = join(mkdtempSync(join(tmpdir(), 'proofgate-')), 'cosign.pub');
writeFileSync(keyFile, publicKey);
const authorityFile = join(mkdtempSync(join(tmpdir(), 'proofgate-')), 'chain.pem');
writeFileSync(authorityFile, AUTHORITY);

const KEY_FINGERPRINT = `sha256:${'a1'.repeat(32)}`;

const IDENTITY: Loose = { issuer: 'https://issuer.example', subject: 'builder@acme.example' };
const REASONS: Loose = { reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH };
const attestors = (chart: Chart): Loose => ({ attestors: [createAttestor(chart, 'other')] });

const attestor = (make: (chart: Chart, id: string, props: never) => unknown, sound: Loose): Struct => ({
  path: 'enforcement/made', at: '', make: (chart, props) => make(chart, 'made', props), sound: () => sound,
});
const verifier = (at: string, wrap: (part: Loose) => Loose, sound: Loose): Struct => ({
  path: 'enforcement/made', at, make: (chart, part) => new WebhookVerifier(chart, 'made', wrap(part)), sound: () => sound,
});
const identity = (make: (props: never) => unknown, sound: Loose): Struct => ({ path: 'RegistryIdentity', at: '', make: (_, props) => make(props), sound: () => sound });
const keyless = (at: string, wrap: (part: Loose) => Loose): Struct => ({
  path: 'enforcement/made', at, make: (chart, part) => new KeylessAttestor(chart, 'made', { ...IDENTITY, ...wrap(part) } as never), sound: () => ({}),
});

/** Every struct that the package exports. */
const STRUCTS: { readonly [name: string]: Struct } = {
  Acknowledgement: { path: 'enforcement/made', at: 'transparency.untimed', sound: () => ({ reason: 'air-gapped', owner: 'platform' }),
    make: (chart, untimed) => new KeyAttestor(chart, 'made', { publicKey, transparency: { log: Demand.NOT_REQUIRED, untimed } }) },
  AttestationRequirementProps: { path: 'enforcement/made', at: '', make: (chart, props) => new AttestationRequirement(chart, 'made', props),
    sound: (chart) => ({ ...attestors(chart), predicateType: 'https://acme.example/review/v1' }) },
  AuditWindowProps: { path: 'enforcement/made', at: 'audit', sound: () => REASONS,
    make: (chart, props) => new SignedImagePolicy(chart, 'made', { images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart, 'other')], audit: new AuditWindow(props) }) },
  AwsKeysProps: identity((props) => RegistryIdentity.awsKeys(props), { region: 'eu-west-1', secret: 'ecr' }),
  AwsRoleProps: identity((props) => RegistryIdentity.awsRole(props), { region: 'eu-west-1', roleArn: 'arn:aws:iam::1234:role/reader' }),
  AzureApplicationProps: identity((props) => RegistryIdentity.azure(props), { tenantId: 'tenant', clientId: 'client' }),
  CertificateAttestorProps: attestor((...args) => new CertificateAttestor(...args), { authority: AUTHORITY, subject: 'ci@acme.test' }),
  CertificateFileProps: attestor((...args) => CertificateAttestor.fromFile(...args), { file: authorityFile, subject: 'ci@acme.test' }),
  CertManagerIssuer: { path: 'VerifierTls', at: '', make: (_, props) => VerifierTls.certManager(props), sound: () => ({ name: 'internal-ca' }) },
  CertificateClaims: keyless('claims', (claims) => ({ claims })),
  DeniedSigner: { path: 'enforcement/made', at: 'signers[0]', make: (chart, signer) => new DenyList(chart, 'made', { reason: 'r', owner: 'o', signers: [signer] }), sound: () => ({ subject: 'eve@acme.test' }) },
  DenyListProps: { path: 'enforcement/made', at: '', make: (chart, props) => new DenyList(chart, 'made', props), sound: () => ({ reason: 'leaked', owner: 'security', keys: [KEY_FINGERPRINT] }) },
  EmailProps: attestor((...args) => KeylessAttestor.email(...args), { email: 'ada@acme.example', issuer: 'https://accounts.google.com' }),
  ExemptionProps: attestor((...args) => new Exemption(...args), { ...REASONS, image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`] }),
  GitHubReusableWorkflowProps: attestor((...args) => KeylessAttestor.githubReusableWorkflow(...args), {
    workflowRepository: 'acme/build', workflow: '.github/workflows/container.yml', ref: 'refs/tags/v1', callerRepository: 'acme/payments',
  }),
  GitHubWorkflowProps: attestor((...args) => KeylessAttestor.githubWorkflow(...args), { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' }),
  GitLabPipelineProps: attestor((...args) => KeylessAttestor.gitlabPipeline(...args), { project: 'acme/payments', ref: 'refs/heads/main' }),
  GoogleFederationProps: identity((props) => RegistryIdentity.googleFederation(props), {
    provider: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/cluster',
  }),
  GoogleServiceAccountProps: attestor((...args) => KeylessAttestor.googleServiceAccount(...args), { email: 'builder@acme.iam.gserviceaccount.com' }),
  KyvernoEngineProps: { path: 'enforcement/made', at: '', make: (chart, props) => new KyvernoEngine(chart, 'made', props), sound: () => ({ version: '1.19.1' }) },
  PolicyControllerEngineProps: { path: 'enforcement/made', at: '', make: (chart, props) => new PolicyControllerEngine(chart, 'made', props), sound: () => ({ version: '0.15.1' }) },
  NativeEngineProps: { path: 'enforcement/made', at: '', make: (chart, props) => new NativeEngine(chart, 'made', props), sound: () => ({}) },
  KeyAttestorProps: attestor((...args) => new KeyAttestor(...args), { publicKey }),
  KeyFileProps: attestor((...args) => KeyAttestor.fromFile(...args), { file: keyFile }),
  KeylessAttestorProps: attestor((...args) => new KeylessAttestor(...args), IDENTITY),
  IgnoredVulnerability: { path: 'enforcement/made', at: 'ignored[0]', sound: () => ({ id: 'CVE-2026-1', reason: 'not called', owner: 'payments', until: REASONS.until }),
    make: (chart, ignored) => new VulnerabilityScanRequirement(chart, 'made', { ...attestors(chart), maxSeverity: AllowedVulnerabilities.LOW, maxAge: '7d', ignored: [ignored] } as never) },
  PinnedTrustRootProps: attestor((...args) => TrustRoot.pinned(...args), { json: '{"certificateAuthorities":[{}]}' }),
  PredicateCondition: { path: 'enforcement/made', at: 'conditions[0]', sound: () => ({ expression: 'predicate.approved == true' }),
    make: (chart, condition) => new AttestationRequirement(chart, 'made', { ...attestors(chart), predicateType: 'https://acme.example/review/v1', conditions: [condition] } as never) },
  SbomRequirementProps: { path: 'enforcement/made', at: '', make: (chart, props) => new SbomRequirement(chart, 'made', props),
    sound: (chart) => ({ ...attestors(chart), format: SbomFormat.SPDX }) },
  VerificationSummaryRequirementProps: { path: 'enforcement/made', at: '', make: (chart, props) => new VerificationSummaryRequirement(chart, 'made', props),
    sound: (chart) => ({ ...attestors(chart), verifierId: 'https://verifier.acme.example', resourceUris: ['oci://x'], levels: ['SLSA_BUILD_LEVEL_2'], maxAge: '30d' }) },
  VulnerabilityScanRequirementProps: { path: 'enforcement/made', at: '', make: (chart, props) => new VulnerabilityScanRequirement(chart, 'made', props),
    sound: (chart) => ({ ...attestors(chart), maxSeverity: AllowedVulnerabilities.LOW, maxAge: '7d' }) },
  RotatedKey: { path: 'enforcement/made', at: 'keys[0]', make: (chart, key) => new KeyAttestor(chart, 'made', { keys: [key] }), sound: () => ({ publicKey }) },
  SignedImagePolicyProps: { path: 'enforcement/made', at: '', make: (chart, props) => new SignedImagePolicy(chart, 'made', props),
    sound: (chart) => ({ ...attestors(chart), images: ['ghcr.io/acme/**'] }) },
  SlsaProvenanceRequirementProps: { path: 'enforcement/made', at: '', make: (chart, props) => new SlsaProvenanceRequirement(chart, 'made', props),
    sound: (chart) => ({ ...attestors(chart), source: 'https://github.com/acme/payments' }) },
  Transparency: keyless('transparency', (transparency) => ({ transparency })),
  TufTrustRootProps: attestor((...args) => TrustRoot.tuf(...args), {
    mirror: 'https://tuf.acme.example',
    json: JSON.stringify({ signatures: [], signed: { _type: 'root', roles: { root: {}, timestamp: {}, snapshot: {}, targets: {} } } }),
  }),
  VerifierProxy: verifier('proxy', (proxy) => ({ proxy }), { url: 'http://proxy.acme.example:3128' }),
  VerifierRegistry: verifier('registries[0]', (registry) => ({ registries: [registry] }), { host: 'ghcr.io', credentialsSecret: 'ghcr-read' }),
  VerifierResources: verifier('resources', (resources) => ({ resources }), {}),
  WebhookVerifierProps: verifier('', (props) => props, {}),
};

/** What others extend; nothing takes them alone. */
const PARTS = ['CertificateOptions', 'KeyOptions', 'KeylessOptions'];

function made({ make, sound }: Struct, change: (props: Loose) => unknown = (props) => props): unknown {
  const chart = new Chart(createApp(), 'enforcement');
  return make(chart, change(sound(chart)) as never);
}

function escaped(text: string): string {
  return text.replace(/[[\]./]/g, '\\$&');
}

const ROWS = Object.entries(STRUCTS);

test('every struct that the package exports is in the table', () => {
  const exported = [...readFileSync('lib/index.ts', 'utf8').matchAll(/^export type \{(.*)\}/gm)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()));
  expect([...ROWS.map(([name]) => name), ...PARTS].sort()).toEqual(exported.sort());
});

test.each(ROWS)('%s: what is sound is taken', (_, struct) => {
  expect(() => made(struct)).not.toThrow();
});

test.each(ROWS)('%s: a property that nothing reads is refused', (_, struct) => {
  const place = struct.at === '' ? '' : `${struct.at}.`;
  expect(messageOf(() => made(struct, (props) => ({ ...props, unknwon: 1 }))))
    .toMatch(`[INVALID_INPUT] ${struct.path}: ${place}unknwon is not known here, so it would have no effect: remove it or correct its name; known are `);
});

test.each(ROWS)('%s: a property that is known and undefined is left out', (_, struct) => {
  const message = messageOf(() => made(struct, (props) => ({ ...props, unknwon: 1 })));
  const known = /known are ([A-Za-z, ]+)/.exec(message)?.[1]?.split(', ') ?? [];
  expect(known.length).toBeGreaterThan(0);
  expect(() => made(struct, (props) => ({ ...Object.fromEntries(known.map((name) => [name, undefined])), ...props }))).not.toThrow();
});

test.each(ROWS)('%s: a class is refused as every property, by its name alone', (_, struct) => {
  const known = /known are ([A-Za-z, ]+)/.exec(messageOf(() => made(struct, (props) => ({ ...props, unknwon: 1 }))))?.[1]?.split(', ') ?? [];
  for (const name of known) {
    const text = messageOf(() => made(struct, (props) => ({ ...props, [name]: Copied })));
    expect(text).toMatch(/^\[INVALID_INPUT\] /);
    expect(text).not.toContain('{}');
  }
});

const REQUIRED = ROWS.flatMap(([name, struct]) => Object.keys(struct.sound(new Chart(createApp(), 'enforcement'))).map((property) => ({ name, struct, property })))
  .filter(({ name, property }) => !['json', 'credentialsSecret'].includes(property) && !(name === 'GitHubWorkflowProps' && property === 'ref') && name !== 'RotatedKey' && property !== 'keys');

test.each(REQUIRED)('$name: without $property it is refused', ({ struct, property }) => {
  const place = struct.at === '' ? '' : `${struct.at}.`;
  const line = expect.stringMatching(new RegExp(`^\\[INVALID_INPUT\\] ${escaped(`${struct.path}: ${place}${property}`)} is missing: add it(?:, for example .+)?\\.$`)) as unknown;
  expect(messageOf(() => made(struct, (props) => ({ ...props, [property]: undefined }))).split('\n')).toContainEqual(line);
  expect(messageOf(() => made(struct, (props) => Object.fromEntries(Object.entries(props).filter(([name]) => name !== property)))).split('\n')).toContainEqual(line);
});

test.each(ROWS.filter(([, { at }]) => at === ''))('%s: something other than an object is refused', (_, struct) => {
  for (const wrong of [null, 'text', 7, []]) {
    expect(messageOf(() => made(struct, () => wrong))).toMatch(new RegExp(`^\\[INVALID_INPUT\\] ${struct.path}: its properties are .*\\. Pass an object`));
  }
});

test.each(ROWS.filter(([name, { at }]) => at === '' && !['NativeEngineProps', 'WebhookVerifierProps'].includes(name)))('%s: nothing at all is refused', (_, struct) => {
  expect(messageOf(() => made(struct, () => undefined))).toMatch(new RegExp(`^\\[INVALID_INPUT\\] ${struct.path}: its properties are missing\\. Pass an object`));
});

describe('of a value that is something else, the message says what to pass', () => {
  const release = createAttestor;
  test.each<[string, string, string, (chart: Chart) => unknown]>([
    ['GitHubWorkflowProps', 'trigger', 'trigger is "pussh", which is no event of GitHub: did you mean push?', () => 'pussh'],
    ['GitHubReusableWorkflowProps', 'trigger', 'trigger is "pull", which is no event of GitHub: did you mean pull_request?', () => 'pull'],
    ['SignedImagePolicyProps', 'images', 'images[0] "ghcr.io/acme" matches nothing: every repository on ghcr.io has at least two path segments; write ghcr.io/acme/** for', () => ['ghcr.io/acme']],
    ['GitHubWorkflowProps', 'repo', 'did you mean repository? Known are ', () => 'acme/payments'],
    ['GitHubWorkflowProps', 'repository', 'repository is missing: add it, for example "acme/payments"', () => undefined],
    ['ExemptionProps', 'owner', 'owner is empty: write what it stands for, for example "platform@acme.example"', () => ' '],
    ['SignedImagePolicyProps', 'images', 'images is empty, which says nothing: name at least one, for example ["ghcr.io/acme/payments/**"]', () => []],
    ['SignedImagePolicyProps', 'requirement', 'did you mean requirements? Known are images, ', () => []],
    ['SignedImagePolicyProps', 'threshhold', 'did you mean threshold? Known are images, ', () => 2],
    ['SignedImagePolicyProps', 'namespace', 'did you mean namespaces? Known are images, ', () => NamespaceSelection.names('a')],
    ['SignedImagePolicyProps', 'attestors', 'attestors is an object: write a list', (chart) => release(chart)],
    ['SignedImagePolicyProps', 'attestors', 'attestors[0] is undefined: remove it', () => [undefined]],
    ['SignedImagePolicyProps', 'attestors', 'attestors[0] is undefined: remove it', () => Object.assign([], { length: 1 })],
    ['SignedImagePolicyProps', 'requirements', 'requirements is "x": write a list', () => 'x'],
    ['SignedImagePolicyProps', 'requirements', 'requirements[0] is no Requirement of this library: pass an SlsaProvenanceRequirement, an SbomRequirement or', () => [null]],
    ['SignedImagePolicyProps', 'engine', 'engine is no PolicyEngine of this library', () => null],
    ['SignedImagePolicyProps', 'engine', 'engine is the class KyvernoEngine: write new KyvernoEngine(…).', () => KyvernoEngine],
    ['ExemptionProps', 'engine', 'engine is the class NativeEngine: write new NativeEngine(…).', () => NativeEngine],
    ['DenyListProps', 'engine', 'engine is the class WebhookVerifier: write new WebhookVerifier(…).', () => WebhookVerifier],
    ['SignedImagePolicyProps', 'engine', 'engine is the class PolicyEngine: pass a WebhookVerifier or another engine.', () => PolicyEngine],
    ['SignedImagePolicyProps', 'engine', 'engine is no PolicyEngine of this library: pass a WebhookVerifier or another engine.', () => Chart],
    ['SignedImagePolicyProps', 'attestors', 'attestors[0] is the class KeylessAttestor: write new KeylessAttestor(…).', () => [KeylessAttestor]],
    ['SbomRequirementProps', 'attestors', 'attestors[0] is the class KeyAttestor: write new KeyAttestor(…).', () => [KeyAttestor]],
    ['SignedImagePolicyProps', 'requirements', 'requirements[0] is the class SbomRequirement: write new SbomRequirement(…).', () => [SbomRequirement]],
    ['SignedImagePolicyProps', 'audit', 'audit is the class AuditWindow: write new AuditWindow({', () => AuditWindow],
    ['SignedImagePolicyProps', 'namespaces', "namespaces is the class NamespaceSelection: write NamespaceSelection.names('payments').", () => NamespaceSelection],
    ['GitHubWorkflowProps', 'trustRoot', 'trustRoot is the class TrustRoot: pass TrustRoot.publicGood(), ', () => TrustRoot],
    ['WebhookVerifierProps', 'tls', 'tls is the class VerifierTls: write VerifierTls.selfManaged()', () => VerifierTls],
    ['WebhookVerifierProps', 'replicas', 'replicas is the class Copied: write a whole number from 2.', () => Copied],
    ['SignedImagePolicyProps', 'multiPlatform', 'multiPlatform is "children": write MultiPlatform.INDEX or MultiPlatform.CHILD or MultiPlatform.EITHER', () => 'children'],
    ['SignedImagePolicyProps', 'repository', 'repository is true: write Demand.REQUIRED or Demand.NOT_REQUIRED', () => true],
    ['SlsaProvenanceRequirementProps', 'multiPlatform', 'multiPlatform is null: write MultiPlatform.INDEX', () => null],
    ['AttestationRequirementProps', 'repository', 'repository is "ghcr.io/acme/app": write Demand.REQUIRED', () => 'ghcr.io/acme/app'],
    ['SignedImagePolicyProps', 'namespaces', "namespaces is no NamespaceSelection of this library: write NamespaceSelection.names('a', 'b').", () => ['a', 'b']],
    ['SignedImagePolicyProps', 'namespaces', "namespaces is no NamespaceSelection of this library: write NamespaceSelection.names('shop').", () => 'shop'],
    ['SignedImagePolicyProps', 'namespaces', "namespaces is no NamespaceSelection of this library: write NamespaceSelection.names('shop').", () => ({ names: ['shop'] })],
    ['SignedImagePolicyProps', 'namespaces', "namespaces is no NamespaceSelection of this library: write NamespaceSelection.names('payments').", () => ({ labels: { team: 'shop' } })],
    ['SignedImagePolicyProps', 'namespaces', "write NamespaceSelection.names('payments'), made by the same copy of the package.", () => new Copied()],
    ['SignedImagePolicyProps', 'verifier', 'verifier is not known here, so it would have no effect: did you mean engine? Known are images, ', (chart) => new WebhookVerifier(chart, 'verifier')],
    ['ExemptionProps', 'verifier', 'did you mean engine? Known are image, ', (chart) => new WebhookVerifier(chart, 'verifier')],
    ['DenyListProps', 'verifier', 'did you mean engine? Known are ', (chart) => new WebhookVerifier(chart, 'verifier')],
    ['SignedImagePolicyProps', 'namespaces', 'namespaces.labels is "team=shop": write an object', () => NamespaceSelection.labels('team=shop' as never)],
    ['SlsaProvenanceRequirementProps', 'attestors', 'attestors is an object: write a list', (chart) => release(chart)],
    ['SlsaProvenanceRequirementProps', 'level', 'level is 4: write 1 or 2 or 3.', () => 4],
    ['SlsaProvenanceRequirementProps', 'level', 'level is the text "3": write 1 or 2 or 3, without quotes.', () => '3'],
    ['SignedImagePolicyProps', 'threshold', 'threshold is the text "1": write a whole number from 1, without quotes.', () => '1'],
    ['SignedImagePolicyProps', 'threshold', 'threshold is 1.5: write a whole number from 1.', () => 1.5],
    ['GitHubWorkflowProps', 'ref', 'ref "main" is not a ref pattern', () => 'main'],
    ['GitHubWorkflowProps', 'repositoryId', 'repositoryId is 12345: write a text, in quotes, for example "501773211".', () => 12345],
    ['GitHubWorkflowProps', 'trustRoot', 'trustRoot is no TrustRoot of this library: pass TrustRoot.publicGood(), TrustRoot.github(), or', () => 'github'],
    ['GitHubReusableWorkflowProps', 'callerOwnerId', 'callerOwnerId is "acme", which is not a numeric id', () => 'acme'],
    ['GitHubReusableWorkflowProps', 'callerRef', 'callerRef "main" is not a ref pattern', () => 'main'],
    ['GitLabPipelineProps', 'server', 'server is "https://gitlab.acme.example/", which is not the address of a GitLab server', () => 'https://gitlab.acme.example/'],
    ['GitLabPipelineProps', 'configuration', 'configuration is "/ci.yml@main", which is not the path', () => '/ci.yml@main'],
    ['GitLabPipelineProps', 'projectId', 'projectId is 42: write a text', () => 42],
    ['EmailProps', 'email', 'email is "ada", which is not an e-mail address', () => 'ada'],
    ['EmailProps', 'email', 'email is "https://acme.example/ada@acme.example", which is not', () => 'https://acme.example/ada@acme.example'],
    ['GoogleServiceAccountProps', 'email', 'email is "ada@gmail.com", which is not the address of a service account', () => 'ada@gmail.com'],
    ['GoogleServiceAccountProps', 'email', 'email is "b@acme.iam.gserviceaccount.com.evil.example", which is not', () => 'b@acme.iam.gserviceaccount.com.evil.example'],
    ['KeylessAttestorProps', 'subject', 'subject is "ada", which no certificate names', () => 'ada'],
    ['KeylessAttestorProps', 'subjectRefs', 'subjectRefs[0] "main" is not a ref pattern', () => ['main']],
    ['KeyAttestorProps', 'publicKey', 'publicKey is "keys/vendor.pub", which looks like the path of a file: use KeyAttestor.fromFile', () => 'keys/vendor.pub'],
    ['Transparency', 'log', 'transparency.log is false: write Demand.REQUIRED or Demand.NOT_REQUIRED', () => false],
    ['CertificateClaims', 'sourceRepositoryId', 'claims.sourceRepositoryId is 1: write a text', () => 1],
    ['AttestationRequirementProps', 'predicateType', 'predicateType is that of a SLSA provenance, .* use an SlsaProvenanceRequirement', () => 'https://slsa.dev/provenance/v1'],
    ['AttestationRequirementProps', 'predicateType', 'predicateType is that of a SLSA provenance, .* use an SlsaProvenanceRequirement', () => 'https://slsa.dev/provenance/v0.2'],
    ['AttestationRequirementProps', 'predicateType', 'predicateType is that of a bill of materials, .* use an SbomRequirement', () => 'https://cyclonedx.org/bom'],
    ['AttestationRequirementProps', 'predicateType', 'predicateType is that of a verification summary, .* use a VerificationSummaryRequirement', () => 'https://slsa.dev/verification_summary/v1'],
    ['AttestationRequirementProps', 'predicateType', 'predicateType is that of a vulnerability scan, .* use a VulnerabilityScanRequirement', () => 'https://in-toto.io/attestation/vulns/v0.2'],
    ['SlsaProvenanceRequirementProps', 'version', 'version is "v0.1": write SlsaProvenanceVersion.V1 or SlsaProvenanceVersion.V0_2', () => 'v0.1'],
    ['AttestationRequirementProps', 'conditions', 'conditions[0].expression is "predicate.x ==", which has a mistake at character 15', () => [{ expression: 'predicate.x ==' }]],
    ['SbomRequirementProps', 'format', 'format is "spdx-3.0": write SbomFormat.SPDX or', () => 'spdx-3.0'],
    ['VulnerabilityScanRequirementProps', 'maxSeverity', 'maxSeverity is "critical": write AllowedVulnerabilities.NONE or', () => 'critical'],
    ['VulnerabilityScanRequirementProps', 'maxAge', 'maxAge "a week" is no age: .* such as 7d', () => 'a week'],
    ['VulnerabilityScanRequirementProps', 'ignored', 'ignored[0].id is "CVE-*", where "*" looks like a pattern', () => [{ id: 'CVE-*', reason: 'x', owner: 'x', until: '2030-01-01' }]],
    ['VerificationSummaryRequirementProps', 'levels', 'levels is empty', () => []],
    ['ExemptionProps', 'image', 'image is "docker.io/vendor/agent:v1", which names a tag or digest: remove it', () => 'docker.io/vendor/agent:v1'],
    ['ExemptionProps', 'image', 'image is "vendor/agent", which means "docker.io/vendor/agent": write that', () => 'vendor/agent'],
    ['SignedImagePolicyProps', 'images', 'images[0] is "nginx", which means "docker.io/library/nginx": write that', () => ['nginx']],
    ['CertManagerIssuer', 'name', 'name is "Internal CA", which Kubernetes would reject', () => 'Internal CA'],
    ['CertManagerIssuer', 'clusterWide', 'clusterWide is the text "false": write true or false, without quotes', () => 'false'],
  ])('%s.%s: %s', (name, property, expected, value) => {
    const struct = STRUCTS[name]!;
    const chart = new Chart(createApp(), 'enforcement');
    const text = messageOf(() => struct.make(chart, { ...struct.sound(chart), [property]: value(chart) } as never));
    expect(text.startsWith(`[INVALID_INPUT] ${struct.path}: `)).toBe(true);
    expect(text).toMatch(expected.includes('.*') ? new RegExp(expected) : expected);
  });
});

test.each([
  ['SignedImagePolicyProps', { images: ['nginx', 'ghcr.io/acme', 7], threshold: 0 }, ['images[0] is "nginx", which means', 'images[1] "ghcr.io/acme" matches nothing', 'images[2] is 7', 'threshold is 0']],
  ['SignedImagePolicyProps', { images: 'nginx', threshold: 0 }, ['images is "nginx": write a list', 'threshold is 0']],
  ['SignedImagePolicyProps', { images: ['undefined-app'] }, ['images[0] contains "undefined-"']],
  ['ExemptionProps', { image: 'nginx', digests: ['latest'] }, ['image is "nginx", which means', 'digests[0] ']],
  ['ExemptionProps', { image: 7, digests: ['latest'] }, ['image is 7', 'digests[0] ']],
])('%s: a name that stands for a longer one is told with everything else that is wrong: %j', (name, wrong, told) => {
  const lines = messageOf(() => made(STRUCTS[name]!, (props) => ({ ...props, ...wrong }))).split('\n').sort();
  expect(lines).toEqual([...told].sort().map((words) => expect.stringContaining(`enforcement/made: ${words}`) as unknown));
});

test('an error that nobody catches is printed with its message once, and nothing below it', () => {
  try {
    made(STRUCTS.SignedImagePolicyProps!, (props) => ({ ...props, images: [] }));
    throw new Error('nothing was refused');
  } catch (error) {
    expect(inspect(error)).toMatch(/^RefusedError: \[INVALID_INPUT\] enforcement\/made: images is empty[^\n]*(?:\n +at [^\n]*)+$/);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', path: 'enforcement/made' });
  }
});

test.each(['push', 'workflow_dispatch', 'an_event_of_tomorrow'])('%s is taken as the event that starts a workflow', (trigger) => {
  expect(() => made(STRUCTS.GitHubWorkflowProps!, (props) => ({ ...props, trigger }))).not.toThrow();
});

test.each(['SignedImagePolicyProps', 'ExemptionProps'])('%s: an id that cannot be a name is refused as one, unless there is a name', (name) => {
  const { sound } = STRUCTS[name]!;
  const type = name === 'ExemptionProps' ? Exemption : SignedImagePolicy;
  const other = new Chart(createApp(), 'enforcement');
  expect(messageOf(() => new type(other, 'ShopPolicy', sound(other) as never)))
    .toBe('[INVALID_INPUT] enforcement/ShopPolicy: its id "ShopPolicy" is its name as well, which is not a DNS label: up to 63 lower-case letters, digits and inner hyphens. Give it a `name`, for example payments, or another id.');
  const named = new Chart(createApp(), 'enforcement');
  expect(() => new type(named, 'ShopPolicy', { ...sound(named), name: 'shop' } as never)).not.toThrow();
});

test.each(['builder@acme-prod.iam.gserviceaccount.com', '123-compute@developer.gserviceaccount.com', 'acme@appspot.gserviceaccount.com'])('%s is a service account', (email) => {
  expect(() => made(STRUCTS.GoogleServiceAccountProps!, () => ({ email }))).not.toThrow();
});
