import fc from 'fast-check';
import { Statement } from '../../lib/decide/evidence';
import { Attestor, Json, SlsaProvenanceChecks } from '../../lib/policy/document';
import { certificate, CLAIMS, COMMIT, judge, keySigner, outcome, piece, PieceOptions, policy, release, signed, SOURCE, SUBJECT, vault, WORKFLOW } from './world';

const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1';

/** The predicate that GitHub's attest action writes for an ordinary push. */
const PREDICATE: Json = {
  buildDefinition: {
    buildType: 'https://actions.github.io/buildtypes/workflow/v1',
    externalParameters: { workflow: { ref: 'refs/heads/main', repository: SOURCE, path: '.github/workflows/release.yml' } },
    internalParameters: { github: { event_name: 'push', repository_id: '123', repository_owner_id: '45', runner_environment: 'github-hosted' } },
    resolvedDependencies: [{ uri: `git+${SOURCE}@refs/heads/main`, digest: { gitCommit: COMMIT } }],
  },
  runDetails: { builder: { id: SUBJECT }, metadata: { invocationId: `${SOURCE}/actions/runs/7/attempts/1` } },
};

const ABSENT = Symbol('absent');

/** The predicate with another value at a place, or without it. */
function altered(place: string, value: Json | typeof ABSENT, predicate: Json = PREDICATE): Json {
  const copy = structuredClone(predicate);
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<object>((object, step) => Reflect.get(object, step) as object, copy as object);
  if (value === ABSENT && Array.isArray(parent)) {
    parent.splice(Number(last), 1);
  } else if (value === ABSENT) {
    Reflect.deleteProperty(parent, last);
  } else {
    Reflect.set(parent, last, value);
  }
  return copy;
}

/** The same of a build type of one's own, and what a policy says to take it. */
const CONTAINER_CHECKS = { buildTypes: ['https://acme.test/container/v1'], externalParameters: { image: 'base', tags: ['a', 'b'] } };
const CONTAINER = altered('buildDefinition.buildType', 'https://acme.test/container/v1', altered('buildDefinition.externalParameters', CONTAINER_CHECKS.externalParameters));

interface Case extends Omit<PieceOptions, 'statement'> {
  readonly predicate?: Json;
}

function judged(checks: Partial<SlsaProvenanceChecks> = {}, { predicate = PREDICATE, ...options }: Case = {}, attestor: Attestor = release): ReturnType<typeof judge> {
  const statement: Statement = { ...signed, says: 'attestation', predicateType: PREDICATE_TYPE, predicate };
  return judge([policy({
    attestors: { release: attestor },
    requirements: [{
      type: 'attestation', name: 'provenance', attestors: ['release'], predicateType: PREDICATE_TYPE, checks: { type: 'slsa-provenance', source: SOURCE, ...checks },
    }],
  })], [piece({ ...options, statement, under: [attestor] })]);
}

const WRONG = ['WRONG_PROVENANCE'];

test('what an ordinary push attests is allowed, and every check is listed', () => {
  expect(judged({ sourceRefs: ['refs/heads/main'] }).proof).toEqual([expect.objectContaining({
    checks: [
      'statement-kind', 'predicate-type', 'cryptography', 'certificate-chain', 'signing-time', 'subject-digest', 'issuer', 'subject', 'provenance:shape', 'provenance:builder-id',
      'provenance:build-type', 'provenance:external-parameters', 'provenance:source', 'provenance:source-ref',
      'provenance:agrees:sourceRepositoryRef', 'provenance:agrees:sourceRepositoryDigest', 'provenance:agrees:buildTrigger', 'provenance:agrees:sourceRepositoryId',
      'provenance:agrees:sourceRepositoryOwnerId', 'provenance:agrees:runnerEnvironment', 'provenance:agrees:runInvocationUri', 'provenance:agrees:buildConfigUri',
      'provenance:level-2',
    ],
  })]);
});

