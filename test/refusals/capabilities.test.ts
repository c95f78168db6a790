import { readFileSync } from 'node:fs';
import { ImageDenyList, ImagePolicy, KeylessAttestor, PolicyDocument, Requirement } from '../../lib/policy/document';
import { cannotExpress, EngineId, ENGINES } from '../../lib/refusals';
import { Capability } from '../../lib/refusals/capabilities';
import { documentFields } from '../../lib/refusals/capabilities/document-fields';
import { AUTHORITY, DIGEST, exemption, fullPolicy, PUBLIC_KEY, smallPolicy } from '../policy/documents';

type Schema = { readonly definitions: { readonly [name: string]: { readonly properties?: object } } };
const schema = JSON.parse(readFileSync('schema/policy.json', 'utf8')) as Schema;

/** Every field of every document, as the published schema has them. */
const FIELDS = Object.entries(schema.definitions).flatMap(([name, { properties }]) => Object.keys(properties ?? {}).map((field) => `${name}.${field}`));

const denyList: ImageDenyList = {
  apiVersion: 'proofgate.dev/v1',
  kind: 'ImageDenyList',
  metadata: { name: 'leaked' },
  spec: {
    reason: 'leaked', owner: 'security@acme.test', digests: [DIGEST], certificates: [DIGEST], keys: [DIGEST], namespaces: { names: ['shop'] },
    signers: [{ subject: 'eve@acme.test', issuer: 'https://accounts.acme.test', signed: { from: '2026-01-01', until: '2026-02-01' } }],
  },
};

/** What `fullPolicy` leaves out. */
const rest: ImagePolicy = {
  ...fullPolicy,
  spec: {
    images: fullPolicy.spec.images,
    namespaces: { except: ['kube-system'] },
    sameBuild: 'commit',
    action: { type: 'Deny' },
    attestors: {
      rotated: { type: 'key', trustRoot: 'sigstore', keys: [{ publicKey: PUBLIC_KEY, validFor: { from: '2026-01-01', until: '2027-01-01' } }], transparency: { log: 'required' } },
      vault: { type: 'key', publicKey: PUBLIC_KEY, transparency: { log: 'notRequired', reason: 'air-gapped', untimed: { reason: 'no clock there', owner: 'platform' } } },
      own: { type: 'certificate', authority: AUTHORITY, subject: 'ci@acme.test', trustRoot: 'sigstore', transparency: { log: 'required' } },
    },
    requirements: [
      { type: 'signature', name: 'signature', attestors: ['own'], threshold: 1, annotations: { env: 'prod' }, multiPlatform: 'child', repository: 'required' },
      {
        type: 'attestation', name: 'provenance', attestors: ['own'], threshold: 1, multiPlatform: 'either', repository: 'required', predicateType: 'https://slsa.dev/provenance/v1', conditions: [{ expression: 'true', message: 'no' }],
        checks: {
          type: 'slsa-provenance', source: 'https://acme.test/app', sourceRefs: ['refs/heads/main'], builderIds: ['https://acme.test'], buildTypes: ['https://acme.test'], level: 2,
          externalParameters: { a: 1 },
        },
      },
      {
        type: 'attestation', name: 'summary', attestors: ['own'], predicateType: 'https://slsa.dev/verification_summary/v1',
        checks: { type: 'verification-summary', verifierId: 'https://acme.test', resourceUris: ['a'], levels: ['SLSA_BUILD_LEVEL_2'], policyDigest: DIGEST, maxAge: '1d' },
      },
      { type: 'attestation', name: 'sbom', attestors: ['own'], predicateType: 'https://spdx.dev/Document/v2.3', checks: { type: 'sbom' } },
      {
        type: 'attestation', name: 'scan', attestors: ['own'], predicateType: 'https://cosign.sigstore.dev/attestation/vuln/v1',
        checks: {
          type: 'vulnerability-scan', maxSeverity: 'low', maxAge: '1d', maxDatabaseAge: '1d',
          ignored: [{ id: 'CVE-2026-1', reason: 'r', owner: 'o', until: '2030-01-01' }],
        },
      },
    ],
  },
};

const DOCUMENTS: readonly PolicyDocument[] = [smallPolicy, fullPolicy, rest, exemption, denyList];

/** Says whether a field holds, and if not, why. */
const MARKS: { readonly [type in Capability['type']]: RegExp } = { rendered: /^$/, refused: /.{20}/, limited: /.{20}/ };

describe.each(Object.entries(ENGINES))('the engine %s', (_, { capabilities }) => {
  test.each(FIELDS)('says of %s whether it is rendered, or why it is refused', (name) => {
    const [definition = '', field = ''] = name.split('.');
    const capability = (capabilities as unknown as { readonly [definition: string]: { readonly [field: string]: Capability } })[definition]?.[field];
    expect(Object.keys(MARKS)).toContain(capability?.type);
    expect(capability !== undefined && 'reason' in capability ? capability.reason : '').toMatch(MARKS[capability?.type ?? 'refused']);
  });

  test('says nothing of fields that documents do not have', () => {
    const said = Object.entries(capabilities).flatMap(([definition, fields]) => Object.keys(fields as object).map((field) => `${definition}.${field}`));
    expect(said.filter((name) => !FIELDS.includes(name))).toEqual([]);
  });
});

