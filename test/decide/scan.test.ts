import { Json, VulnerabilityScanChecks } from '../../lib/policy/document';
import { ABSENT, altered, Attested, before, checksOf, DAY, HOUR, judgeAttestations } from './attestation';
import { auditor, auditorCertificate, keySigner, NOW, outcome, release, vault } from './world';

const COSIGN = 'https://cosign.sigstore.dev/attestation/vuln/v1';
const IN_TOTO = 'https://in-toto.io/attestation/vulns/v0.2';

const CHECKS: VulnerabilityScanChecks = { type: 'vulnerability-scan', maxSeverity: 'medium', maxAge: '7d' };

/** A scan that ended an hour ago, with a database of two hours ago. */
const scan = (result: Json, age = HOUR): Json => ({
  scanner: { uri: 'pkg:github/aquasecurity/trivy@v0.60', version: '0.60', db: { lastUpdate: before(age + HOUR) }, result },
  metadata: { scanStartedOn: before(age + 60_000), scanFinishedOn: before(age) },
});

const trivy = (...severities: (Json | undefined)[]): Json => ({
  SchemaVersion: 2,
  ArtifactName: 'ghcr.io/acme/payments/api',
  Results: [
    { Target: 'debian' },
    { Target: 'app', Vulnerabilities: severities.map((Severity, index) => ({ VulnerabilityID: `CVE-2026-${index}`, PkgName: 'x', ...(Severity === undefined ? {} : { Severity }) })) },
  ],
});
const grype = (...severities: Json[]): Json => ({ matches: severities.map((severity, index) => ({ vulnerability: { id: `CVE-2026-${index}`, severity } })), descriptor: { name: 'grype' } });
const inToto = (...scores: Json[]): Json => scores.map((severity, index) => ({ id: `CVE-2026-${index}`, severity }));

const FORMS: [string, string, Json, Json][] = [
  ['Trivy', COSIGN, scan(trivy('LOW', 'MEDIUM')), scan(trivy('LOW', 'HIGH'))],
  ['Grype', COSIGN, scan(grype('Negligible', 'Medium')), scan(grype('Critical', 'Low'))],
  ['in-toto', IN_TOTO, scan(inToto([{ method: 'nvd', score: 'medium' }, { method: 'cvss_score', score: '5.2' }])), scan(inToto([{ method: 'nvd', score: 'medium' }, { method: 'cvss_score', score: '7.0' }]))],
];

const judged = (attested: Attested | readonly Attested[], checks: Partial<VulnerabilityScanChecks> = {}, predicateType = COSIGN) => (
  judgeAttestations({ predicateType, checks: { ...CHECKS, ...checks } }, [attested].flat())
);

describe.each(FORMS)('a scan by %s', (_, predicateType, clean, bad) => {
  const outcomeOf = (predicate: Json, checks: Partial<VulnerabilityScanChecks> = {}) => outcome(judged({ predicate }, checks, predicateType));

  test('is allowed when nothing is worse than the threshold, with every check listed', () => {
    expect(checksOf(judged({ predicate: clean }, { maxDatabaseAge: '24h' }, predicateType)))
      .toEqual(['scan:shape', 'scan:age', 'scan:database-age', 'scan:severity', 'newest']);
  });

  test('is denied when one is worse, and allowed when that one is ignored until a date', () => {
    expect(outcomeOf(bad)).toEqual(['VULNERABLE']);
    const worse = predicateType === IN_TOTO || JSON.stringify(bad).includes('Critical') ? 'CVE-2026-0' : 'CVE-2026-1';
    const ignore = (id: string, until: string) => outcomeOf(bad, { ignored: [{ id, reason: 'not called', owner: 'payments', until }] });
    expect(ignore(worse, '2026-06-02')).toBe('allowed');
    expect(ignore(worse, '2026-06-01')).toEqual(['VULNERABLE']);
    expect(ignore('CVE-2026-99', '2026-06-02')).toEqual(['VULNERABLE']);
    expect(ignore(worse.toLowerCase(), '2026-06-02')).toEqual(['VULNERABLE']);
  });

  test('is denied without the vulnerabilities that make it a scan', () => {
    expect(outcomeOf(altered(clean, 'scanner.result', ABSENT))).toEqual(['WRONG_FORMAT']);
    expect(outcomeOf(altered(clean, 'scanner.result', {}))).toEqual(['WRONG_FORMAT']);
    expect(outcomeOf(altered(clean, 'scanner', ABSENT))).toEqual(['WRONG_FORMAT']);
  });

  test.each<[string, Json | typeof ABSENT]>([
    ['metadata', ABSENT], ['metadata.scanFinishedOn', ABSENT], ['metadata.scanFinishedOn', ''], ['metadata.scanFinishedOn', 'yesterday'], ['metadata.scanStartedOn', ABSENT],
    ['metadata.scanFinishedOn', NOW],
  ])('is denied with %s %p', (place, value) => {
    expect(outcomeOf(altered(clean, place, value))).toEqual(['WRONG_FORMAT']);
    expect(outcomeOf(clean)).toBe('allowed');
  });
});

