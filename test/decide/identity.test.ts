import { CertificateSigner, SignerFact } from '../../lib/decide/evidence';
import { Attestor, CertificateClaims } from '../../lib/policy/document';
import { auditor, certificate, CLAIMS, ISSUER, judge, keySigner, outcome, piece, policy, release, spare, SUBJECT, vault, WORKFLOW } from './world';

function judged(attestor: Attestor, signer: SignerFact['signer']): ReturnType<typeof outcome> {
  return outcome(judge([policy({ attestors: { release: attestor } })], [piece({ signer, under: [attestor] })]));
}

describe('a subject is compared byte for byte', () => {
  test('the very identity is allowed', () => {
    expect(judged(release, certificate())).toBe('allowed');
  });

  test.each<[string, Partial<CertificateSigner>, string]>([
    ['another branch', { subject: `${WORKFLOW}@refs/heads/dev` }, 'WRONG_IDENTITY'],
    ['a longer branch', { subject: `${SUBJECT}-x` }, 'WRONG_IDENTITY'],
    ['a tag of the branch\'s name', { subject: `${WORKFLOW}@refs/tags/main` }, 'WRONG_IDENTITY'],
    ['a pull request', { subject: `${WORKFLOW}@refs/pull/7/merge` }, 'WRONG_IDENTITY'],
    ['a prefix', { subject: SUBJECT.slice(0, -1) }, 'WRONG_IDENTITY'],
    ['something before it', { subject: `x${SUBJECT}` }, 'WRONG_IDENTITY'],
    ['another case', { subject: SUBJECT.toUpperCase() }, 'WRONG_IDENTITY'],
    ['a newline after it', { subject: `${SUBJECT}\n` }, 'WRONG_IDENTITY'],
    ['a query after it', { subject: `${SUBJECT}?x` }, 'WRONG_IDENTITY'],
    ['a NUL after it', { subject: `${SUBJECT}\0` }, 'WRONG_IDENTITY'],
    ['a look-alike letter', { subject: SUBJECT.replace('a', 'а') }, 'WRONG_IDENTITY'],
    ['an e-mail address that spells it', { subjectType: 'email' }, 'WRONG_IDENTITY'],
    ['a user name that spells it', { subjectType: 'username' }, 'WRONG_IDENTITY'],
    ['nothing', { subject: '' }, 'WRONG_IDENTITY'],
    ['the same subject of another issuer', { issuer: 'https://accounts.google.com' }, 'WRONG_ISSUER'],
    ['an issuer with a slash at its end', { issuer: `${ISSUER}/` }, 'WRONG_ISSUER'],
    ['an issuer in capitals', { issuer: ISSUER.toUpperCase() }, 'WRONG_ISSUER'],
    ['an issuer without s', { issuer: ISSUER.replace('https', 'http') }, 'WRONG_ISSUER'],
    ['another subject of another issuer', { issuer: 'https://accounts.google.com', subject: 'x' }, 'WRONG_IDENTITY'],
  ])('%s is denied', (_, changes, code) => {
    expect(judged(release, certificate(changes))).toEqual([code]);
  });
});

test.each<[string, CertificateSigner['subjectType'], CertificateSigner['subjectType']]>([
  ['auditor@acme.test', 'email', 'uri'],
  ['auditor!acme.test', 'username', 'uri'],
  ['auditor@acme!acme.test', 'username', 'email'],
  ['spiffe://acme.test/ci', 'uri', 'username'],
])('the subject %s is a general name of the kind %s, not %s', (subject, kind, other) => {
  const attestor: Attestor = { ...auditor, subject };
  const of = (subjectType: CertificateSigner['subjectType']): CertificateSigner => certificate({ subject, subjectType, issuer: auditor.issuer });
  expect(judged(attestor, of(kind))).toBe('allowed');
  expect(judged(attestor, of(other))).toEqual(['WRONG_IDENTITY']);
});

describe('a workflow at several refs', () => {
  const attestor: Attestor = { ...release, subject: { workflow: WORKFLOW, refs: ['refs/heads/main', 'refs/tags/v*'] } };

  test.each([['refs/heads/main'], ['refs/tags/v1'], ['refs/tags/v1.2.3-rc']])('is allowed at %s', (ref) => {
    expect(judged(attestor, certificate({ subject: `${WORKFLOW}@${ref}` }))).toBe('allowed');
  });

  test.each([
    [`${WORKFLOW}@refs/heads/main2`], [`${WORKFLOW}@refs/tags/x1`], [`${WORKFLOW}@refs/tags/v1/x`], [`${WORKFLOW}@refs/heads/v1`], [`${WORKFLOW}@refs/pull/1/merge`],
    [`${WORKFLOW}@`], [WORKFLOW], [`${WORKFLOW}@main`], [`${WORKFLOW}x@refs/heads/main`], [`${WORKFLOW.slice(0, -1)}x@refs/heads/main`], [`${WORKFLOW.slice(0, -1)}@refs/heads/main`],
    [`${WORKFLOW}@x@refs/heads/main`], [`${WORKFLOW}@refs/heads/main\n`], [`${WORKFLOW}@${'0'.repeat(40)}`], [`https://github.com/evil/x@${WORKFLOW}@refs/heads/main`],
  ])('is denied as %j', (subject) => {
    expect(judged(attestor, certificate({ subject }))).toEqual(['WRONG_IDENTITY']);
  });

  test('is denied as an e-mail address', () => {
    expect(judged(attestor, certificate({ subjectType: 'email' }))).toEqual(['WRONG_IDENTITY']);
  });
});

