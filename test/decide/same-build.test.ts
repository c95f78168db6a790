import { CertificateSigner, Statement } from '../../lib/decide/evidence';
import { RequirementProof } from '../../lib/decide/verdict';
import { ImagePolicySpec, KeylessAttestor } from '../../lib/policy/document';
import { certificate, CLAIMS, judge, outcome, piece, policy, release, signed, SOURCE, SUBJECT } from './world';

const SBOM = 'https://spdx.dev/Document';
const sbom: Statement = { ...signed, says: 'attestation', predicateType: SBOM, predicate: { spdxVersion: 'SPDX-2.3' } };
const requirements: ImagePolicySpec['requirements'] = [
  ...policy().spec.requirements,
  { type: 'attestation', name: 'sbom', predicateType: SBOM, attestors: ['release'] },
];

const OTHER_RUN = `${SOURCE}/actions/runs/8/attempts/1`;
const OTHER_COMMIT = 'd1'.repeat(20);

const by = (claims: Partial<typeof CLAIMS>): CertificateSigner => certificate({ claims: { ...CLAIMS, ...claims } });
const signature = (claims: Partial<typeof CLAIMS> = {}, label = 'signature') => piece({ label, signer: by(claims) });
const attested = (claims: Partial<typeof CLAIMS> = {}, label = 'sbom') => piece({ label, statement: sbom, signer: by(claims) });
const demanding = (sameBuild?: 'commit' | 'run') => [policy({ requirements, ...(sameBuild === undefined ? {} : { sameBuild }) })];

test.each<[string, Partial<typeof CLAIMS>, 'allowed' | string[], 'allowed' | string[]]>([
  ['of the same run', {}, 'allowed', 'allowed'],
  ['of another run of the same commit', { runInvocationUri: OTHER_RUN }, 'allowed', ['DIFFERENT_BUILDS']],
  ['of another attempt of the same run', { runInvocationUri: `${SOURCE}/actions/runs/7/attempts/2` }, 'allowed', ['DIFFERENT_BUILDS']],
  ['of another commit', { runInvocationUri: OTHER_RUN, sourceRepositoryDigest: OTHER_COMMIT }, ['DIFFERENT_BUILDS'], ['DIFFERENT_BUILDS']],
  ['of the same commit in another repository', { runInvocationUri: OTHER_RUN, sourceRepositoryUri: 'https://github.com/acme/fork' }, ['DIFFERENT_BUILDS'], ['DIFFERENT_BUILDS']],
])('E65: an SBOM %s, beside a signature', (_claim, claims, byCommit, byRun) => {
  for (const evidence of [[signature(), attested(claims)], [attested(claims), signature()]]) {
    expect(outcome(judge(demanding(), evidence))).toBe('allowed');
    expect(outcome(judge(demanding('commit'), evidence))).toEqual(byCommit);
    expect(outcome(judge(demanding('run'), evidence))).toEqual(byRun);
  }
});

test.each(['sourceRepositoryUri', 'sourceRepositoryDigest'])('E65: certificates that do not say %s are of no commit', (claim) => {
  const claims = Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim));
  const evidence = [piece({ signer: certificate({ claims }) }), piece({ label: 'sbom', statement: sbom, signer: certificate({ claims }) })];
  expect(outcome(judge(demanding('commit'), evidence))).toEqual(['DIFFERENT_BUILDS']);
  expect(outcome(judge(demanding('run'), evidence))).toBe('allowed');
});

test('E65: one build that has everything is enough, whatever halves of others lie beside it, and the proof names it', () => {
  const halves = [signature({ runInvocationUri: OTHER_RUN }, 'other signature'), attested({ runInvocationUri: `${SOURCE}/actions/runs/9/attempts/1` }, 'other sbom')];
  expect(outcome(judge(demanding('run'), halves))).toEqual(['DIFFERENT_BUILDS']);
  const whole = [signature(), attested()];
  for (const evidence of [[...halves, ...whole], [...whole, ...halves]]) {
    const { proof } = judge(demanding('run'), evidence) as { proof: readonly RequirementProof[] };
    expect(new Set(proof.map((one) => one.evidence))).toEqual(new Set(whole.map(({ digest }) => digest)));
    expect(proof.every(({ checks }) => checks.includes('same-build:run'))).toBe(true);
  }
});

test('E65: a stranger\'s evidence of the right run completes nothing', () => {
  const stranger = piece({ label: 'sbom', statement: sbom, signer: certificate({ subject: 'https://github.com/evil/x/.github/workflows/release.yml@refs/heads/main' }) });
  expect(outcome(judge(demanding('run'), [signature(), stranger]))).toEqual(['WRONG_IDENTITY']);
  expect(outcome(judge(demanding('run'), [signature(), stranger, attested()]))).toBe('allowed');
});

test('E65: several signers have to be of one build as well', () => {
  const second: KeylessAttestor = { ...release, subject: SUBJECT.replace('release.yml', 'scan.yml') };
  const spec = (sameBuild?: 'run'): Partial<ImagePolicySpec> => ({
    attestors: { release, second }, requirements: [{ type: 'signature', name: 'signature', attestors: ['release', 'second'], threshold: 2 }], ...(sameBuild === undefined ? {} : { sameBuild }),
  });
  const bySecond = (claims: Partial<typeof CLAIMS>) => piece({ label: 'second', signer: { ...by(claims), subject: second.subject as string }, under: [second] });
  expect(outcome(judge([policy(spec('run'))], [signature(), bySecond({})]))).toBe('allowed');
  expect(outcome(judge([policy(spec('run'))], [signature(), bySecond({ runInvocationUri: OTHER_RUN })]))).toEqual(['DIFFERENT_BUILDS']);
  expect(outcome(judge([policy(spec())], [signature(), bySecond({ runInvocationUri: OTHER_RUN })]))).toBe('allowed');
});
