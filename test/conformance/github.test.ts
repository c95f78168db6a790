import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from '../../lib/decide/decide';
import { Verdict } from '../../lib/decide/verdict';
import { parseReference } from '../../lib/kubernetes/reference';
import { KeylessAttestor, SlsaProvenanceChecks } from '../../lib/policy/document';
import { policySet } from '../../lib/policy/policy-set';
import { parseDocument } from '../../lib/policy/validate';
import { loadTrustRoots } from '../../lib/verifier/sigstore';
import { TrustStore, verifyEvidence } from '../../lib/verifier/sigstore/verify-evidence';

/** Attestations made in production, under the trust roots that ship. */
const store = new TrustStore(loadTrustRoots([]));
const ISSUER = 'https://token.actions.githubusercontent.com';
const NO_LOG = { log: 'notRequired', sct: 'notRequired', timestamp: 'required', reason: 'the instance has neither' } as const;

/** How GitHub described a build at first: under another type, by the runner as builder. */
function olderBuild(repository: string, path: string): SlsaProvenanceChecks {
  return {
    type: 'slsa-provenance', source: repository, level: 1,
    buildTypes: ['https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1'], builderIds: ['https://github.com/actions/runner/github-hosted'],
    externalParameters: { workflow: { ref: 'refs/heads/main', repository, path } },
  };
}

interface Question {
  readonly file: string;
  /** The digest that is judged. */
  readonly digest: string;
  readonly attestor: Partial<KeylessAttestor>;
  readonly checks?: SlsaProvenanceChecks;
  readonly now?: number;
}

function judge({ file, digest, attestor, checks, now = Date.now() }: Question): Verdict {
  const bytes = readFileSync(join(__dirname, 'github', `${file}.sigstore.json`));
  const { mediaType } = JSON.parse(bytes.toString()) as { mediaType: string };
  const set = policySet([parseDocument({
    apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'github' }, spec: {
      images: ['ghcr.io/acme/**'],
      attestors: { signer: { type: 'keyless', issuer: ISSUER, subject: '', trustRoot: 'sigstore', ...attestor } },
      requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: 'https://slsa.dev/provenance/v1', ...(checks === undefined ? {} : { checks }) }],
    },
  })]);
  const attestors = set.policies.flatMap((policy) => Object.values(policy.attestors));
  const evidence = verifyEvidence({ bundles: [{ digest: `sha256:${'1'.repeat(64)}`, mediaType, bytes }], unsupported: [] }, attestors, store);
  return decide({ set, reference: parseReference(`ghcr.io/acme/app@${digest}`), digest, namespace: { name: 'default' }, evidence, content: { status: 'unread' }, now });
}

function outcome(question: Question): string {
  const { allowed, reasons } = judge(question);
  return allowed ? 'allowed' : reasons.map(({ code }) => code).join(' ');
}

const INSTANCE: Question = {
  file: 'github-instance',
  digest: 'sha256:ae57936def59bc4c75edd3a837d89bcefc6d3a5e31d55a6fa7a71624f92c3c3b',
  attestor: {
    subject: 'https://github.com/actions/attest-demo/.github/workflows/build-python.yml@refs/heads/main', trustRoot: 'github', transparency: NO_LOG,
    certificate: { sourceRepositoryVisibility: 'private', sourceRepositoryOwnerId: '44036562' },
  },
  checks: olderBuild('https://github.com/actions/attest-demo', '.github/workflows/build-python.yml'),
};

const REUSABLE: Question = {
  file: 'reusable-workflow-attestation',
  digest: 'sha256:49a3aa6075e0f49f82843e74b5baa614ad2a588e6675612bf108a0a008c5ac25',
  attestor: {
    subject: 'https://github.com/github/artifact-attestations-workflows/.github/workflows/attest.yml@09b495c3f12c7881b3cc17209a327792065c1a1d',
    certificate: { buildConfigUri: 'https://github.com/malancas/attest-demo/.github/workflows/shared.yml@refs/heads/main' },
  },
  checks: olderBuild('https://github.com/malancas/attest-demo', '.github/workflows/shared.yml'),
};