test('an image in which Trivy found nothing to look at has no vulnerability; a report of another schema is none', () => {
  expect(outcome(judged({ predicate: scan({ SchemaVersion: 2, ArtifactName: 'x' }) }))).toBe('allowed');
  expect(outcome(judged({ predicate: scan({ SchemaVersion: 3, ArtifactName: 'x' }) }))).toEqual(['WRONG_FORMAT']);
  expect(outcome(judged({ predicate: scan({ SchemaVersion: 2 }) }))).toEqual(['WRONG_FORMAT']);
});

test.each<[string, Json]>([
  ['both of Trivy and of Grype', { ...trivy() as object, ...grype('Critical') as object }], ['a target that is no object', { ...trivy() as object, Results: ['x'] }],
  ['results that are an object', { ...trivy() as object, Results: {} }], ['vulnerabilities that are a text', { ...trivy() as object, Results: [{ Vulnerabilities: 'none' }] }],
  ['a vulnerability without id', { ...trivy() as object, Results: [{ Vulnerabilities: [{ Severity: 'LOW' }] }] }],
  ['a match without vulnerability', { matches: [{}] }], ['a list of in-toto under the type of cosign', inToto([{ method: 'nvd', score: 'low' }])],
])('a result that is %s is denied as a whole', (_, result) => {
  expect(outcome(judged({ predicate: scan(result) }))).toEqual(['WRONG_FORMAT']);
});

test('a result of Trivy under the type of in-toto is denied', () => {
  expect(outcome(judged({ predicate: scan(trivy()) }, {}, IN_TOTO))).toEqual(['WRONG_FORMAT']);
  expect(outcome(judged({ predicate: scan(inToto()) }, {}, IN_TOTO))).toBe('allowed');
});

test('a severity that is not known counts as the worst, whatever is allowed', () => {
  for (const severity of ['UNKNOWN', 'Severe', '', undefined, null, 3, [], { toString: 'LOW' }, 'constructor', '__proto__']) {
    expect(outcome(judged({ predicate: scan(trivy(severity)) }, { maxSeverity: 'high' }))).toEqual(['VULNERABLE']);
  }
  expect(outcome(judged({ predicate: scan(trivy('high')) }, { maxSeverity: 'high' }))).toBe('allowed');
});

