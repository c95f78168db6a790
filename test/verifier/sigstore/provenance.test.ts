import { SlsaProvenanceChecks } from '../../../lib/policy/document';
import { githubRun, Identity, PROVENANCE_PREDICATE, ProvenancePredicate, provenanceStatement, statement } from '../../support/sigstore';
import { keyless, Rules, Scene, Situation, testTwins, Twins } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
});
afterAll(() => scene.close());

const RUN = githubRun();
const SOURCE = 'https://github.com/acme/app';

function built(checks: Partial<SlsaProvenanceChecks> = {}, signer = keyless()): Rules {
  return {
    attestors: { signer },
    requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: PROVENANCE_PREDICATE, checks: { type: 'slsa-provenance', source: SOURCE, ...checks } }],
  };
}

/** Provenance that agrees with its certificate but for what is forged. */
function says(forge: (predicate: ProvenancePredicate) => unknown = () => undefined, rules: Rules = built(), identity: Identity = RUN): Situation {
  return {
    rules,
    evidence: (image, world) => world.signKeyless(identity, provenanceStatement(image, identity, (predicate) => {
      forge(predicate);
    })),
  };
}

function builder(id: string): Situation {
  return says((predicate) => {
    predicate.runDetails.builder.id = id;
  });
}

function one(id: string, claim: string, forge: (predicate: ProvenancePredicate) => unknown): Twins {
  return { id, claim, code: 'WRONG_PROVENANCE', denied: says(forge), allowed: says() };
}

const external = ({ buildDefinition }: ProvenancePredicate): ProvenancePredicate['buildDefinition']['externalParameters'] => buildDefinition.externalParameters;
const github = ({ buildDefinition }: ProvenancePredicate): ProvenancePredicate['buildDefinition']['internalParameters']['github'] => buildDefinition.internalParameters.github;
const source = ({ buildDefinition }: ProvenancePredicate): ProvenancePredicate['buildDefinition']['resolvedDependencies'][number] => buildDefinition.resolvedDependencies[0]!;

const BUILDERS: readonly Twins[] = [
  { id: 'E60', claim: 'the builder with something behind it', code: 'WRONG_PROVENANCE', denied: builder(`${RUN.subject}x`), allowed: builder(RUN.subject) },
  { id: 'E60', claim: 'the builder in other letters', code: 'WRONG_PROVENANCE', denied: builder(RUN.subject.replace('acme', 'ACME')), allowed: builder(RUN.subject) },
  { id: 'E60', claim: 'the builder with a slash at its end', code: 'WRONG_PROVENANCE', denied: builder(`${RUN.subject}/`), allowed: builder(RUN.subject) },
  { id: 'E60', claim: 'the builder at another ref', code: 'WRONG_PROVENANCE', denied: builder(RUN.subject.replace('refs/heads/main', 'refs/tags/v1')), allowed: builder(RUN.subject) },
  { id: 'E60', claim: 'no builder', code: 'WRONG_PROVENANCE', denied: builder(''), allowed: builder(RUN.subject) },
  one('E60', 'an unknown build type', (predicate) => {
    predicate.buildDefinition.buildType += '/';
  }),
  { id: 'E60', claim: 'a builder that the policy does not list', code: 'WRONG_PROVENANCE', denied: says(undefined, built({ builderIds: ['https://builder.example/v1'], level: 1 })),
    allowed: says((predicate) => {
      predicate.runDetails.builder.id = 'https://builder.example/v1';
    }, built({ builderIds: ['https://builder.example/v1'], level: 1 })) },
  { id: 'E60', claim: 'a builder other than the signer, where the build level asks for the signer', code: 'WRONG_PROVENANCE',
    denied: says((predicate) => {
      predicate.runDetails.builder.id = 'https://builder.example/v1';
    }, built({ builderIds: ['https://builder.example/v1'], level: 2 })),
    allowed: says((predicate) => {
      predicate.runDetails.builder.id = 'https://builder.example/v1';
    }, built({ builderIds: ['https://builder.example/v1'], level: 1 })) },
];

