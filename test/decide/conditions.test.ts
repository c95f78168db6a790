import { Json, PredicateCondition } from '../../lib/policy/document';
import { checksOf, judgeAttestations } from './attestation';
import { auditorCertificate, outcome } from './world';

const predicateType = 'https://acme.test/review/v1';
const APPROVED: PredicateCondition = { expression: 'predicate.approved == true' };
const BY_SECURITY: PredicateCondition = { expression: 'predicate.teams.exists(t, t == "security")', message: 'a review by the security team' };

const judged = (conditions: PredicateCondition[], ...predicates: (Json | undefined)[]) => judgeAttestations(
  { predicateType, conditions }, predicates.map((predicate) => (predicate === undefined ? {} : { predicate })),
);

test('an attestation of which every condition is true is allowed, and each is listed', () => {
  expect(checksOf(judged([BY_SECURITY, APPROVED], { approved: true, teams: ['web', 'security'] })))
    .toEqual(['condition:predicate.approved == true', 'condition:predicate.teams.exists(t, t == "security")']);
});

test.each<[string, Json | undefined]>([
  ['false', { approved: false, teams: ['security'] }], ['no boolean', { approved: 'true', teams: ['security'] }], ['missing', { teams: ['security'] }], ['about nothing', undefined],
  ['half of them', { approved: true, teams: ['web'] }], ['of another shape', { approved: true, teams: 'security' }], ['null', null],
])('one that is %s is denied', (_, predicate) => {
  expect(outcome(judged([APPROVED, BY_SECURITY], predicate))).toEqual(['CONDITION_NOT_MET']);
});

test('all conditions hold on one and the same attestation', () => {
  const halves = [{ approved: true, teams: [] }, { approved: false, teams: ['security'] }];
  expect(outcome(judged([APPROVED, BY_SECURITY], ...halves))).toEqual(['CONDITION_NOT_MET']);
  expect(outcome(judged([APPROVED, BY_SECURITY], ...halves, { approved: true, teams: ['security'] }))).toBe('allowed');
});

test('conditions and checks hold on one and the same attestation', () => {
  const wanted = { predicateType: 'https://cyclonedx.org/bom', checks: { type: 'sbom' as const }, conditions: [{ expression: 'size(predicate.components) > 0' }] };
  const bom = { bomFormat: 'CycloneDX', specVersion: '1.6' };
  expect(outcome(judgeAttestations(wanted, [{ predicate: { ...bom, components: [] } }, { predicate: { components: ['x'] } }]))).toHaveLength(1);
  expect(outcome(judgeAttestations(wanted, [{ predicate: { ...bom, components: ['x'] } }]))).toBe('allowed');
});

test('the message of the policy says what is expected, and what is found has no line breaks', () => {
  expect(judged([BY_SECURITY], { teams: [] }).reasons[0]?.message).toBe('expected a review by the security team, found that it is false');
  expect(judged([APPROVED], {}).reasons[0]?.message).toBe('expected predicate.approved == true, found that it cannot be evaluated: No such key: approved');
});

test('what strangers attest is not evaluated, so that it takes nothing from the budget', () => {
  const costly = Array.from({ length: 300 }, () => ({ id: 'x' }));
  const conditions = [{ expression: 'predicate.all(x, predicate.all(y, y.id == x.id))' }];
  const strangers = Array.from({ length: 20 }, () => ({ predicate: costly, signer: auditorCertificate }));
  expect(outcome(judgeAttestations({ predicateType, conditions }, [...strangers, { predicate: costly.slice(0, 5) }]))).toBe('allowed');
  expect(outcome(judgeAttestations({ predicateType, conditions }, [{ predicate: costly }]))).toEqual(['CONDITION_NOT_MET']);
});