test.each<[Json, string, 'allowed' | string[]]>([
  [[{ method: 'nvd', score: 'LOW' }], 'low', 'allowed'], [[{ method: 'nvd', score: 'low' }, { method: 'vendor', score: 'high' }], 'low', ['VULNERABLE']],
  [[{ method: 'cvss_score', score: '0.0' }], 'none', 'allowed'], [[{ method: 'CVSSv3', score: '3.9' }], 'low', 'allowed'], [[{ method: 'cvss_score', score: '4.0' }], 'low', ['VULNERABLE']],
  [[{ method: 'cvss_score', score: '6.9' }], 'medium', 'allowed'], [[{ method: 'cvss_score', score: '9' }], 'high', ['VULNERABLE']], [[{ method: 'cvss_score', score: '8.9' }], 'high', 'allowed'],
  [[{ method: 'cvss_score', score: '10.1' }], 'high', ['VULNERABLE']], [[{ method: 'cvss_score', score: '-1' }], 'high', ['VULNERABLE']],
  [[{ method: 'epss', score: '0.01' }], 'high', ['VULNERABLE']], [[{ method: 'nvd', score: 'low' }, { method: 'vendor', score: 'Sev-1' }], 'high', ['VULNERABLE']],
  [[{ method: 'cvss_vector', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }], 'high', ['VULNERABLE']],
  [[{ method: 'cvss_vector', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }, { method: 'cvss_score', score: '7.5' }], 'high', 'allowed'],
  [[{ score: 'low' }], 'high', ['VULNERABLE']], [[{ method: 'cvss', score: 1 }], 'high', ['VULNERABLE']], [[], 'high', ['VULNERABLE']], ['low', 'high', ['VULNERABLE']],
  [[null], 'high', ['VULNERABLE']],
])('scores %j under at most %s', (scores, maxSeverity, expected) => {
  expect(outcome(judged({ predicate: scan(inToto(scores)) }, { maxSeverity: maxSeverity as 'low' }, IN_TOTO))).toEqual(expected);
});

test('a threshold of none takes no vulnerability that has a rating', () => {
  expect(outcome(judged({ predicate: scan(trivy()) }, { maxSeverity: 'none' }))).toBe('allowed');
  expect(outcome(judged({ predicate: scan(trivy('LOW')) }, { maxSeverity: 'none' }))).toEqual(['VULNERABLE']);
});

describe('age', () => {
  const outcomeOf = (trusted: number, own: number, checks: Partial<VulnerabilityScanChecks> = {}) => outcome(
    judged({ times: [NOW - trusted], predicate: scan(trivy(), own) }, checks),
  );

  test('is by trusted time, and by its own where that is older: neither makes it younger', () => {
    expect(outcomeOf(HOUR, 6 * DAY)).toBe('allowed');
    expect(outcomeOf(8 * DAY, HOUR)).toEqual(['TOO_OLD']);
    expect(outcomeOf(HOUR, 8 * DAY)).toEqual(['TOO_OLD']);
    expect(outcomeOf(HOUR, -DAY)).toBe('allowed');
    expect(outcomeOf(8 * DAY, -DAY)).toEqual(['TOO_OLD']);
  });

  test('is by the earliest of several trusted times: a later stamp makes nothing younger', () => {
    expect(outcome(judged({ times: [NOW - 8 * DAY, NOW - HOUR], predicate: scan(trivy()) }))).toEqual(['TOO_OLD']);
    expect(outcome(judged({ times: [NOW - 6 * DAY, NOW - HOUR], predicate: scan(trivy()) }))).toBe('allowed');
  });

  test('of the database counts where it is asked for, and has to be said there', () => {
    const old = altered(scan(trivy()), 'scanner.db.lastUpdate', before(2 * DAY));
    const silent = altered(scan(trivy()), 'scanner.db', ABSENT);
    expect([old, silent].map((predicate) => outcome(judged({ predicate })))).toEqual(['allowed', 'allowed']);
    expect([old, silent, scan(trivy())].map((predicate) => outcome(judged({ predicate }, { maxDatabaseAge: '1d' })))).toEqual([['TOO_OLD'], ['TOO_OLD'], 'allowed']);
  });

  test('of what a key signed without a trusted time cannot be told', () => {
    const one = { predicate: scan(trivy()), signer: keySigner() };
    expect(outcome(judgeAttestations({ predicateType: COSIGN, checks: CHECKS }, [{ ...one, times: [] }], { vault }))).toEqual(['TOO_OLD']);
    expect(outcome(judgeAttestations({ predicateType: COSIGN, checks: CHECKS }, [{ ...one, times: [NOW - 1] }], { vault }))).toBe('allowed');
  });
});

