import { Json, VerificationSummaryChecks } from '../../lib/policy/document';
import { ABSENT, altered, Attested, before, checksOf, DAY, HOUR, judgeAttestations } from './attestation';
import { auditor, auditorCertificate, certificate, keySigner, NOW, outcome, release, vault } from './world';

const predicateType = 'https://slsa.dev/verification_summary/v1';
const POLICY = 'ab'.repeat(32);

const PREDICATE: Json = {
  verifier: { id: 'https://verifier.acme.test' },
  timeVerified: before(HOUR),
  resourceUri: 'oci://ghcr.io/acme/payments/api',
  policy: { uri: 'https://acme.test/policy', digest: { sha256: POLICY } },
  verificationResult: 'PASSED',
  verifiedLevels: ['SLSA_BUILD_LEVEL_3', 'ACME_REVIEWED'],
  slsaVersion: '1.1',
};

const CHECKS: VerificationSummaryChecks = {
  type: 'verification-summary', verifierId: 'https://verifier.acme.test', resourceUris: ['oci://ghcr.io/acme/payments/api'], levels: ['SLSA_BUILD_LEVEL_2'], maxAge: '7d',
};

const judged = (attested: Attested | readonly Attested[] = {}, checks: Partial<VerificationSummaryChecks> = {}) => judgeAttestations(
  { predicateType, checks: { ...CHECKS, ...checks } }, [attested].flat().map((one) => ({ predicate: PREDICATE, ...one })),
);

test('E66: a summary that passed is allowed, and every check is listed', () => {
  expect(checksOf(judged())).toEqual(['summary:shape', 'summary:verifier', 'summary:resource', 'summary:result', 'summary:levels', 'summary:age', 'newest']);
  expect(checksOf(judged({}, { policyDigest: `sha256:${POLICY}` }))).toContain('summary:policy');
});

test.each<[string, Json | typeof ABSENT, string]>([
  ['verifier.id', 'https://verifier.acme.test/', 'WRONG_SUMMARY'], ['verifier.id', 'https://VERIFIER.acme.test', 'WRONG_SUMMARY'], ['verifier.id', ABSENT, 'WRONG_FORMAT'],
  ['verifier', 'https://verifier.acme.test', 'WRONG_FORMAT'], ['resourceUri', 'oci://ghcr.io/acme/payments/api2', 'WRONG_SUMMARY'], ['resourceUri', ABSENT, 'WRONG_FORMAT'],
  ['resourceUri', ['oci://ghcr.io/acme/payments/api'], 'WRONG_FORMAT'], ['verificationResult', 'FAILED', 'WRONG_SUMMARY'], ['verificationResult', 'passed', 'WRONG_SUMMARY'],
  ['verificationResult', true, 'WRONG_FORMAT'], ['verifiedLevels', [], 'WRONG_SUMMARY'], ['verifiedLevels', ['SLSA_BUILD_LEVEL_1'], 'WRONG_SUMMARY'],
  ['verifiedLevels', ['SLSA_SOURCE_LEVEL_3'], 'WRONG_SUMMARY'], ['verifiedLevels', ['SLSA_BUILD_LEVEL_33'], 'WRONG_SUMMARY'], ['verifiedLevels', ['SLSA_BUILD_LEVEL_3 '], 'WRONG_SUMMARY'],
  ['verifiedLevels', 'SLSA_BUILD_LEVEL_3', 'WRONG_FORMAT'], ['verifiedLevels', ['SLSA_BUILD_LEVEL_3', 3], 'WRONG_FORMAT'], ['verifiedLevels', { 0: 'SLSA_BUILD_LEVEL_3' }, 'WRONG_FORMAT'],
  ['timeVerified', before(8 * DAY), 'TOO_OLD'], ['timeVerified', ABSENT, 'WRONG_FORMAT'], ['timeVerified', '2026-05-31', 'WRONG_FORMAT'], ['timeVerified', NOW, 'WRONG_FORMAT'],
])('E66: a summary with %s %p is denied', (place, value, code) => {
  expect(outcome(judged({ predicate: altered(PREDICATE, place, value) }))).toEqual([code]);
});

test.each<[string[], string[], boolean]>([
  [['SLSA_BUILD_LEVEL_3'], ['SLSA_BUILD_LEVEL_1', 'SLSA_BUILD_LEVEL_2', 'SLSA_BUILD_LEVEL_3'], true], [['SLSA_BUILD_LEVEL_2'], ['SLSA_BUILD_LEVEL_3'], false],
  [['ACME_REVIEWED'], ['ACME_REVIEWED'], true], [['ACME_REVIEWED'], ['ACME_REVIEWED', 'SLSA_BUILD_LEVEL_1'], false], [['ACME_LEVEL_3'], ['ACME_LEVEL_2'], false], [['SLSA_SOURCE_LEVEL_3', 'SLSA_BUILD_LEVEL_1'], ['SLSA_SOURCE_LEVEL_2', 'SLSA_BUILD_LEVEL_1'], true],
])('%j reach %j: %p', (verifiedLevels, levels, reached) => {
  expect(outcome(judged({ predicate: altered(PREDICATE, 'verifiedLevels', verifiedLevels) }, { levels }))).toEqual(reached ? 'allowed' : ['WRONG_SUMMARY']);
});

