import { decide } from '../../lib/decide/decide';
import { Statement } from '../../lib/decide/evidence';
import { ReasonCode, REASONS } from '../../lib/decide/reason';
import { parseReference } from '../../lib/kubernetes/reference';
import { ImageExemption, ImagePolicySpec, Requirement } from '../../lib/policy/document';
import { NormalPolicy } from '../../lib/policy/normal';
import { policySet } from '../../lib/policy/policy-set';
import { parseDocument } from '../../lib/policy/validate';
import {
  auditor, auditorCertificate, certificate, CLAIMS, DIGEST, judge, JudgeOptions, keySigner, NAME, NOW, OTHER_DIGEST, outcome, piece, policy, release, signed, spare,
  vault, WORKFLOW,
} from './world';

const SBOM = 'https://spdx.dev/Document/v2.3';
const sbom: Statement = { ...signed, says: 'attestation', predicateType: SBOM, predicate: { spdxVersion: 'SPDX-2.3' } };
const wantsSbom: Requirement = { type: 'attestation', name: 'sbom', attestors: ['release'], predicateType: SBOM };
const audit = { type: 'Audit' as const, reason: 'first look', owner: 'platform', until: '2026-06-02' };

describe('one piece of evidence', () => {
  test('a genuine signature of this digest is allowed', () => {
    expect(judge([policy()], [piece()])).toMatchObject({ allowed: true, policies: ['payments'], reasons: [], warnings: [], image: `${NAME}@${DIGEST}` });
  });

  test.each<[string, ReasonCode, Parameters<typeof piece>[0]]>([
    ['says something else, though by the same signer', 'NO_SIGNATURE', { statement: sbom }],
    ['is about another digest', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [{ digest: { sha256: OTHER_DIGEST.slice(7) } }] } }],
    ['is about nothing', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [] } }],
    ['has a subject without digest', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [{ digest: {} }] } }],
    ['names the digest in capitals', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [{ digest: { sha256: DIGEST.slice(7).toUpperCase() } }] } }],
    ['names the digest with its algorithm', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [{ digest: { sha256: DIGEST } }] } }],
    ['names a prefix of the digest', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [{ digest: { sha256: DIGEST.slice(7, -1) } }] } }],
    ['names the digest under another algorithm', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [{ digest: { sha512: DIGEST.slice(7) } }] } }],
    ['names the digest beside one that cannot be confirmed', 'WRONG_SUBJECT', { statement: { ...signed, subjects: [{ digest: { sha256: DIGEST.slice(7), sha512: 'ab' } }] } }],
    ['cannot be read', 'MALFORMED', { statement: { readable: false, code: 'MALFORMED', message: 'two readings' } }],
    ['is of a kind that is not supported', 'UNSUPPORTED', { statement: { readable: false, code: 'UNSUPPORTED', message: 'a new kind' } }],
    ['does not hold', 'INVALID_SIGNATURE', { unverified: { verified: false, code: 'INVALID_SIGNATURE', message: 'altered' } }],
    ['was not checked under this anchor', 'INTERNAL', { under: [] }],
    ['was checked under the anchor of another trust root', 'INTERNAL', { under: [{ ...release, trustRoot: 'company' }] }],
    ['was checked under an anchor that demands less', 'INTERNAL', { under: [{ ...release, transparency: { sct: 'notRequired', reason: 'x' } }] }],
    ['has no trusted time', 'NO_TRUSTED_TIME', { times: [] }],
    ['was made in the future', 'NO_TRUSTED_TIME', { times: [NOW + 60_001] }],
    ['has one of its times in the future', 'NO_TRUSTED_TIME', { times: [NOW - 1, NOW + 60_001] }],
    ['has a time that is none', 'NO_TRUSTED_TIME', { times: [Number.NaN] }],
  ])('that %s is denied', (_, code, options) => {
    expect(outcome(judge([policy()], [piece(options)]))).toEqual([code]);
  });

  test('about nothing is not about an image whose digest is not known', () => {
    const about = (hex: string): ReturnType<typeof piece> => piece({ statement: { ...signed, subjects: [{ digest: { sha256: hex } }] } });
    expect(outcome(judge([policy()], [about('')], { reference: `${NAME}:v1`, digest: '' }))).toEqual(['WRONG_SUBJECT']);
    expect(outcome(judge([policy()], [about(DIGEST.slice(7))], { reference: `${NAME}:v1` }))).toBe('allowed');
  });

  test.each<[string, Parameters<typeof piece>[0]]>([
    ['about this digest among others', { statement: { ...signed, subjects: [{ digest: { sha256: OTHER_DIGEST.slice(7) } }, { digest: {} }, { digest: { sha256: DIGEST.slice(7) } }] } }],
    ['made within the tolerance of clocks', { times: [NOW + 60_000] }],
    ['made long ago', { times: [0] }],
  ])('%s is allowed', (_, options) => {
    expect(outcome(judge([policy()], [piece(options)]))).toBe('allowed');
  });

  test('by a key needs no time, unless its attestor demands a timestamp', () => {
    const byKey = (attestor: typeof vault, times: readonly number[]): ReturnType<typeof outcome> =>
      outcome(judge([policy({ attestors: { release: attestor } })], [piece({ signer: keySigner(), under: [attestor], times })]));
    const timed: typeof vault = { ...vault, transparency: { timestamp: 'required' } };
    expect(byKey(vault, [])).toBe('allowed');
    expect(byKey(vault, [NOW + 60_001])).toEqual(['NO_TRUSTED_TIME']);
    expect(byKey(timed, [])).toEqual(['NO_TRUSTED_TIME']);
    expect(byKey(timed, [NOW])).toBe('allowed');
  });
});