describe('the newest scan decides', () => {
  const at = (trusted: number, result: Json, own = trusted): Attested => ({ times: [NOW - trusted], predicate: scan(result, own) });

  test.each<[string, Attested[], 'allowed' | string[]]>([
    ['a bad one after a clean one', [at(DAY, trivy()), at(HOUR, trivy('HIGH'))], ['VULNERABLE']],
    ['a clean one after a bad one', [at(DAY, trivy('HIGH')), at(HOUR, trivy())], 'allowed'],
    ['one that cannot be read after a clean one', [at(DAY, trivy()), at(HOUR, 'x')], ['WRONG_FORMAT']],
    ['a clean one after one that cannot be read', [at(DAY, 'x'), at(HOUR, trivy())], 'allowed'],
    ['a bad one of the same moment as a clean one', [at(HOUR, trivy()), at(HOUR, trivy('HIGH'))], ['VULNERABLE']],
    ['an old clean one that was stamped again after a bad one', [at(HOUR, trivy(), 3 * DAY), at(DAY, trivy('HIGH'))], ['VULNERABLE']],
    ['an old clean one that was stamped again after a newer clean one', [at(HOUR, trivy(), 3 * DAY), at(DAY, trivy())], 'allowed'],
    ['a bad one that states an old time after a clean one', [at(HOUR, trivy('HIGH'), 3 * DAY), at(DAY, trivy())], ['VULNERABLE']],
    ['a bad one that states a later time than it was signed at, before a clean one', [at(DAY, trivy('HIGH'), -DAY), at(HOUR, trivy())], 'allowed'],
    ['a clean one beyond the age, with the newer bad one hidden', [at(8 * DAY, trivy())], ['TOO_OLD']],
  ])('%s', (_, attestations, expected) => {
    expect(outcome(judged(attestations))).toEqual(expected);
    expect(outcome(judged([...attestations].reverse().map((one, index) => ({ ...one, label: `other way round ${index}` }))))).toEqual(expected);
  });

  test('one of a stranger, one about another image and one without trusted time change nothing', () => {
    const bad = at(HOUR, trivy('CRITICAL'));
    expect(outcome(judged([at(DAY, trivy()), { ...bad, signer: auditorCertificate }]))).toBe('allowed');
    expect(outcome(judged([at(DAY, trivy()), { ...bad, times: [] }]))).toBe('allowed');
    expect(outcome(judged([at(DAY, trivy()), { ...bad, unverified: { verified: false, code: 'INVALID_SIGNATURE', message: 'altered' } }]))).toBe('allowed');
    expect(outcome(judged([at(DAY, trivy()), bad]))).toEqual(['VULNERABLE']);
  });

  test('what the newest of one attestor says is not undone by an older one of another', () => {
    const both = { auditor, release };
    const wanted = { predicateType: COSIGN, checks: CHECKS };
    const byAuditor = { signer: auditorCertificate };
    expect(outcome(judgeAttestations(wanted, [at(DAY, trivy()), { ...at(HOUR, trivy('HIGH')), ...byAuditor }], both))).toEqual(['VULNERABLE']);
    expect(outcome(judgeAttestations(wanted, [at(HOUR, trivy()), { ...at(HOUR, trivy('HIGH')), ...byAuditor }], both))).toEqual(['VULNERABLE']);
    expect(outcome(judgeAttestations(wanted, [at(HOUR, trivy()), { ...at(DAY, trivy('HIGH')), ...byAuditor }], both))).toBe('allowed');
    expect(outcome(judgeAttestations(wanted, [at(HOUR, trivy())], both))).toBe('allowed');
  });
});

test('the message names what was found, at most three, and nothing that could disturb a terminal', () => {
  const [reason] = judged({ predicate: scan({ ...trivy() as object, Results: [{ Vulnerabilities: ['CVE-1\u001b[2J', 'b', 'c', 'd'].map((id) => ({ VulnerabilityID: id, Severity: 'HIGH' })) }] }) }).reasons;
  expect(reason?.message).toBe('expected nothing worse than medium, found "CVE-1\\u{1b}[2J" (high), "b" (high), "c" (high) and 1 more');
});
