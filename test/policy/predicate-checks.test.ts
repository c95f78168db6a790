import { Attestor, ImagePolicy, PredicateChecks } from '../../lib/policy/document';
import { NormalPolicy } from '../../lib/policy/normal';
import { normalize } from '../../lib/policy/normalize';
import { parseDocument, validateDocument } from '../../lib/policy/validate';
import { key, keyless, put, smallPolicy, without } from './documents';

const SUMMARY: PredicateChecks = {
  type: 'verification-summary', verifierId: 'https://verifier.acme.test', resourceUris: ['oci://b', 'oci://a'], levels: ['SLSA_BUILD_LEVEL_2'], maxAge: '24h', policyDigest: `sha256:${'ab'.repeat(32)}`,
};
const SCAN: PredicateChecks = {
  type: 'vulnerability-scan', maxSeverity: 'medium', maxAge: '7d', maxDatabaseAge: '48h',
  ignored: [{ id: 'CVE-2026-2', reason: 'not called', owner: 'payments', until: '2027-01-01T00:00:00Z' }, { id: 'CVE-2026-1', reason: 'not called', owner: 'payments', until: '2027-01-01' }],
};
const V02: PredicateChecks = { type: 'slsa-provenance-v0.2', source: 'https://github.com/acme/payments' };

const TYPES = {
  'slsa-provenance': 'https://slsa.dev/provenance/v1',
  'slsa-provenance-v0.2': 'https://slsa.dev/provenance/v0.2',
  'verification-summary': 'https://slsa.dev/verification_summary/v1',
  'sbom': 'https://spdx.dev/Document',
  'vulnerability-scan': 'https://cosign.sigstore.dev/attestation/vuln/v1',
};

function document(checks: PredicateChecks, predicateType: string = TYPES[checks.type], attestor: Attestor = keyless): ImagePolicy {
  const requirement = { type: 'attestation' as const, name: 'required', attestors: ['release'], predicateType, checks };
  return { ...smallPolicy, spec: { ...smallPolicy.spec, attestors: { release: attestor }, requirements: [requirement] } };
}

const problems = (value: unknown): string[] => validateDocument(value).map(({ path, message }) => `${path.replace('spec.requirements[0].', '')} ${message}`);
const PLACE = 'spec.requirements.0.checks';

const PAIRS: [PredicateChecks, string][] = [
  [SUMMARY, TYPES['verification-summary']], [SCAN, TYPES['vulnerability-scan']], [SCAN, 'https://in-toto.io/attestation/vulns/v0.2'], [V02, TYPES['slsa-provenance-v0.2']],
  [{ type: 'sbom' }, 'https://spdx.dev/Document'], [{ type: 'sbom' }, 'https://spdx.dev/Document/v2.3'], [{ type: 'sbom' }, 'https://cyclonedx.org/bom'],
];

test.each(PAIRS)('%j go with %s and with no type of another kind', (checks, predicateType) => {
  expect(problems(document(checks, predicateType))).toEqual([]);
  for (const other of [...new Set([...Object.values(TYPES), `${predicateType}/`])].filter((type) => type !== TYPES[checks.type])) {
    if (!PAIRS.some(([one, type]) => one.type === checks.type && type === other)) {
      expect(problems(document(checks, other))).toEqual([expect.stringMatching(/^checks reads only predicates of type .*: correct one of the two$/)]);
    }
  }
});

test('a type of v1 takes no checks of v0.2, and the reverse', () => {
  expect(problems(document({ ...V02, type: 'slsa-provenance' }, TYPES['slsa-provenance-v0.2']))).toHaveLength(1);
  expect(problems(document(V02, TYPES['slsa-provenance']))).toHaveLength(1);
  expect(problems(document({ ...V02, type: 'slsa-provenance' }))).toEqual([]);
});