const ENTERPRISE: Question = {
  file: 'custom-issuer',
  digest: 'sha256:afa27b44d43b02a9fea41d13cedc2e4016cfcf87c5dbf990e593669aa8ce286d',
  attestor: {
    issuer: `${ISSUER}/hammer-time`, subject: 'https://github.com/too-legit/attest/.github/workflows/integration.yml@refs/heads/main',
    certificate: { sourceRepositoryId: '851894824', runnerEnvironment: 'github-hosted' },
  },
  checks: { type: 'slsa-provenance', source: 'https://github.com/too-legit/attest', sourceRefs: ['refs/heads/main'], level: 2 },
};

const withAttestor = (question: Question, attestor: Partial<KeylessAttestor>): Question => ({ ...question, attestor: { ...question.attestor, ...attestor } });
const withSource = (question: Question, source: string): Question => ({ ...question, checks: { ...question.checks!, source } });

describe.each<[string, Question]>([['by GitHub\'s own instance', INSTANCE], ['by a reusable workflow', REUSABLE], ['of an enterprise', ENTERPRISE]])('an attestation %s', (_what, question) => {
  const { subject } = question.attestor as { subject: string };

  test('is allowed with its identity, digest and source', () => {
    expect(outcome(question)).toBe('allowed');
  });

  test.each<[string, Question, string]>([
    ['of another digest', { ...question, digest: `sha256:${'1'.repeat(64)}` }, 'WRONG_SUBJECT'],
    ['by another workflow', withAttestor(question, { subject: subject.replace('.yml', '2.yml') }), 'WRONG_IDENTITY'],
    ['by the workflow at another ref', withAttestor(question, { subject: `${subject}x` }), 'WRONG_IDENTITY'],
    ['with a token of another issuer', withAttestor(question, { issuer: `${ISSUER}/acme` }), 'WRONG_ISSUER'],
    ['for another repository id', withAttestor(question, { certificate: { ...question.attestor.certificate, sourceRepositoryId: '1' } }), 'WRONG_CLAIM'],
    ['of another source', withSource(question, 'https://github.com/acme/app'), 'WRONG_PROVENANCE'],
    ['under the other trust root', withAttestor(question, { trustRoot: question.attestor.trustRoot === 'github' ? 'sigstore' : 'github' }), question === INSTANCE ? 'NO_TRUSTED_TIME' : 'UNTRUSTED_CERTIFICATE'],
    ['from the future', { ...question, now: Date.UTC(2023, 0, 1) }, 'NO_TRUSTED_TIME'],
  ])('is refused %s', (_how, changed, code) => {
    expect(outcome(changed)).toBe(code);
  });
});

test('GitHub\'s own instance has no log and no SCT: a policy that requires one refuses', () => {
  expect(outcome(withAttestor(INSTANCE, { transparency: { sct: 'notRequired', reason: 'a test' } }))).toBe('NO_TRANSPARENCY');
  expect(outcome(withAttestor(INSTANCE, { transparency: { log: 'notRequired', timestamp: 'required', reason: 'a test' } }))).toBe('NO_TRANSPARENCY');
});

test('an enterprise is not the public issuer, nor the reverse', () => {
  expect(outcome(withAttestor(ENTERPRISE, { issuer: ISSUER }))).toBe('WRONG_ISSUER');
  expect(outcome(withAttestor(REUSABLE, { issuer: `${ISSUER}/hammer-time` }))).toBe('WRONG_ISSUER');
});

test('what a reusable workflow signs for one caller is nothing for another', () => {
  const signed: Question = { file: REUSABLE.file, digest: REUSABLE.digest, attestor: REUSABLE.attestor };
  const calledBy = (sourceRepositoryUri: string): string => outcome(withAttestor(signed, { certificate: { sourceRepositoryUri } }));
  expect(calledBy('https://github.com/malancas/attest-demo')).toBe('allowed');
  expect(calledBy('https://github.com/acme/app')).toBe('WRONG_CLAIM');
});

test('npm\'s provenance, of the first bundle version, is genuine and about no image', () => {
  const attestor = { subject: 'https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main' };
  const { reasons } = judge({ file: 'npm-provenance-v0.1', digest: `sha256:${'1'.repeat(64)}`, attestor });
  expect(reasons).toMatchObject([{ code: 'WRONG_SUBJECT', message: expect.stringContaining('sha512:90f223f9') as unknown }]);
});