describe('a signature is no attestation, and an attestation no signature', () => {
  test.each<[string, ReturnType<typeof outcome>, Partial<ImagePolicySpec>, readonly Statement[]]>([
    ['an SBOM alone, where a signature is wanted', ['NO_SIGNATURE'], {}, [sbom]],
    ['a signature alone, where an SBOM is wanted', ['NO_ATTESTATION'], { requirements: [wantsSbom] }, [signed]],
    ['an SBOM, where one is wanted', 'allowed', { requirements: [wantsSbom] }, [sbom]],
    ['an SBOM of another type', ['WRONG_PREDICATE'], { requirements: [wantsSbom] }, [{ ...sbom, predicateType: `${SBOM}/` }]],
    ['nothing, where an SBOM is wanted', ['NO_ATTESTATION'], { requirements: [wantsSbom] }, []],
    ['nothing, where a signature is wanted', ['NO_SIGNATURE'], {}, []],
    ['both, where both are wanted', 'allowed', { requirements: [...policy().spec.requirements, wantsSbom] }, [sbom, signed]],
    ['one of two that are wanted', ['NO_ATTESTATION'], { requirements: [...policy().spec.requirements, wantsSbom] }, [signed]],
    ['neither of two that are wanted', ['NO_ATTESTATION', 'NO_SIGNATURE'], { requirements: [...policy().spec.requirements, wantsSbom] }, []],
  ])('%s', (_, expected, spec, statements) => {
    expect(outcome(judge([policy(spec)], statements.map((statement, index) => piece({ statement, label: String(index) }))))).toEqual(expected);
  });
});

describe('all checks of one requirement hold on one and the same piece', () => {
  const half = piece({ label: 'right signer, other digest', statement: { ...signed, subjects: [{ digest: { sha256: OTHER_DIGEST.slice(7) } }] } });
  const other = piece({ label: 'right digest, other signer', signer: certificate({ subject: 'https://github.com/evil/x@refs/heads/main' }) });

  test('two that are right by halves are denied in either order, and one that is right is allowed', () => {
    expect(outcome(judge([policy()], [half, other]))).toEqual(['WRONG_IDENTITY']);
    expect(outcome(judge([policy()], [other, half]))).toEqual(['WRONG_IDENTITY']);
    expect(outcome(judge([policy()], [half, other, piece()]))).toBe('allowed');
  });
});