test.each<[string, Json | typeof ABSENT]>([
  ['policy.digest.sha256', 'cd'.repeat(32)], ['policy.digest.sha256', POLICY.toUpperCase()], ['policy.digest', { sha512: POLICY }], ['policy.digest', { sha256: POLICY, sha512: 'x' }],
  ['policy.digest', ABSENT], ['policy', ABSENT], ['policy', 'x'],
])('under a policy that is named, one with %s %p is denied; without, it is allowed', (place, value) => {
  const predicate = altered(PREDICATE, place, value);
  expect(outcome(judged({ predicate }, { policyDigest: `sha256:${POLICY}` }))).toEqual(['WRONG_SUMMARY']);
  expect(outcome(judged({ predicate }))).toBe('allowed');
});

test('the age is by trusted time, and by its own where that is older', () => {
  const made = (trusted: number, own: number) => outcome(judged({ times: [NOW - trusted], predicate: altered(PREDICATE, 'timeVerified', before(own)) }));
  expect(made(6 * DAY, HOUR)).toBe('allowed');
  expect(made(8 * DAY, HOUR)).toEqual(['TOO_OLD']);
  expect(made(HOUR, 8 * DAY)).toEqual(['TOO_OLD']);
  expect(made(7 * DAY, 7 * DAY)).toBe('allowed');
  expect(made(7 * DAY + 1, 7 * DAY)).toEqual(['TOO_OLD']);
});

test('a key without a trusted time has no age', () => {
  const wanted = { predicateType, checks: CHECKS };
  const one = { predicate: PREDICATE, signer: keySigner() };
  expect(outcome(judgeAttestations(wanted, [{ ...one, times: [] }], { vault }))).toEqual(['TOO_OLD']);
  expect(outcome(judgeAttestations(wanted, [{ ...one, times: [NOW - 1] }], { vault }))).toBe('allowed');
});

test('E66: the attestor and the verifier belong together: another signer may name the verifier, and the signer another one', () => {
  expect(outcome(judged({ signer: auditorCertificate }))).toEqual(['WRONG_IDENTITY']);
  expect(outcome(judged({ signer: certificate() }))).toBe('allowed');
});

describe('the newest summary decides', () => {
  const at = (age: number, place = 'slsaVersion', value: Json = '1.1'): Attested => ({ times: [NOW - age], predicate: altered(altered(PREDICATE, 'timeVerified', before(age)), place, value) });

  test('one that failed after one that passed is denied, in either order; the other way round it is allowed', () => {
    const [failed, passed] = [at(HOUR, 'verificationResult', 'FAILED'), at(DAY)];
    expect(outcome(judged([failed, passed]))).toEqual(['WRONG_SUMMARY']);
    expect(outcome(judged([passed, failed]))).toEqual(['WRONG_SUMMARY']);
    expect(outcome(judged([at(DAY, 'verificationResult', 'FAILED'), at(HOUR)]))).toBe('allowed');
  });

  test('one that cannot be read could be the refusal that matters', () => {
    expect(outcome(judged([at(HOUR, 'verificationResult', null), at(DAY)]))).toEqual(['WRONG_FORMAT']);
  });

  test.each<[string, string, Json]>([
    ['by another verifier', 'verifier', { id: 'https://other.acme.test' }], ['about another resource', 'resourceUri', 'oci://ghcr.io/acme/other'],
  ])('one %s changes nothing', (_, place, value) => {
    const other = altered(at(HOUR, place, value).predicate as Json, 'verificationResult', 'FAILED');
    expect(outcome(judged([{ ...at(HOUR), predicate: other }, at(DAY)]))).toBe('allowed');
    expect(outcome(judged([{ ...at(HOUR), predicate: other }]))).toEqual(['WRONG_SUMMARY']);
  });

  test('one of another policy changes nothing where the policy is named', () => {
    const other = at(HOUR, 'policy', { digest: { sha256: 'cd'.repeat(32) } });
    const failed = { ...other, predicate: altered(other.predicate as Json, 'verificationResult', 'FAILED') };
    expect(outcome(judged([failed, at(DAY)], { policyDigest: `sha256:${POLICY}` }))).toBe('allowed');
    expect(outcome(judged([failed, at(DAY)]))).toEqual(['WRONG_SUMMARY']);
  });

  test('one of a stranger changes nothing', () => {
    expect(outcome(judged([{ ...at(HOUR, 'verificationResult', 'FAILED'), signer: auditorCertificate }, at(DAY)]))).toBe('allowed');
  });
});

test('two attestors that are both required each have their own newest summary', () => {
  const wanted = { predicateType, checks: CHECKS, threshold: 2 };
  const both = [{ predicate: PREDICATE }, { predicate: PREDICATE, signer: auditorCertificate }];
  expect(outcome(judgeAttestations(wanted, both, { auditor, release }))).toBe('allowed');
  expect(outcome(judgeAttestations(wanted, both.slice(0, 1), { auditor, release }))).toContain('BELOW_THRESHOLD');
});