describe('a predicate that says anything else in one field is denied', () => {
  test.each<[string, Json | typeof ABSENT]>([
    ['buildDefinition', ABSENT], ['buildDefinition', []], ['runDetails', null], ['runDetails.builder', ABSENT], ['runDetails.builder.id', ABSENT], ['runDetails.builder.id', ''],
    ['runDetails.builder.id', 1], ['buildDefinition.buildType', ABSENT], ['buildDefinition.externalParameters', ABSENT], ['buildDefinition.externalParameters', []],
    ['runDetails.builder.id', `${SUBJECT}/`], ['runDetails.builder.id', SUBJECT.toUpperCase()], ['runDetails.builder.id', `${WORKFLOW}@refs/tags/v1`],
    ['runDetails.builder.id', 'https://github.com/actions/runner/github-hosted'],
    ['buildDefinition.buildType', 'https://actions.github.io/buildtypes/workflow/v1/'], ['buildDefinition.buildType', 'https://slsa-framework.github.io/x'],
    ['buildDefinition.externalParameters.workflow.repository', `${SOURCE}-fork`], ['buildDefinition.externalParameters.workflow.repository', `${SOURCE}/`],
    ['buildDefinition.externalParameters.workflow.repository', ABSENT], ['buildDefinition.externalParameters.workflow', ABSENT],
    ['buildDefinition.externalParameters.workflow.ref', 'refs/heads/dev'], ['buildDefinition.externalParameters.workflow.ref', 7],
    ['buildDefinition.externalParameters.workflow.path', '.github/workflows/other.yml'], ['buildDefinition.externalParameters.workflow.inputs', {}],
    ['buildDefinition.externalParameters.inputs', {}], ['buildDefinition.externalParameters.vars', null],
    ['buildDefinition.internalParameters.github.event_name', 'pull_request_target'], ['buildDefinition.internalParameters.github.repository_id', '124'],
    ['buildDefinition.internalParameters.github.repository_id', 123], ['buildDefinition.internalParameters.github.repository_owner_id', '46'],
    ['buildDefinition.internalParameters.github.runner_environment', 'self-hosted'], ['buildDefinition.resolvedDependencies.0.digest.gitCommit', 'd0'.repeat(20)],
    ['buildDefinition.resolvedDependencies.0.uri', `git+${SOURCE}-fork@refs/heads/main`], ['buildDefinition.resolvedDependencies.0.uri', `git+${SOURCE}@refs/heads/dev`],
    ['buildDefinition.resolvedDependencies.0.digest.gitCommit', COMMIT.toUpperCase()], ['runDetails.metadata.invocationId', `${SOURCE}/actions/runs/8/attempts/1`],
  ])('%s: %p', (place, value) => {
    expect(outcome(judged({}, { predicate: altered(place, value) }))).toEqual(WRONG);
  });

  test.each<[string, Json]>([['null', null], ['a text', 'x'], ['a list', []], ['an empty object', {}]])('the whole predicate is %s', (_, predicate) => {
    expect(outcome(judged({}, { predicate }))).toEqual(WRONG);
  });

  test('no predicate at all', () => {
    const { readable, subjects } = signed;
    const bare = piece({ statement: { readable, subjects, says: 'attestation', predicateType: PREDICATE_TYPE } });
    const wanted = { type: 'attestation' as const, name: 'provenance', attestors: ['release'], predicateType: PREDICATE_TYPE };
    expect(outcome(judge([policy({ requirements: [{ ...wanted, checks: { type: 'slsa-provenance', source: SOURCE } }] })], [bare]))).toEqual(WRONG);
    expect(outcome(judge([policy({ requirements: [wanted] })], [bare]))).toBe('allowed');
  });
});

describe('under a build type of one\'s own the certificate has its word as well', () => {
  const outcomeUnder = (claims: { readonly [claim: string]: string }): unknown => outcome(judged(CONTAINER_CHECKS, { predicate: CONTAINER, signer: certificate({ claims }) }));

  test.each(['sourceRepositoryUri', 'sourceRepositoryRef', 'sourceRepositoryDigest', 'runInvocationUri'])('one that says another %s is denied', (claim) => {
    expect(outcomeUnder({ ...CLAIMS, [claim]: 'https://evil.test/x' })).toEqual(WRONG);
    expect(outcomeUnder(CLAIMS)).toBe('allowed');
  });

  test('one that names no source is denied', () => {
    const { sourceRepositoryUri, ...others } = CLAIMS;
    expect(outcomeUnder(others)).toEqual(WRONG);
    expect(outcomeUnder({ ...others, sourceRepositoryUri })).toBe('allowed');
  });
});

test('a workflow of another shape is told as that', () => {
  const { reasons } = judged({}, { predicate: altered('buildDefinition.externalParameters.workflow.path', ABSENT) });
  expect(reasons.map(({ message }) => message)).toEqual(['expected the external parameter "workflow" to be the texts ref, repository and path, found another shape']);
});