describe('thresholds count different parties', () => {
  const two = (attestors: ImagePolicySpec['attestors'], threshold = 2): ImagePolicySpec => ({
    ...policy().spec, attestors, requirements: [{ type: 'signature', name: 'signature', attestors: Object.keys(attestors), threshold }],
  });
  const byRelease = piece({ label: 'release' });
  const byAuditor = piece({ label: 'auditor', signer: auditorCertificate });
  const byVault = piece({ label: 'vault', signer: keySigner(), under: [vault] });

  test('two different ones are enough, and both are in the proof', () => {
    const verdict = judge([policy(two({ auditor, release }))], [byRelease, byAuditor]);
    expect(verdict.proof).toMatchObject([{ attestor: 'auditor', evidence: byAuditor.digest }, { attestor: 'release', evidence: byRelease.digest }]);
  });

  test('one, or one that signed twice, is not', () => {
    expect(outcome(judge([policy(two({ auditor, release }))], [byRelease]))).toEqual(['BELOW_THRESHOLD', 'WRONG_IDENTITY']);
    expect(outcome(judge([policy(two({ auditor, release }))], [byRelease, piece({ label: 'again' })]))).toEqual(['BELOW_THRESHOLD', 'WRONG_IDENTITY']);
    expect(outcome(judge([policy(two({ auditor, release }, 1))], [byRelease]))).toBe('allowed');
  });

  test('a certificate and a key are two', () => {
    expect(outcome(judge([policy(two({ release, vault }))], [byRelease, byVault]))).toBe('allowed');
    expect(outcome(judge([policy(two({ spare, vault }))], [byVault, piece({ signer: keySigner(spare), under: [spare] })]))).toBe('allowed');
  });

  test('two names that one signer meets are one', () => {
    for (const claims of [{ buildTrigger: 'push' }, { sourceRepositoryId: CLAIMS.sourceRepositoryId }]) {
      const attestors = { exact: release, narrow: { ...release, certificate: claims } };
      expect(outcome(judge([policy(two(attestors))], [byRelease]))).toEqual(['BELOW_THRESHOLD']);
      expect(outcome(judge([policy(two(attestors))], [byRelease, piece({ label: 'again' })]))).toEqual(['BELOW_THRESHOLD']);
      expect(outcome(judge([policy(two(attestors, 1))], [byRelease]))).toBe('allowed');
    }
  });

  test('two callers of one reusable workflow are two', () => {
    const caller = (sourceRepositoryUri: string): typeof release => ({ ...release, certificate: { sourceRepositoryUri } });
    const by = (sourceRepositoryUri: string): ReturnType<typeof piece> =>
      piece({ label: sourceRepositoryUri, signer: certificate({ claims: { ...CLAIMS, sourceRepositoryUri } }) });
    const attestors = { a: caller('https://github.com/acme/a'), b: caller('https://github.com/acme/b') };
    expect(outcome(judge([policy(two(attestors))], [by('https://github.com/acme/a'), by('https://github.com/acme/b')]))).toBe('allowed');
    expect(outcome(judge([policy(two(attestors))], [by('https://github.com/acme/a'), by('https://github.com/acme/c')]))).toEqual(['BELOW_THRESHOLD', 'WRONG_CLAIM']);
  });

  test('a party that can stand for two attestors makes room for another, whichever was found first', () => {
    const wide = { ...release, subject: { workflow: WORKFLOW, refs: ['refs/heads/main', 'refs/tags/v*'] } };
    const tagged = piece({ label: 'tagged', signer: certificate({ subject: `${WORKFLOW}@refs/tags/v1` }) });
    // Their digests sort in either way, so that neither order is the lucky one.
    for (const label of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      for (const attestors of [{ a: release, b: wide }, { a: wide, b: release }]) {
        expect(outcome(judge([policy(two(attestors))], [piece({ label }), tagged]))).toBe('allowed');
      }
    }
  });
});

