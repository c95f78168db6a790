import fc from 'fast-check';
import { Evidence } from '../../lib/decide/evidence';
import { PolicyDocument, Requirement } from '../../lib/policy/document';
import { auditor, auditorCertificate, certificate, CLAIMS, keySigner, OTHER_DIGEST, judge, NOW, piece, PieceOptions, policy, release, signed, vault, WORKFLOW } from './world';

const SBOM = 'https://spdx.dev/Document/v2.3';
const everybody = [release, auditor, vault];
const wide = { ...release, subject: { workflow: WORKFLOW, refs: ['refs/heads/main', 'refs/tags/v*'] } };

/** Pieces of every quality: genuine ones of several parties and kinds, and everything that falls short. */
const options: fc.Arbitrary<PieceOptions> = fc.record({
  label: fc.integer({ min: 0, max: 1_000_000 }).map(String),
  statement: fc.oneof(
    { arbitrary: fc.constant(signed), weight: 4 },
    { arbitrary: fc.constantFrom(SBOM, 'https://acme.test/other').map((predicateType) => ({ ...signed, says: 'attestation' as const, predicateType })), weight: 3 },
    { arbitrary: fc.constant({ ...signed, subjects: [{ digest: { sha256: OTHER_DIGEST.slice(7) } }] }), weight: 1 },
    { arbitrary: fc.constant({ readable: false as const, code: 'MALFORMED' as const, message: 'x' }), weight: 1 },
  ),
  signer: fc.constantFrom(
    certificate(), auditorCertificate, keySigner(), certificate({ subject: `${WORKFLOW}@refs/tags/v1` }), certificate({ claims: { ...CLAIMS, buildTrigger: 'schedule' } }),
    certificate({ subject: 'https://github.com/evil/x@refs/heads/main' }),
  ),
  times: fc.oneof({ arbitrary: fc.constant([NOW - 1]), weight: 8 }, { arbitrary: fc.constantFrom([], [NOW + 3_600_000]), weight: 1 }),
  under: fc.constant(everybody),
});

const unverified = fc.constant({ verified: false as const, code: 'INVALID_SIGNATURE' as const, message: 'altered' });

const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  { arbitrary: options.map(piece), weight: 5 },
  { arbitrary: fc.tuple(options, unverified).map(([some, fact]) => piece({ ...some, unverified: fact })), weight: 1 },
);

/** Evidence that no policy here accepts, whatever else there is. */
const junk: fc.Arbitrary<Evidence> = fc.oneof(
  fc.tuple(options, unverified).map(([some, fact]) => piece({ ...some, label: `junk ${some.label}`, unverified: fact })),
  options.map((some) => piece({ ...some, label: `junk ${some.label}`, signer: certificate({ subject: 'https://github.com/evil/x@refs/heads/main' }) })),
  options.map((some) => piece({ ...some, label: `junk ${some.label}`, statement: { ...signed, subjects: [{ digest: { sha256: OTHER_DIGEST.slice(7) } }] } })),
);

const requirement = (index: number): fc.Arbitrary<Requirement> => fc.tuple(fc.boolean(), fc.subarray(['auditor', 'release', 'vault', 'wide'], { minLength: 1 }), fc.constantFrom(1, 1, 1, 2, 2, 3))
  .map(([signature, attestors, count]) => {
    const common = { name: `r${index}`, attestors, threshold: Math.min(count, attestors.length) };
    return signature ? { ...common, type: 'signature' } : { ...common, type: 'attestation', predicateType: SBOM };
  });

const documents: fc.Arbitrary<PolicyDocument[]> = fc.array(fc.tuple(requirement(0), requirement(1), fc.boolean()), { minLength: 1, maxLength: 2 })
  .map((entries) => entries.map(([first, second, one], index) => {
    const requirements = one ? [first] : [first, second];
    const all = { auditor, release, vault, wide };
    const used = Object.fromEntries(Object.entries(all).filter(([name]) => requirements.some(({ attestors }) => attestors.includes(name))));
    return policy({ attestors: used, requirements }, `policy-${index}`);
  }));

/** The same digest is the same bytes, so the same signer. */
const pieces = fc.uniqueArray(evidence, { maxLength: 12, size: 'max', selector: ({ digest }) => digest });

test('an allow has, for every requirement of every policy, as many different pieces as its threshold, with every check that it takes', () => {
  let allowed = 0;
  fc.assert(fc.property(documents, pieces, (policies, found) => {
    const verdict = judge(policies, found);
    if (!verdict.allowed) {
      expect(verdict.reasons.length).toBeGreaterThan(0);
      return;
    }
    allowed += 1;
    for (const document of policies) {
      for (const { name, type, threshold = 1 } of document.kind === 'ImagePolicy' ? document.spec.requirements : []) {
        const proof = verdict.proof.flatMap((entry) => (entry.type === 'requirement' && entry.policy === document.metadata.name && entry.requirement === name ? [entry] : []));
        expect(new Set(proof.map(({ evidence: digest }) => digest)).size).toBeGreaterThanOrEqual(threshold);
        for (const { checks, attestor } of proof) {
          expect(checks).toEqual(expect.arrayContaining(['statement-kind', 'cryptography', 'certificate-chain', 'signing-time', 'subject-digest']));
          expect(checks).toEqual(expect.arrayContaining(attestor === 'vault' ? ['key'] : ['issuer', 'subject']));
          expect(checks.includes('predicate-type')).toBe(type === 'attestation');
        }
      }
    }
  }), { numRuns: 300 });
  expect(allowed).toBeGreaterThan(20);
});

test('junk beside the evidence changes neither an allow nor a denial', () => {
  fc.assert(fc.property(documents, pieces, fc.array(junk, { minLength: 1, maxLength: 4 }), fc.boolean(), (policies, found, more, before) => {
    const verdict = judge(policies, found);
    const beside = judge(policies, before ? [...more, ...found] : [...found, ...more]);
    expect(beside.allowed).toBe(verdict.allowed);
    expect(beside.proof).toEqual(verdict.proof);
  }), { numRuns: 300 });
});

test('more evidence of any kind never turns an allow into a denial, less never a denial into an allow', () => {
  fc.assert(fc.property(documents, pieces, pieces, (policies, found, more) => {
    const few = judge(policies, found).allowed;
    const many = judge(policies, [...more, ...found]).allowed;
    expect(few && !many).toBe(false);
  }), { numRuns: 300 });
});

test('neither the order of the evidence nor that of the policies makes a difference', () => {
  const shuffled = fc.tuple(documents, pieces)
    .chain(([policies, found]) => fc.tuple(
      fc.constant({ policies, found }),
      fc.shuffledSubarray(policies, { minLength: policies.length }),
      fc.shuffledSubarray(found, { minLength: found.length }),
    ));
  fc.assert(fc.property(shuffled, ([{ policies, found }, otherPolicies, otherFound]) => {
    expect(judge(otherPolicies, otherFound)).toEqual(judge(policies, found));
  }), { numRuns: 300 });
});