/** Every place of a predicate, its inner nodes as well. */
function places(value: Json, prefix = ''): string[] {
  return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([name, inner]) => [`${prefix}${name}`, ...places(inner, `${prefix}${name}.`)]);
}

/** What may stand at a place instead: nothing, or a value of another type. */
const OTHERS: readonly (Json | typeof ABSENT)[] = [ABSENT, null, '', 'x', 7, true, [], {}];

function valueAt(predicate: Json, place: string): Json | undefined {
  return place.split('.').reduce<Json | undefined>((value, step) => (typeof value === 'object' && value !== null ? (value as { [step: string]: Json })[step] : undefined), predicate);
}

test.each(places(PREDICATE))('without %s, or with another type of value in its place, nothing is allowed', (place) => {
  const there = valueAt(PREDICATE, place) ?? null;
  for (const value of [...OTHERS, [there], { 0: there }]) {
    expect(outcome(judged({}, { predicate: altered(place, value) }))).toEqual(WRONG);
  }
  expect(outcome(judged({}, { predicate: PREDICATE }))).toBe('allowed');
});

test('a commit under the name of another algorithm is none', () => {
  const digest = 'buildDefinition.resolvedDependencies.0.digest';
  expect(outcome(judged({}, { predicate: altered(digest, { sha1: '0'.repeat(40) }) }))).toEqual(WRONG);
  expect(outcome(judged({}, { predicate: altered(digest, { sha1: COMMIT }) }))).toEqual(WRONG);
  expect(outcome(judged({}, { predicate: altered(digest, { gitCommit: COMMIT }) }))).toBe('allowed');
});

test('a source without its ref says less than its certificate', () => {
  const uri = 'buildDefinition.resolvedDependencies.0.uri';
  expect(outcome(judged({}, { predicate: altered(uri, `git+${SOURCE}`) }))).toEqual(WRONG);
  expect(outcome(judged({}, { predicate: altered(uri, `git+${SOURCE}@refs/heads/main`) }))).toBe('allowed');
});

describe('what the certificate must vouch for', () => {
  const without = (claim: string): typeof CLAIMS => Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim)) as typeof CLAIMS;

  test.each(Object.keys(CLAIMS))('%s: a certificate that contradicts the predicate is denied', (claim) => {
    expect(outcome(judged({}, { signer: certificate({ claims: { ...CLAIMS, [claim]: 'another' } }) }))).toEqual(WRONG);
  });

  test.each(Object.keys(CLAIMS).filter((claim) => claim !== 'buildSignerUri'))('%s: of a GitHub workflow, a certificate that does not say is denied', (claim) => {
    expect(outcome(judged({ level: 1 }, { signer: certificate({ claims: without(claim) }) }))).toEqual(WRONG);
    expect(outcome(judged({ level: 1 }, { signer: certificate() }))).toBe('allowed');
  });

  test('the source\'s ref, where the policy names refs', () => {
    const signer = certificate({ claims: without('sourceRepositoryRef') });
    expect(outcome(judged({ ...CONTAINER_CHECKS, sourceRefs: ['refs/heads/main'] }, { signer, predicate: CONTAINER }))).toEqual(WRONG);
    expect(outcome(judged(CONTAINER_CHECKS, { signer, predicate: CONTAINER }))).toBe('allowed');
  });

  test('another build type\'s level 1 asks for no runner', () => {
    const signer = certificate({ claims: without('runnerEnvironment') });
    expect(outcome(judged({ ...CONTAINER_CHECKS, level: 2 }, { signer, predicate: CONTAINER }))).toEqual(WRONG);
    expect(outcome(judged({ ...CONTAINER_CHECKS, level: 1 }, { signer, predicate: CONTAINER }))).toBe('allowed');
  });

  test('a self-hosted runner is no level 2, whatever the predicate says of it', () => {
    const signer = certificate({ claims: { ...CLAIMS, runnerEnvironment: 'self-hosted' } });
    const predicate = altered('buildDefinition.internalParameters.github.runner_environment', 'self-hosted');
    expect(outcome(judged({}, { signer, predicate }))).toEqual(WRONG);
    expect(outcome(judged({ level: 1 }, { signer, predicate }))).toBe('allowed');
  });
});