describe('several policies', () => {
  const second = policy({ attestors: { auditor }, requirements: [{ type: 'signature', name: 'review', attestors: ['auditor'] }] }, 'review');

  test('all that match must hold', () => {
    expect(outcome(judge([policy(), second], [piece()]))).toEqual(['WRONG_IDENTITY']);
    expect(outcome(judge([policy(), second], [piece(), piece({ label: 'auditor', signer: auditorCertificate })]))).toBe('allowed');
  });

  test('one that does not match has no say', () => {
    expect(outcome(judge([policy(), { ...second, spec: { ...second.spec, images: ['ghcr.io/acme/other/**'] } }], [piece()]))).toBe('allowed');
  });

  test('one that demands nothing proves nothing, though no document can say it', () => {
    const set = policySet([parseDocument(policy())]);
    const demanding = (requirements: NormalPolicy['requirements']): ReturnType<typeof outcome> => outcome(decide({
      set: { ...set, policies: set.policies.map((normal) => ({ ...normal, requirements })) },
      reference: parseReference(`${NAME}@${DIGEST}`), digest: DIGEST, namespace: { name: 'shop' }, evidence: { status: 'found', pieces: [piece()] }, content: { status: 'unread' }, now: NOW,
    }));
    expect(demanding([])).toEqual(['INTERNAL']);
    expect(demanding(set.policies[0]?.requirements ?? [])).toBe('allowed');
  });

  test('one in its window warns, and one beside it still refuses', () => {
    const trial = { ...second, spec: { ...second.spec, action: audit } };
    const verdict = judge([policy(), trial], [piece()]);
    expect(verdict).toMatchObject({ allowed: true, reasons: [], warnings: [{ code: 'WRONG_IDENTITY', policy: 'review', until: '2026-06-02' }], policies: ['payments', 'review'] });
    expect(outcome(judge([policy(), trial], []))).toEqual(['NO_SIGNATURE']);
    expect(outcome(judge([policy(), trial], [piece()], { now: Date.UTC(2026, 5, 2) }))).toEqual(['WRONG_IDENTITY']);
  });
});

describe('what is decided without evidence', () => {
  const exemption: ImageExemption = {
    apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
    spec: { image: NAME, digests: [DIGEST], reason: 'not signed yet', owner: 'platform', until: '2026-06-02' },
  };
  const unavailable: JudgeOptions = { evidence: { status: 'unavailable', code: 'REGISTRY_UNAVAILABLE', message: 'no answer' } };
  const other = policy({ images: ['ghcr.io/acme/other/**'] });

  test('P19: an exemption names who answers for it, also while the registry is down, until its end', () => {
    expect(judge([policy(), exemption], [], unavailable).proof)
      .toEqual([{ type: 'exemption', exemption: 'vendor', reason: 'not signed yet', owner: 'platform', until: '2026-06-02' }]);
    expect(outcome(judge([policy(), exemption], [], { now: Date.UTC(2026, 5, 2) }))).toEqual(['NO_SIGNATURE']);
    expect(outcome(judge([policy(), exemption], [], { digest: OTHER_DIGEST, reference: `${NAME}@${OTHER_DIGEST}` }))).toEqual(['NO_SIGNATURE']);
  });

  test.each<[string, ReturnType<typeof outcome>, Parameters<typeof judge>]>([
    ['an unmatched image in a guarded namespace', ['UNMATCHED_IMAGE'], [[other], [piece()]]],
    ['an unmatched image in a namespace that nobody guards', 'allowed', [[other], [], { namespace: { name: 'kube-system' } }]],
    ['an unmatched image where only windows guard', 'allowed', [[policy({ images: ['ghcr.io/acme/other/**'], action: audit })], []]],
    ['a namespace whose labels are not known', ['NAMESPACE_UNKNOWN'], [[policy({ namespaces: { labels: { a: 'b' } } })], [piece()]]],
    ['a registry that does not answer', ['REGISTRY_UNAVAILABLE'], [[policy()], [piece()], unavailable]],
    ['a registry that does not answer, for a policy in its window', 'allowed', [[policy({ action: audit })], [], unavailable]],
    ['a tag that could not be resolved, whatever evidence says', ['WRONG_SUBJECT'], [[policy()], [piece()], { reference: `${NAME}:v1`, digest: '' }]],
    ['a tag under tags: deny, though the evidence is good', ['TAG_NOT_PINNED'], [[policy({ tags: 'deny' })], [piece()], { reference: `${NAME}:v1` }]],
    ['a tag that was resolved', 'allowed', [[policy()], [piece()], { reference: `${NAME}:v1` }]],
    ['a digest under tags: deny', 'allowed', [[policy({ tags: 'deny' })], [piece()]]],
    ['a digest with a tag under tags: deny', 'allowed', [[policy({ tags: 'deny' })], [piece()], { reference: `${NAME}:v1@${DIGEST}` }]],
  ])('%s', (_, expected, args) => {
    expect(outcome(judge(...args))).toEqual(expected);
  });

  test('an unmatched image is said aloud even where it is admitted', () => {
    const verdict = judge([policy({ images: ['ghcr.io/acme/other/**'], action: audit })], []);
    expect(verdict.warnings).toMatchObject([{ code: 'UNMATCHED_IMAGE', policy: 'payments', until: '2026-06-02' }]);
  });

  test('where only windows guard, no proof says that nobody does', () => {
    expect(judge([policy({ images: ['ghcr.io/acme/other/**'], action: audit })], []).proof).toEqual([{ type: 'observed', namespace: 'shop' }]);
    expect(judge([policy({ namespaces: { names: ['elsewhere'] }, action: audit })], []).proof).toEqual([{ type: 'uncovered', namespace: 'shop' }]);
  });

  test('the image is shown with its tag and the digest that was judged', () => {
    expect(judge([policy()], [piece()], { reference: `${NAME}:v1` }).image).toBe(`${NAME}:v1@${DIGEST}`);
    expect(judge([policy()], [piece()], { reference: `${NAME}:v1`, digest: '' }).image).toBe(`${NAME}:v1`);
  });
});