describe('claims of the certificate', () => {
  const EXPECTED: Required<CertificateClaims> = {
    buildSignerUri: SUBJECT, buildSignerDigest: 'a0'.repeat(20), runnerEnvironment: 'github-hosted', sourceRepositoryUri: 'https://github.com/acme/payments',
    sourceRepositoryDigest: 'c0'.repeat(20), sourceRepositoryRef: 'refs/heads/main', sourceRepositoryId: '123', sourceRepositoryOwnerUri: 'https://github.com/acme',
    sourceRepositoryOwnerId: '45', buildConfigUri: SUBJECT, buildConfigDigest: 'b0'.repeat(20), buildTrigger: 'push', sourceRepositoryVisibility: 'private',
    workflowName: 'Release',
  };
  const attestor: Attestor = { ...release, certificate: EXPECTED };

  test('all as expected are allowed, and each is listed as checked', () => {
    const verdict = judge([policy({ attestors: { release: attestor } })], [piece({ signer: certificate({ claims: { ...EXPECTED, more: 'x' } }), under: [attestor] })]);
    expect(verdict.proof).toMatchObject([{ checks: expect.arrayContaining(Object.keys(EXPECTED).map((claim) => `claim:${claim}`)) as unknown }]);
  });

  test.each(Object.keys(EXPECTED) as (keyof CertificateClaims)[])('%s: another value, a longer one, an empty one and none are denied', (claim) => {
    const { [claim]: value, ...others } = EXPECTED;
    for (const found of ['another', `${value}0`, `${value} `, value.toUpperCase() === value ? 'x' : value.toUpperCase(), '']) {
      expect(judged(attestor, certificate({ claims: { ...others, [claim]: found } }))).toEqual(['WRONG_CLAIM']);
    }
    expect(judged(attestor, certificate({ claims: others }))).toEqual(['WRONG_CLAIM']);
  });

  test('the source ref is the one claim that may be a pattern', () => {
    const patterned: Attestor = { ...release, certificate: { sourceRepositoryRef: 'refs/tags/v*' } };
    const at = (ref: string): ReturnType<typeof outcome> => judged(patterned, certificate({ claims: { ...CLAIMS, sourceRepositoryRef: ref } }));
    expect(at('refs/tags/v1')).toBe('allowed');
    expect(at('refs/tags/x1')).toEqual(['WRONG_CLAIM']);
    expect(at('refs/heads/v1')).toEqual(['WRONG_CLAIM']);
  });

  test('a claim that only an object\'s prototype has is none', () => {
    const inherited = Object.create({ buildTrigger: 'push' }) as CertificateSigner['claims'];
    const pushed: Attestor = { ...release, certificate: { buildTrigger: 'push' } };
    expect(judged(pushed, certificate({ claims: inherited }))).toEqual(['WRONG_CLAIM']);
    expect(judged(pushed, certificate({ claims: { buildTrigger: 'push' } }))).toBe('allowed');
  });
});

describe('a key', () => {
  test('is the very one, by the fingerprint of its bytes', () => {
    expect(judged(vault, keySigner(vault))).toBe('allowed');
    expect(judged(vault, keySigner(spare))).toEqual(['WRONG_IDENTITY']);
    expect(judged(vault, { type: 'key', fingerprint: '' })).toEqual(['WRONG_IDENTITY']);
    expect(judged(vault, { type: 'key', fingerprint: keySigner(vault).fingerprint.toUpperCase() })).toEqual(['WRONG_IDENTITY']);
  });

  test('is no certificate, and a certificate no key', () => {
    expect(judged(vault, certificate())).toEqual(['WRONG_IDENTITY']);
    expect(judged(release, keySigner())).toEqual(['WRONG_IDENTITY']);
  });

  test('is the same however its text is wrapped', () => {
    const wrapped: Attestor = { type: 'key', publicKey: `\n${vault.publicKey.trim().replace(/\n/g, '\r\n')}\n\n` };
    expect(judged(wrapped, keySigner(vault))).toBe('allowed');
  });
});