describe('what the policy names', () => {
  const container = CONTAINER;
  const { buildTypes, externalParameters } = CONTAINER_CHECKS;

  test.each<[string, ReturnType<typeof outcome>, Partial<SlsaProvenanceChecks>, Json?]>([
    ['another source', WRONG, { source: `${SOURCE}-x` }],
    ['refs that hold', 'allowed', { sourceRefs: ['refs/heads/*'] }],
    ['refs that do not', WRONG, { sourceRefs: ['refs/tags/v*'] }],
    ['one of several builders, at level 1', 'allowed', { level: 1, builderIds: ['https://acme.test/builder', SUBJECT] }],
    ['other builders, at level 1', WRONG, { level: 1, builderIds: ['https://acme.test/builder'] }],
    ['another builder than the signer, at level 2', WRONG, { builderIds: ['https://acme.test/builder'] }, altered('runDetails.builder.id', 'https://acme.test/builder')],
    ['another builder than the signer, at level 1', 'allowed', { level: 1, builderIds: ['https://acme.test/builder'] }, altered('runDetails.builder.id', 'https://acme.test/builder')],
    ['another build type with all of its parameters', 'allowed', { buildTypes, externalParameters }, container],
    ['the same parameters under another build type', WRONG, { buildTypes: ['https://acme.test/container/v2'], externalParameters }, container],
    ['another build type without one of them', WRONG, { buildTypes, externalParameters: { image: 'base' } }, container],
    ['a parameter of another value', WRONG, { buildTypes, externalParameters: { ...externalParameters, tags: ['b', 'a'] } }, container],
    ['a parameter that is not there', WRONG, { buildTypes, externalParameters: { ...externalParameters, more: null } }, container],
    ['a parameter of GitHub\'s beside the workflow', 'allowed', { externalParameters: { inputs: { a: 1 } } }, altered('buildDefinition.externalParameters.inputs', { a: 1 })],
    ['a parameter of GitHub\'s with another value', WRONG, { externalParameters: { inputs: { a: 1 } } }, altered('buildDefinition.externalParameters.inputs', { a: 2 })],
    ['a parameter that only an object\'s prototype has', WRONG, { externalParameters: { toString: {} } }],
    ['a parameter of GitHub\'s under another build type', WRONG, { buildTypes, externalParameters }, altered('buildDefinition.externalParameters.workflow', {}, container)],
    ['a builder that only begins like the one that is named', WRONG, { level: 1, builderIds: [SUBJECT] }, altered('runDetails.builder.id', `${SUBJECT}-next`)],
    ['a source that the first dependency is not', WRONG, { buildTypes, externalParameters },
      altered('buildDefinition.resolvedDependencies.0.uri', `git+${SOURCE}-x@refs/heads/main`, container)],
    ['a source when nothing is resolved', WRONG, { buildTypes, externalParameters }, altered('buildDefinition.resolvedDependencies', [], container)],
    ['refs that the first dependency is not at', WRONG, { buildTypes, externalParameters, sourceRefs: ['refs/heads/main'] },
      altered('buildDefinition.resolvedDependencies.0.uri', `git+${SOURCE}@refs/heads/dev`, container)],
    ['refs when nothing says at which the source was', WRONG, { buildTypes, externalParameters, sourceRefs: ['refs/heads/main'] },
      altered('buildDefinition.resolvedDependencies.0.uri', `git+${SOURCE}`, container)],
    ['refs that the first dependency is at', 'allowed', { buildTypes, externalParameters, sourceRefs: ['refs/heads/main'] }, container],
  ])('%s', (_, expected, checks, predicate = PREDICATE) => {
    expect(outcome(judged(checks, { predicate }))).toEqual(expected);
  });
});

describe('build level 3', () => {
  const at = (subject: string, level: 2 | 3 = 3): ReturnType<typeof outcome> => outcome(judged({ level }, {
    signer: certificate({ subject, claims: { ...CLAIMS, buildSignerUri: subject } }),
    predicate: altered('runDetails.builder.id', subject),
  }, { ...release, subject }));
  const BUILDER = 'https://github.com/acme/builders/.github/workflows/build.yml';

  test.each([
    `${BUILDER}@refs/tags/v1`, `${BUILDER}@refs/tags/builder@1.0.0`, `${BUILDER}@${'a0'.repeat(20)}`, `${SOURCE}-builders/.github/workflows/build.yml@refs/tags/v1`,
  ])('is reached by %s', (subject) => {
    expect(at(subject)).toBe('allowed');
  });

  test.each([
    `${BUILDER}@refs/heads/main`, `${BUILDER}@refs/heads/refs/tags/v1`, `${BUILDER}@refs/heads/x@refs/tags/v1`,
    'https://github.com/acme/builders/.github/workflows/a@refs/tags/v1.yml@refs/heads/main', `${BUILDER}@refs/pull/1/merge`, `${WORKFLOW}@refs/tags/v1`,
    `${BUILDER}@${'a0'.repeat(19)}`,
  ])('is not reached by %s, which level 2 takes', (subject) => {
    expect(at(subject)).toEqual(WRONG);
    expect(at(subject, 2)).toBe('allowed');
  });
});

