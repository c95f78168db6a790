import fc from 'fast-check';
import { Json, PredicateChecks } from '../../lib/policy/document';
import { ABSENT, altered, before, HOUR, judgeAttestations } from './attestation';
import { SOURCE } from './world';

/** Every kind of checks with a predicate type that it reads. */
const KINDS: readonly [string, PredicateChecks][] = [
  ['https://slsa.dev/provenance/v1', { type: 'slsa-provenance', source: SOURCE }],
  ['https://slsa.dev/provenance/v0.2', { type: 'slsa-provenance-v0.2', source: SOURCE }],
  ['https://slsa.dev/verification_summary/v1', { type: 'verification-summary', verifierId: 'https://v.test', resourceUris: ['oci://x'], levels: ['SLSA_BUILD_LEVEL_1'], maxAge: '7d' }],
  ['https://spdx.dev/Document', { type: 'sbom' }],
  ['https://cyclonedx.org/bom', { type: 'sbom' }],
  ['https://cosign.sigstore.dev/attestation/vuln/v1', { type: 'vulnerability-scan', maxSeverity: 'high', maxAge: '7d', maxDatabaseAge: '7d' }],
  ['https://in-toto.io/attestation/vulns/v0.2', { type: 'vulnerability-scan', maxSeverity: 'high', maxAge: '7d' }],
];

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'builder', 'id', 'buildDefinition', 'runDetails', 'invocation', 'materials', 'scanner',
  'result', 'metadata', 'scanFinishedOn', 'matches', 'Results', 'verifier', 'verifiedLevels', 'bomFormat', 'spdxVersion'];

const hostile: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, -1, 1e308, '', 'PASSED', 'CycloneDX', '{', '\ud800', before(HOUR)),
    fc.array(tie('value'), { maxLength: 4 }),
    // JSON.parse makes of "__proto__" a member of its own.
    fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 5 }).map((members) => JSON.parse(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`) as Json),
  ),
})).value;

function nested(depth: number, wrap: (inner: Json) => Json): Json {
  let value: Json = 'x';
  for (let level = 0; level < depth; level += 1) {
    value = wrap(value);
  }
  return value;
}

test.each(KINDS)('%s: whatever the predicate is, nothing throws and nothing is allowed', (predicateType, checks) => {
  fc.assert(fc.property(hostile, (predicate) => {
    const { allowed, reasons } = judgeAttestations({ predicateType, checks }, [{ predicate }]);
    expect(allowed).toBe(false);
    expect(reasons).toHaveLength(1);
    expect(['WRONG_PROVENANCE', 'WRONG_FORMAT', 'WRONG_SUMMARY', 'TOO_OLD', 'VULNERABLE']).toContain(reasons[0]?.code);
  }), { numRuns: 400 });
});

test.each(KINDS)('%s: deep, long and wide predicates are denied without delay', (predicateType, checks) => {
  const predicates = [
    nested(60, (inner) => [inner]), nested(60, (inner) => ({ scanner: inner, predicate: inner })), Array.from({ length: 50_000 }, () => 'x'),
    Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, index])), 'x'.repeat(10_000_000),
    { matches: Array.from({ length: 30_000 }, () => ({ vulnerability: { id: 'x', severity: 'low' } })) },
  ] as Json[];
  const start = performance.now();
  for (const predicate of predicates.flatMap((one): Json[] => [one, { scanner: { result: one } }, { verifiedLevels: one }, { buildDefinition: one }])) {
    expect(judgeAttestations({ predicateType, checks }, [{ predicate }]).allowed).toBe(false);
  }
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a scan of every shape that is a little off is denied, and the sound one allowed', () => {
  const sound: Json = {
    scanner: { db: { lastUpdate: before(HOUR) }, result: { SchemaVersion: 2, ArtifactName: 'x', Results: [{ Vulnerabilities: [{ VulnerabilityID: 'CVE-1', Severity: 'LOW' }] }] } },
    metadata: { scanStartedOn: before(HOUR), scanFinishedOn: before(HOUR) },
  };
  const [predicateType, checks] = KINDS[5] as (typeof KINDS)[number];
  const allowed = (predicate: Json): boolean => judgeAttestations({ predicateType, checks }, [{ predicate }]).allowed;
  const places = ['scanner', 'scanner.db', 'scanner.db.lastUpdate', 'scanner.result', 'scanner.result.SchemaVersion', 'scanner.result.ArtifactName', 'scanner.result.Results',
    'scanner.result.Results.0', 'scanner.result.Results.0.Vulnerabilities', 'scanner.result.Results.0.Vulnerabilities.0', 'scanner.result.Results.0.Vulnerabilities.0.VulnerabilityID',
    'scanner.result.Results.0.Vulnerabilities.0.Severity', 'metadata', 'metadata.scanStartedOn', 'metadata.scanFinishedOn'];
  expect(allowed(sound)).toBe(true);
  expect(places.flatMap((place) => ([0, true, '', ['x']] as const).filter((value) => allowed(altered(sound, place, value as Json))).map((value) => `${place} = ${JSON.stringify(value)}`))).toEqual([]);
  expect(places.filter((place) => !/Results(?:\.0)?(?:\.Vulnerabilities)?(?:\.0)?$/.test(place)).filter((place) => allowed(altered(sound, place, ABSENT)))).toEqual([]);
});