const PARAMETERS: readonly Twins[] = [
  one('E62', 'another source', (predicate) => Object.assign(external(predicate).workflow, { repository: 'https://github.com/evil/app' })),
  one('E62', 'the source with a slash at its end', (predicate) => Object.assign(external(predicate).workflow, { repository: `${SOURCE}/` })),
  one('E62', 'another ref', (predicate) => Object.assign(external(predicate).workflow, { ref: 'refs/heads/evil' })),
  one('E62', 'another workflow', (predicate) => Object.assign(external(predicate).workflow, { path: '.github/workflows/evil.yml' })),
  one('E62', 'another workflow, and no ref', (predicate) => Object.assign(external(predicate).workflow, { path: '.github/workflows/evil.yml', ref: undefined })),
  one('E62', 'no workflow', (predicate) => Object.assign(external(predicate).workflow, { path: undefined })),
  one('E62', 'a ref that is a list', (predicate) => Object.assign(external(predicate).workflow, { ref: ['refs/heads/main'] })),
  one('E62', 'a parameter nobody knows', (predicate) => Object.assign(external(predicate), { inputs: { debug: 'true' } })),
  one('E62', 'a parameter of the workflow nobody knows', (predicate) => Object.assign(external(predicate).workflow, { inputs: {} })),
  one('E62', 'no parameters', (predicate) => Object.assign(predicate.buildDefinition, { externalParameters: undefined })),
  { id: 'E62', claim: 'a parameter with another value than the policy\'s', code: 'WRONG_PROVENANCE', denied: says((predicate) => Object.assign(external(predicate), { inputs: { debug: 'true' } }), inputs()),
    allowed: says((predicate) => Object.assign(external(predicate), { inputs: { debug: 'false' } }), inputs()) },
  one('E62', 'another trigger than the certificate\'s', (predicate) => Object.assign(github(predicate), { event_name: 'pull_request' })),
  one('E62', 'another repository id than the certificate\'s', (predicate) => Object.assign(github(predicate), { repository_id: '1' })),
  one('E62', 'another owner id than the certificate\'s', (predicate) => Object.assign(github(predicate), { repository_owner_id: '1' })),
  one('E62', 'another runner than the certificate\'s', (predicate) => Object.assign(github(predicate), { runner_environment: 'self-hosted' })),
  one('E62', 'another run than the certificate\'s', (predicate) => Object.assign(predicate.runDetails.metadata, { invocationId: `${SOURCE}/actions/runs/1/attempts/1` })),
  one('E62', 'another commit than the certificate\'s', (predicate) => Object.assign(source(predicate), { digest: { gitCommit: '0'.repeat(40) } })),
  one('E62', 'another commit than the certificate\'s, under the name of another algorithm', (predicate) => Object.assign(source(predicate), { digest: { sha1: '0'.repeat(40) } })),
  one('E62', 'sources of another repository than the certificate\'s', (predicate) => Object.assign(source(predicate), { uri: 'git+https://github.com/evil/app@refs/heads/main' })),
  one('E62', 'sources at another ref than the certificate\'s', (predicate) => Object.assign(source(predicate), { uri: `git+${SOURCE}@refs/heads/evil` })),
  { id: 'E62', claim: 'a forged source that the certificate does not vouch for', code: 'WRONG_PROVENANCE', denied: says((predicate) => {
    Object.assign(external(predicate).workflow, { repository: SOURCE });
    Object.assign(source(predicate), { uri: `git+${SOURCE}@refs/heads/main` });
  }, built({}, keyless({ subject: githubRun({ repository: 'acme/fork' }).subject })), githubRun({ repository: 'acme/fork' })), allowed: says() },
  { id: 'E62', claim: 'a ref that the policy does not list', code: 'WRONG_PROVENANCE', denied: says(undefined, built({ sourceRefs: ['refs/tags/*'] })), allowed: says(undefined, built({ sourceRefs: ['refs/heads/*'] })) },
];

function inputs(): Rules {
  return built({ externalParameters: { inputs: { debug: 'false' } } });
}

const REUSABLE = 'platform/workflows/.github/workflows/build.yml@';
const COMMIT = '5b1e0c3a9d5f4f0e8b7a6c5d4e3f2a1b0c9d8e7f';

function level3(identity: Identity): Situation {
  return says(undefined, built({ level: 3 }, keyless({ subject: identity.subject })), identity);
}

const LEVELS: readonly Twins[] = [
  { id: 'E60', claim: 'a workflow of the source itself, where level 3 is asked for', code: 'WRONG_PROVENANCE', denied: level3(RUN), allowed: level3(githubRun({ reusable: `${REUSABLE}refs/tags/v1` })) },
  { id: 'E60', claim: 'a shared workflow at a branch, where level 3 is asked for', code: 'WRONG_PROVENANCE', denied: level3(githubRun({ reusable: `${REUSABLE}refs/heads/main` })),
    allowed: level3(githubRun({ reusable: `${REUSABLE}${COMMIT}` })) },
  { id: 'E17', claim: 'a runner of their own, where level 2 is asked for', code: 'WRONG_PROVENANCE', denied: says(undefined, built(), githubRun({ claims: { runnerEnvironment: 'self-hosted' } })),
    allowed: says(undefined, built({ level: 1 }), githubRun({ claims: { runnerEnvironment: 'self-hosted' } })) },
];

function shaped(value: unknown): Situation {
  return { rules: built(), evidence: (image, world) => world.signKeyless(RUN, statement(image, PROVENANCE_PREDICATE, value)) };
}

const V02 = { builder: { id: RUN.subject }, buildType: 'https://actions.github.io/buildtypes/workflow/v1', invocation: { configSource: { uri: `git+${SOURCE}@refs/heads/main` } } };

const SHAPES: readonly Twins[] = [
  ...[undefined, null, 'text', [], {}, 1, { buildDefinition: null, runDetails: null }].map((value): Twins => (
    { id: 'E41', claim: `a predicate that is ${JSON.stringify(value) ?? 'missing'}`, code: 'WRONG_PROVENANCE', denied: shaped(value), allowed: says() })),
  { id: 'E42', claim: 'the body of version 0.2 under the type of version 1', code: 'WRONG_PROVENANCE', denied: shaped(V02), allowed: says() },
  { id: 'E42', claim: 'the body of version 1 under the type of version 0.2', code: 'WRONG_PREDICATE', allowed: says(), denied: {
    rules: built(),
    evidence: (image, world) => world.signKeyless(RUN, { ...provenanceStatement(image, RUN), predicateType: 'https://slsa.dev/provenance/v0.2' }),
  } },
];

describe('who built it', () => testTwins(() => scene, BUILDERS));
describe('from what', () => testTwins(() => scene, PARAMETERS));
describe('at which level', () => testTwins(() => scene, LEVELS));
describe('in which shape', () => testTwins(() => scene, SHAPES));