test.each<[PredicateChecks, string, unknown, RegExp]>([
  [SUMMARY, 'verifierId', 'verifier', /^checks\.verifierId is "verifier", which is not a URI/], [SUMMARY, 'verifierId', 'https://verifier.acme.test/*', /looks like a pattern/],
  [SUMMARY, 'verifierId', undefined, /^checks\.verifierId is missing/], [SUMMARY, 'resourceUris', [], /^checks\.resourceUris is empty/], [SUMMARY, 'resourceUris.1', 'api', /^checks\.resourceUris\[1\] /],
  [SUMMARY, 'resourceUris', undefined, /^checks\.resourceUris is missing/], [SUMMARY, 'levels', [], /^checks\.levels is empty/], [SUMMARY, 'levels.0', 2, /^checks\.levels\[0\] is 2: write a text/],
  [SUMMARY, 'levels', undefined, /^checks\.levels is missing/], [SUMMARY, 'maxAge', undefined, /^checks\.maxAge is missing/], [SUMMARY, 'maxAge', '1 day', /^checks\.maxAge "1 day" is no age/],
  [SUMMARY, 'maxAge', 86400, /^checks\.maxAge is 86400: write a text/], [SUMMARY, 'policyDigest', 'ab'.repeat(32), /^checks\.policyDigest .*not the digest of a policy/],
  [SUMMARY, 'verifier', 'x', /^checks\.verifier is not known here.*verifierId/],
  [SCAN, 'maxSeverity', 'critical', /^checks\.maxSeverity is "critical": write "none" or "low" or "medium" or "high"/], [SCAN, 'maxSeverity', undefined, /^checks\.maxSeverity is missing/],
  [SCAN, 'maxAge', undefined, /^checks\.maxAge is missing/], [SCAN, 'maxAge', '400d', /^checks\.maxAge .*longer than 366 days/], [SCAN, 'maxDatabaseAge', '0d', /^checks\.maxDatabaseAge /],
  [SCAN, 'ignored', [], /^checks\.ignored is empty/], [SCAN, 'ignored.0', 'CVE-2026-1', /^checks\.ignored\[0\] is "CVE-2026-1": write an object/],
  [SCAN, 'ignored.0.id', 'CVE-2026-*', /^checks\.ignored\[0\]\.id .*looks like a pattern/], [SCAN, 'ignored.0.id', 'CVE-2026-1', /^checks\.ignored\[1\]\.id is "CVE-2026-1" a second time/],
  [SCAN, 'ignored.0.reason', undefined, /^checks\.ignored\[0\]\.reason is missing/], [SCAN, 'ignored.0.reason', ' ', /^checks\.ignored\[0\]\.reason is empty/],
  [SCAN, 'ignored.0.until', undefined, /^checks\.ignored\[0\]\.until is missing/], [SCAN, 'ignored.0.until', 'soon', /^checks\.ignored\[0\]\.until "soon" is not a date/],
  [{ type: 'sbom' }, 'format', 'spdx', /^checks\.format is not known here/], [V02, 'source', undefined, /^checks\.source is missing/], [V02, 'level', 4, /^checks\.level is 4/],
])('%j with %s %j has one problem', (checks, place, value, message) => {
  const sound = document(checks);
  expect(problems(sound)).toEqual([]);
  expect(problems(value === undefined ? without(sound, `${PLACE}.${place}`) : put(sound, `${PLACE}.${place}`, value))).toEqual([expect.stringMatching(message)]);
});

test('v0.2 has the same impossible demands as v1', () => {
  expect(problems(document(V02, undefined, key))).toEqual([expect.stringMatching(/^checks\.builderIds is missing/), expect.stringMatching(/^checks\.buildTypes is missing/)]);
  expect(problems(document({ ...V02, builderIds: ['https://b/1'], buildTypes: ['https://b/t'] }, undefined, key))).toEqual([]);
});

test.each([SUMMARY, SCAN])('an age of what a key signs without log and timestamp can never be told: %j', (checks) => {
  const untimed: Attestor = { ...key, transparency: { log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } } };
  expect(problems(document(checks, undefined, untimed)))
    .toEqual([expect.stringMatching(/^checks\.maxAge is .*, but nothing trusted says when the attestor "release" signs: require a timestamp/)]);
  expect(problems(document(checks, undefined, { ...key, transparency: { log: 'notRequired', timestamp: 'required', reason: 'air-gapped' } }))).toEqual([]);
  expect(problems(document(checks, undefined, key))).toEqual([]);
  expect(problems(document({ type: 'sbom' }, undefined, untimed))).toEqual([]);
});

