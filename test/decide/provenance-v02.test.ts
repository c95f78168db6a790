import { Json, SlsaProvenanceChecks } from '../../lib/policy/document';
import { ABSENT, altered, Attested, checksOf, judgeAttestations } from './attestation';
import { certificate, CLAIMS, COMMIT, keySigner, outcome, release, SOURCE, vault } from './world';

const V02 = 'https://slsa.dev/provenance/v0.2';
const V1 = 'https://slsa.dev/provenance/v1';
const GENERATOR = 'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.1.0';
const CONTAINER = 'https://github.com/slsa-framework/slsa-github-generator/container@v1';

/** The predicate that slsa-github-generator writes for a container after an ordinary push. */
const PREDICATE: Json = {
  builder: { id: GENERATOR },
  buildType: CONTAINER,
  invocation: {
    configSource: { uri: `git+${SOURCE}@refs/heads/main`, digest: { sha1: COMMIT }, entryPoint: '.github/workflows/release.yml' },
    parameters: {},
    environment: { github_event_name: 'push', github_repository_id: '123', github_repository_owner_id: '45', github_run_id: '7', github_run_attempt: '1', github_actor: 'ada' },
  },
  metadata: { buildInvocationID: '7-1', completeness: { parameters: true, environment: false, materials: false }, reproducible: false },
  materials: [{ uri: `git+${SOURCE}@refs/heads/main`, digest: { sha1: COMMIT } }],
};

const V1_PREDICATE: Json = {
  buildDefinition: {
    buildType: CONTAINER, externalParameters: {}, resolvedDependencies: [{ uri: `git+${SOURCE}@refs/heads/main`, digest: { gitCommit: COMMIT } }],
  },
  runDetails: { builder: { id: GENERATOR }, metadata: { invocationId: CLAIMS.runInvocationUri } },
};

const generator = { ...release, subject: GENERATOR };
const caller = certificate({ subject: GENERATOR, claims: { ...CLAIMS, buildSignerUri: GENERATOR } });

const judged = (checks: Partial<SlsaProvenanceChecks> = {}, { predicate = PREDICATE, ...attested }: Attested = {}, predicateType = V02,
  type: SlsaProvenanceChecks['type'] = 'slsa-provenance-v0.2') => (
  judgeAttestations({ predicateType, checks: { type, source: SOURCE, ...checks } }, [{ signer: caller, ...attested, predicate }], { generator })
);

const WRONG = ['WRONG_PROVENANCE'];

test('what the container generator attests is allowed at level 3, and every check is listed', () => {
  expect(checksOf(judged({ level: 3, sourceRefs: ['refs/heads/main'] }))).toEqual([
    'provenance:shape', 'provenance:builder-id', 'provenance:build-type', 'provenance:external-parameters', 'provenance:source', 'provenance:source-ref',
    'provenance:agrees:sourceRepositoryRef', 'provenance:agrees:sourceRepositoryDigest', 'provenance:agrees:buildTrigger',
    'provenance:agrees:sourceRepositoryId', 'provenance:agrees:sourceRepositoryOwnerId', 'provenance:agrees:runInvocationUri', 'provenance:agrees:buildConfigUri', 'provenance:level-3',
  ]);
});

test('the generic generator is allowed as well, another build type only by name', () => {
  const of = (buildType: string) => altered(PREDICATE, 'buildType', buildType);
  expect(outcome(judged({}, { predicate: of('https://github.com/slsa-framework/slsa-github-generator/generic@v1') }))).toBe('allowed');
  expect(outcome(judged({}, { predicate: of('https://acme.test/build@v1') }))).toEqual(WRONG);
  expect(outcome(judged({ buildTypes: ['https://acme.test/build@v1'] }, { predicate: of('https://acme.test/build@v1'), signer: certificate({ subject: GENERATOR, claims: { ...CLAIMS, buildSignerUri: GENERATOR } }) }))).toEqual(WRONG);
});

test.each<[string, Json | typeof ABSENT]>([
  ['builder.id', ABSENT], ['builder.id', ''], ['builder.id', `${GENERATOR}/`], ['builder', GENERATOR], ['buildType', ABSENT], ['buildType', `${CONTAINER}.1`], ['invocation', ABSENT],
  ['invocation', []], ['invocation.parameters', []], ['invocation.parameters', 'x'], ['invocation.parameters', { target: 'evil' }],
  ['invocation.configSource', ABSENT], ['invocation.configSource.uri', `git+${SOURCE}-fork@refs/heads/main`], ['invocation.configSource.uri', `git+${SOURCE}@refs/heads/dev`],
  ['invocation.configSource.uri', `git+${SOURCE}`], ['invocation.configSource.uri', 7], ['invocation.configSource.digest', { sha1: 'd0'.repeat(20) }], ['invocation.configSource.digest', ABSENT],
  ['invocation.configSource.entryPoint', '.github/workflows/other.yml'], ['invocation.configSource.entryPoint', ABSENT], ['materials', ABSENT], ['materials', []], ['materials', {}],
  ['materials', [{ uri: `git+${SOURCE}-fork@refs/heads/main`, digest: { sha1: COMMIT } }]], ['materials', [{ uri: `git+${SOURCE}@refs/heads/main`, digest: { sha1: 'd0'.repeat(20) } }]],
  ['materials', [{ uri: `git+${SOURCE}@refs/heads/main`, digest: { gitCommit: COMMIT } }]], ['invocation.environment', ABSENT], ['invocation.environment.github_event_name', 'pull_request_target'],
  ['invocation.environment.github_repository_id', 123], ['invocation.environment.github_repository_owner_id', '46'], ['invocation.environment.github_run_id', '8'],
  ['invocation.environment.github_run_attempt', ABSENT], ['buildDefinition', {}], ['runDetails', null],
])('a predicate with %s %p is denied', (place, value) => {
  expect(outcome(judged({}, { predicate: altered(PREDICATE, place, value) }))).toEqual(WRONG);
});