describe('a key', () => {
  const judgedByKey = (checks: Partial<SlsaProvenanceChecks>, predicate: Json = PREDICATE): ReturnType<typeof judge> =>
    judged({ builderIds: [SUBJECT], buildTypes: ['https://actions.github.io/buildtypes/workflow/v1'], ...checks }, { signer: keySigner(), predicate }, vault);

  test('has the predicate\'s own word, and nothing is listed that was not compared', () => {
    const [proof] = judgedByKey({ sourceRefs: ['refs/heads/main'] }).proof;
    const checks = proof?.type === 'requirement' ? proof.checks.filter((check) => check.startsWith('provenance')) : [];
    expect(checks).toEqual(['provenance:shape', 'provenance:builder-id', 'provenance:build-type', 'provenance:external-parameters', 'provenance:source', 'provenance:source-ref']);
  });

  test.each<[string, Partial<SlsaProvenanceChecks>, Json]>([
    ['another source', {}, altered('buildDefinition.externalParameters.workflow.repository', 'https://github.com/evil/x')],
    ['another ref', { sourceRefs: ['refs/heads/main'] }, altered('buildDefinition.externalParameters.workflow.ref', 'refs/heads/dev')],
    ['another builder than the one named', { builderIds: ['https://acme.test/builder'] }, PREDICATE],
    ['another build type', {}, altered('buildDefinition.buildType', 'https://acme.test/x')],
  ])('is denied with %s', (_, checks, predicate) => {
    expect(outcome(judgedByKey(checks, predicate))).toEqual(WRONG);
    expect(outcome(judgedByKey({ ...checks, ...(checks.builderIds === undefined ? {} : { builderIds: [SUBJECT] }) }))).toBe('allowed');
  });
});

test('saying less, or with a value of another type, never turns a denial into an allow', () => {
  const kinds = [
    { predicate: PREDICATE, checks: {}, places: places(PREDICATE) },
    { predicate: CONTAINER, checks: CONTAINER_CHECKS, places: places(CONTAINER) },
  ];
  const cases = fc.constantFrom(...kinds).chain(({ predicate, checks, places: all }) => fc.record({
    predicate: fc.constant(predicate),
    checks: fc.constantFrom<Partial<SlsaProvenanceChecks>[]>({}, { level: 1 }, { sourceRefs: ['refs/heads/main'] }).map((more) => ({ ...checks, ...more })),
    attestor: fc.constantFrom<Attestor[]>(release, vault),
    missing: fc.constantFrom(undefined, ...Object.keys(CLAIMS)),
    wrong: fc.constantFrom(...all.filter((place) => typeof valueAt(predicate, place) === 'string')),
    less: fc.constantFrom(...all),
    value: fc.constantFrom(...OTHERS),
  }));
  let denials = 0;
  fc.assert(fc.property(cases, ({ predicate, checks, attestor, missing, wrong, less, value }) => {
    const signer = attestor === vault ? keySigner() : certificate({ claims: Object.fromEntries(Object.entries(CLAIMS).filter(([claim]) => claim !== missing)) });
    const named = attestor === vault ? { builderIds: [valueAt(predicate, 'runDetails.builder.id') as string], buildTypes: [valueAt(predicate, 'buildDefinition.buildType') as string] } : {};
    const outcomeOf = (said: Json): unknown => outcome(judged({ ...named, ...checks }, { predicate: said, signer }, attestor));
    const contradiction = altered(wrong, 'https://evil.test/x@refs/heads/evil', predicate);
    if (outcomeOf(contradiction) !== 'allowed' && valueAt(contradiction, less) !== undefined) {
      denials += 1;
      expect(outcomeOf(altered(less, value, contradiction))).not.toBe('allowed');
    }
  }), { numRuns: 2_000 });
  expect(denials).toBeGreaterThan(500);
});