describe('conditions', () => {
  const withConditions = (conditions: unknown): unknown => put(document({ type: 'sbom' }), 'spec.requirements.0.conditions', conditions);
  const HOLDS = { expression: 'predicate.spdxVersion.startsWith("SPDX-")', message: 'any version' };

  test.each<[string, unknown, RegExp]>([
    ['none', [], /^conditions is empty/], ['a text', ['predicate.x'], /^conditions\[0\] is "predicate\.x": write an object/], ['no expression', [{ message: 'x' }], /^conditions\[0\]\.expression is missing/],
    ['a mistake', [{ expression: 'predicate.x ==' }], /^conditions\[0\]\.expression is .*, which has a mistake at character 15/],
    ['a pattern', [HOLDS, { expression: 'predicate.x.matches(".*")' }], /^conditions\[1\]\.expression is .*the function matches/],
    ['one of another type', [{ expression: 'size(predicate)' }], /^conditions\[0\]\.expression .*of type int/], ['one twice', [HOLDS, HOLDS], /^conditions\[1\]\.expression .*a second time/],
    ['a message that is none', [{ ...HOLDS, message: 7 }], /^conditions\[0\]\.message is 7: write a text/], ['an unknown field', [{ ...HOLDS, reason: 'x' }], /^conditions\[0\]\.reason is not known here/],
    ['too many', Array.from({ length: 17 }, (_, index) => ({ expression: `predicate.x == ${index}` })), /^conditions has 17 conditions, and 16 are the most/],
  ])('%s: one problem', (_, conditions, message) => {
    expect(problems(withConditions(conditions))).toEqual([expect.stringMatching(message)]);
    expect(problems(withConditions([HOLDS]))).toEqual([]);
  });

  test('belong to attestations', () => {
    expect(problems(put(smallPolicy, 'spec.requirements.0.conditions', [HOLDS]))).toEqual([expect.stringMatching(/^conditions is not known here/)]);
  });

  test('their order makes no difference', () => {
    const other = { expression: 'has(predicate.packages)' };
    const [one, two] = [[HOLDS, other], [other, HOLDS]].map((conditions) => normalize(parseDocument(withConditions(conditions))));
    expect(one).toEqual(two);
    expect((one as NormalPolicy).requirements).toMatchObject([{ conditions: [{ ...other, message: '' }, HOLDS] }]);
  });
});

describe('the normal form', () => {
  const normal = (checks: PredicateChecks): unknown => (normalize(parseDocument(document(checks))) as NormalPolicy).requirements
    .map((requirement) => (requirement.type === 'attestation' ? requirement.checks : undefined))[0];

  test('writes every default out, with ages, dates and sets in one spelling', () => {
    expect(normal(SUMMARY)).toEqual({ ...SUMMARY, resourceUris: ['oci://a', 'oci://b'], maxAge: '1d' });
    expect(normal(without(SUMMARY, 'policyDigest') as PredicateChecks)).toMatchObject({ policyDigest: '' });
    expect(normal(SCAN)).toEqual({
      ...SCAN, maxDatabaseAge: '2d',
      ignored: [{ id: 'CVE-2026-1', reason: 'not called', owner: 'payments', until: '2027-01-01' }, { id: 'CVE-2026-2', reason: 'not called', owner: 'payments', until: '2027-01-01' }],
    });
    expect(normal({ type: 'vulnerability-scan', maxSeverity: 'none', maxAge: '60m' })).toEqual({ type: 'vulnerability-scan', maxSeverity: 'none', maxAge: '1h', maxDatabaseAge: '', ignored: [] });
    expect(normal(V02)).toMatchObject({
      level: 2,
      buildTypes: ['https://github.com/slsa-framework/slsa-github-generator/container@v1', 'https://github.com/slsa-framework/slsa-github-generator/generic@v1'],
    });
    expect(normal({ type: 'sbom' })).toEqual({ type: 'sbom' });
  });
});