test('parameters that the policy names are allowed, each exactly', () => {
  const predicate = altered(PREDICATE, 'invocation.parameters', { target: 'prod' });
  expect(outcome(judged({ externalParameters: { target: 'prod' } }, { predicate }))).toBe('allowed');
  expect(outcome(judged({ externalParameters: { target: 'test' } }, { predicate }))).toEqual(WRONG);
  expect(outcome(judged({}, { predicate: altered(PREDICATE, 'invocation.parameters', ABSENT) }))).toBe('allowed');
  expect(outcome(judged({}, { predicate: altered(PREDICATE, 'invocation.parameters', null) }))).toBe('allowed');
});

test.each<[string, string, SlsaProvenanceChecks['type'], Json, unknown]>([
  ['v0.2 body under v0.2', V02, 'slsa-provenance-v0.2', PREDICATE, 'allowed'], ['v1 body under v0.2', V02, 'slsa-provenance-v0.2', V1_PREDICATE, WRONG],
  ['both bodies under v0.2', V02, 'slsa-provenance-v0.2', { ...PREDICATE, ...V1_PREDICATE as object }, WRONG],
  ['v1 body under v1', V1, 'slsa-provenance', V1_PREDICATE, 'allowed'], ['v0.2 body under v1', V1, 'slsa-provenance', PREDICATE, WRONG],
  ['both bodies under v1', V1, 'slsa-provenance', { ...PREDICATE, ...V1_PREDICATE as object }, WRONG],
])('a %s', (_, predicateType, type, predicate, expected) => {
  expect(outcome(judged({ buildTypes: [CONTAINER] }, { predicate }, predicateType, type))).toEqual(expected);
});

test('a requirement on v1 takes no v0.2, and the reverse', () => {
  const wanted = (predicateType: string, type: SlsaProvenanceChecks['type']) => ({ predicateType, checks: { type, source: SOURCE, buildTypes: [CONTAINER] } });
  const one = (predicateType: string, predicate: Json) => [{ predicateType, predicate, signer: caller }];
  expect(outcome(judgeAttestations(wanted(V1, 'slsa-provenance'), one(V02, PREDICATE), { generator }))).toEqual(['WRONG_PREDICATE']);
  expect(outcome(judgeAttestations(wanted(V02, 'slsa-provenance-v0.2'), one(V1, V1_PREDICATE), { generator }))).toEqual(['WRONG_PREDICATE']);
});

test('a certificate for another source is denied, whatever the predicate says', () => {
  const of = (claims: { readonly [claim: string]: string }) => outcome(judged({}, {
    signer: certificate({ subject: GENERATOR, claims: { ...CLAIMS, buildSignerUri: GENERATOR, ...claims } }) }));
  expect(of({ sourceRepositoryUri: `${SOURCE}-fork` })).toEqual(WRONG);
  expect(of({ sourceRepositoryRef: 'refs/heads/dev' })).toEqual(WRONG);
  expect(of({ runnerEnvironment: 'self-hosted' })).toEqual(WRONG);
  expect(of({})).toBe('allowed');
});

test('under a key the predicate\'s own word is all there is, with builder and build type named', () => {
  const checks: SlsaProvenanceChecks = {
    type: 'slsa-provenance-v0.2', source: SOURCE, builderIds: ['https://builder.test/v1'], buildTypes: ['https://acme.test/build@v1'], sourceRefs: ['refs/heads/main'],
  };
  const predicate = altered(altered(PREDICATE, 'builder.id', 'https://builder.test/v1'), 'buildType', 'https://acme.test/build@v1');
  const of = (one: Json) => outcome(judgeAttestations({ predicateType: V02, checks }, [{ predicate: one, signer: keySigner() }], { vault }));
  expect(of(predicate)).toBe('allowed');
  expect(of(altered(predicate, 'invocation.configSource.uri', `git+${SOURCE}-fork@refs/heads/main`))).toEqual(WRONG);
  expect(of(altered(predicate, 'invocation.configSource.uri', `git+${SOURCE}@refs/heads/dev`))).toEqual(WRONG);
  expect(of(altered(predicate, 'builder.id', GENERATOR))).toEqual(WRONG);
});