test('every field of the schema is seen in a document that says something in it', () => {
  const seen = new Set(DOCUMENTS.flatMap((document) => documentFields(document)).map(({ definition, field }) => `${definition}.${field}`));
  expect(FIELDS.filter((name) => !seen.has(name))).toEqual([]);
  expect([...seen].filter((name) => !FIELDS.includes(name))).toEqual([]);
});

test('the bundled verifier expresses every document', () => {
  expect(DOCUMENTS.map((document) => cannotExpress('webhook', document))).toEqual(DOCUMENTS.map(() => []));
});

test('a requirement that an engine cannot express is named, with the reason and who can', () => {
  expect(cannotExpress('native', smallPolicy)).toEqual([{
    path: 'spec.requirements[0]',
    message: 'The signature requirement "signature" cannot be expressed by NativeEngine: an admission policy of the API server asks no registry, so that it sees neither signatures nor attestations',
    engines: expect.arrayContaining(['webhook']) as EngineId[],
  }]);
});

test('an engine that cannot hold the rest of the document is not named for a part that it could hold', () => {
  const able = (policy: ImagePolicy): unknown => cannotExpress('native', policy).map(({ path, engines }) => [path, engines]);
  expect(able(smallPolicy)).toEqual([['spec.requirements[0]', ['webhook', 'kyverno', 'policy-controller']]]);
  const release = smallPolicy.spec.attestors.release as KeylessAttestor;
  const certificate = { runnerEnvironment: 'github-hosted' };
  const attestors = { ...smallPolicy.spec.attestors, release: { ...release, certificate } };
  expect(able({ ...smallPolicy, spec: { ...smallPolicy.spec, attestors } })).toEqual([['spec.requirements[0]', ['webhook']]]);
});

test('an engine that cannot is not among those that can', () => {
  expect(cannotExpress('native', smallPolicy).flatMap(({ engines }) => engines)).not.toContain('native');
});

test('a field that an engine cannot express is named, and the documents without it pass', () => {
  const { signers, certificates, keys, ...spec } = denyList.spec;
  expect(cannotExpress('native', { ...denyList, spec: { ...spec, certificates } } as ImageDenyList).map(({ path }) => path)).toEqual(['spec.certificates']);
  expect([signers, keys].every((list) => list !== undefined)).toBe(true);
  expect(cannotExpress('native', { ...denyList, spec })).toEqual([]);
  expect(cannotExpress('native', exemption)).toEqual([]);
});

test('an exemption that would close every namespace of the API server alone is refused, and the same one for some of them is not', () => {
  const { namespaces, ...spec } = exemption.spec;
  expect(cannotExpress('native', { ...exemption, spec })).toEqual([{
    path: '', message: expect.stringMatching(/^An Exemption cannot be expressed by NativeEngine: .*without `namespaces` is every namespace but kube-system: say which/) as string, engines: ['webhook'],
  }]);
  expect(cannotExpress('native', { ...exemption, spec: { ...spec, namespaces: { except: ['kube-system'] } } })).toEqual([]);
  expect(namespaces).toBeDefined();
});

const PROVENANCE: Requirement = {
  type: 'attestation', name: 'provenance', attestors: ['release'], predicateType: 'https://slsa.dev/provenance/v1', checks: { type: 'slsa-provenance', source: 'https://acme.test/app', builderIds: ['https://acme.test'] },
};
const plain = smallPolicy.spec;

test.each<[string, EngineId, PolicyDocument, string, string]>([
  ['an exemption', 'kyverno', exemption, '', 'An Exemption'],
  ['a deny list', 'policy-controller', denyList, '', 'A DenyList'],
  ['provenance', 'policy-controller', { ...smallPolicy, spec: { ...plain, requirements: [...plain.requirements, PROVENANCE] } }, 'spec.requirements[1]', 'An SlsaProvenanceRequirement'],
  ['an audit window', 'kyverno', { ...smallPolicy, spec: { ...plain, action: { type: 'Audit', reason: 'r', owner: 'o', until: '2030-01-01' } } }, 'spec.action', 'An AuditWindow'],
  ['a key', 'policy-controller', { ...smallPolicy, spec: { ...plain, attestors: { release: { type: 'key', publicKey: PUBLIC_KEY } } } }, 'spec.attestors.release', 'A KeyAttestor'],
])('%s that an engine cannot express is called what the program calls it', (_what, engine, document, path, title) => {
  const found = cannotExpress(engine, document);
  expect(found).toContainEqual(expect.objectContaining({ path, message: expect.stringContaining(`${title} cannot be expressed by ${ENGINES[engine].construct}: `) as string }));
  expect(found.filter(({ message }) => /"(?:type|apiVersion)"/.test(message))).toEqual([]);
});