describe('of several pieces that fall short, the closest one gives the reason', () => {
  const ladder: readonly [ReasonCode, Parameters<typeof piece>[0]][] = [
    ['NO_SIGNATURE', { statement: sbom }],
    ['UNSUPPORTED', { statement: { readable: false, code: 'UNSUPPORTED', message: 'x' } }],
    ['MALFORMED', { statement: { readable: false, code: 'MALFORMED', message: 'x' } }],
    ['INVALID_SIGNATURE', { unverified: { verified: false, code: 'INVALID_SIGNATURE', message: 'x' } }],
    ['WRONG_SUBJECT', { statement: { ...signed, subjects: [] } }],
    ['WRONG_IDENTITY', { signer: certificate({ subject: 'https://github.com/evil/x', issuer: 'https://evil.test' }) }],
    ['WRONG_ISSUER', { signer: certificate({ issuer: 'https://evil.test' }) }],
    ['WRONG_CLAIM', { signer: certificate({ claims: {} }) }],
  ];
  const attestor = { ...release, certificate: { buildTrigger: 'push' } };
  const pieces = ladder.map(([code, options]) => piece({ ...options, label: code, under: [attestor] }));

  test.each(ladder.map(([code], index) => [code, index] as const))('%s, of all up to it', (code, index) => {
    const upTo = pieces.slice(0, index + 1);
    const verdict = judge([policy({ attestors: { release: attestor } })], upTo.reverse());
    expect(verdict.reasons).toMatchObject([{ code, policy: 'payments', requirement: 'signature', attestor: 'release' }]);
  });

  test('and a good one among them all is allowed', () => {
    expect(outcome(judge([policy({ attestors: { release: attestor } })], [...pieces, piece({ under: [attestor] })]))).toBe('allowed');
  });
});

test('every code has a meaning and something to do', () => {
  Object.values(REASONS).forEach(({ means, remedy }) => expect([means, remedy].every((text) => /^[A-Z].{20,}\.$/.test(text))).toBe(true));
});

test('an image that a pattern stops short of is told of it, another one is not', () => {
  const set = [policy({ images: ['ghcr.io/acme/payments/**'] })];
  const messageOf = (name: string): string | undefined => judge(set, [], { reference: `${name}@${DIGEST}` }).reasons[0]?.message;
  expect(messageOf('ghcr.io/acme/payments')).toMatch(/found none: policy \S+ names "ghcr\.io\/acme\/payments\/\*\*", which does not include the repository itself$/);
  expect(messageOf('ghcr.io/acme/payment')).toMatch(/found none; in that namespace hold payments$/);
});

test('an image that no policy names is told which hold in its namespace, four of them at most and none of elsewhere', () => {
  const set = [...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => policy({}, name)), policy({ namespaces: { names: ['elsewhere'] } }, '0')];
  const messageOf = (documents: typeof set): string | undefined => judge(documents, [], { reference: `ghcr.io/other/app@${DIGEST}` }).reasons[0]?.message;
  expect(messageOf(set)).toMatch(/, found none; in that namespace hold a, b, c, d and 2 more$/);
  expect(messageOf(set.slice(2))).toMatch(/, found none; in that namespace hold c, d, e, f$/);
});
