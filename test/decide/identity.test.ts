import { CertificateSigner, OwnCertificateSigner, SignerFact } from '../../lib/decide/evidence';
import { Attestor, CertificateClaims, KeyAttestor } from '../../lib/policy/document';
import { auditor, certificate, CLAIMS, factory, ISSUER, judge, keySigner, NOW, outcome, ownCertificate, piece, policy, release, spare, SUBJECT, vault, WORKFLOW } from './world';

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

describe('a workflow that no other one may have called', () => {
  const attestor: Attestor = { ...release, subject: { workflow: WORKFLOW, refs: ['refs/heads/main', 'refs/tags/v*'] }, topLevel: 'required' };
  const EVIL = `${WORKFLOW.replace(/[^/]+$/, 'evil.yml')}@refs/heads/evil`;
  const run = (ref: string, claims: CertificateSigner['claims'] = {}): CertificateSigner => {
    const subject = `${WORKFLOW}@${ref}`;
    return certificate({ subject, claims: { buildSignerUri: subject, buildConfigUri: subject, sourceRepositoryRef: ref, ...claims } });
  };

  test.each([['refs/heads/main'], ['refs/tags/v1']])('is allowed at %s, where it was started, and listed as checked', (ref) => {
    const verdict = judge([policy({ attestors: { release: attestor } })], [piece({ signer: run(ref), under: [attestor] })]);
    expect(verdict.proof).toMatchObject([{ checks: expect.arrayContaining(['top-level']) as unknown }]);
  });

  test.each<[string, CertificateSigner['claims']]>([
    ['called by a workflow at another ref', { buildConfigUri: EVIL, sourceRepositoryRef: 'refs/heads/evil' }],
    ['called by a workflow at its own ref', { buildConfigUri: `${WORKFLOW}x@refs/heads/main` }],
    ['at another trusted ref than the one it was started at', { buildConfigUri: `${WORKFLOW}@refs/tags/v1`, sourceRepositoryRef: 'refs/tags/v1' }],
    ['signed by another workflow', { buildSignerUri: EVIL }],
    ['of a run at another ref', { sourceRepositoryRef: 'refs/tags/v1' }],
    ['of a run at the end of its ref', { sourceRepositoryRef: 'main' }],
    ['of a run at no ref', { sourceRepositoryRef: '' }],
  ])('is denied %s', (_, claims) => {
    expect(judged(attestor, run('refs/heads/main', claims))).toEqual(['WRONG_CLAIM']);
    expect(judged({ ...attestor, topLevel: 'notRequired' }, run('refs/heads/main', claims))).toBe('allowed');
  });

  test.each(['buildSignerUri', 'buildConfigUri', 'sourceRepositoryRef'])('is denied without %s', (claim) => {
    const { claims, ...signer } = run('refs/heads/main');
    expect(judged(attestor, certificate({ ...signer, claims: Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim)) }))).toEqual(['WRONG_CLAIM']);
  });

  test('is held to that with an exact subject, too', () => {
    const exact: Attestor = { ...release, topLevel: 'required' };
    expect(judged(exact, run('refs/heads/main'))).toBe('allowed');
    expect(judged(exact, run('refs/heads/main', { buildConfigUri: EVIL }))).toEqual(['WRONG_CLAIM']);
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

describe('a certificate of one\'s own authority', () => {
  test.each<[string, Partial<OwnCertificateSigner>]>([
    ['another subject', { subject: 'https://ci.acme.test/release2' }],
    ['another case', { subject: factory.subject.toUpperCase() }],
    ['an e-mail address that spells it', { subjectType: 'email' }],
    ['a DNS name that spells it', { subjectType: 'dns' }],
  ])('names exactly its subject: %s is denied', (_, changes) => {
    expect(judged(factory, ownCertificate(changes))).toEqual(['WRONG_IDENTITY']);
    expect(judged(factory, ownCertificate())).toBe('allowed');
  });

  test.each<[string, OwnCertificateSigner['subjectType'], OwnCertificateSigner['subjectType']]>([
    ['release@acme.test', 'email', 'uri'],
    ['ci.acme.test', 'dns', 'uri'],
    ['urn:acme:ci', 'uri', 'dns'],
    ['spiffe://acme.test/ci@main', 'uri', 'email'],
  ])('the subject %s is a general name of the kind %s, not %s', (subject, subjectType, other) => {
    expect(judged({ ...factory, subject }, ownCertificate({ subject, subjectType }))).toBe('allowed');
    expect(judged({ ...factory, subject }, ownCertificate({ subject, subjectType: other }))).toEqual(['WRONG_IDENTITY']);
  });

  test('is no certificate of Fulcio for the same subject, nor a key, and the reverse', () => {
    expect(judged(factory, certificate({ subject: factory.subject }))).toEqual(['WRONG_IDENTITY']);
    expect(judged(factory, keySigner())).toEqual(['WRONG_IDENTITY']);
    expect(judged(vault, ownCertificate())).toEqual(['WRONG_IDENTITY']);
    expect(judged({ ...auditor, subject: factory.subject }, ownCertificate())).toEqual(['WRONG_IDENTITY']);
  });

  test('needs a trusted time, unless neither log nor timestamp is demanded: then it is valid now', () => {
    const timeless: Attestor = { ...factory, transparency: { log: 'notRequired', timestamp: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } } };
    const at = (attestor: Attestor, signer: OwnCertificateSigner, times: number[]): ReturnType<typeof outcome> =>
      outcome(judge([policy({ attestors: { release: attestor } })], [piece({ signer, times, under: [attestor] })]));
    expect(at(factory, ownCertificate(), [])).toEqual(['NO_TRUSTED_TIME']);
    expect(at(timeless, ownCertificate(), [])).toBe('allowed');
    expect(at(timeless, ownCertificate({ validUntil: NOW - 1 }), [])).toEqual(['UNTRUSTED_CERTIFICATE']);
    expect(at(timeless, ownCertificate({ validFrom: NOW + 1 }), [])).toEqual(['UNTRUSTED_CERTIFICATE']);
    expect(at(timeless, ownCertificate({ validUntil: NOW }), [])).toBe('allowed');
    expect(at(timeless, ownCertificate({ validUntil: NOW - 1 }), [NOW - 1000])).toBe('allowed');
  });

  test('is proven without a time only where somebody accepts that, and the proof says so', () => {
    const timeless: Attestor = { ...vault, transparency: { log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } } };
    const checks = (attestor: Attestor): unknown => judge([policy({ attestors: { release: attestor } })], [piece({ signer: keySigner(), under: [attestor] })]).proof;
    expect(checks(timeless)).toMatchObject([{ checks: expect.arrayContaining(['signing-time:not-demanded']) as unknown }]);
    expect(checks(vault)).toMatchObject([{ checks: expect.arrayContaining(['signing-time']) as unknown }]);
  });
});

describe('several keys of one party', () => {
  const YEAR = 365 * 24 * 3_600_000;
  const day = (offset: number): string => new Date(NOW + offset).toISOString();
  const party: Attestor = {
    type: 'key', keys: [{ publicKey: vault.publicKey, validFor: { until: day(-YEAR) } }, { publicKey: spare.publicKey, validFor: { from: day(-2 * YEAR) } }],
  };
  const at = (signer: KeyAttestor, times: number[], attestor: Attestor = party): ReturnType<typeof outcome> =>
    outcome(judge([policy({ attestors: { release: attestor } })], [piece({ signer: keySigner(signer), times, under: [attestor] })]));

  test('each may sign in its time: from its start on, and before its end', () => {
    expect(at(vault, [NOW - YEAR - 1])).toBe('allowed');
    expect(at(vault, [NOW - YEAR])).toEqual(['KEY_NOT_VALID']);
    expect(at(spare, [NOW - 2 * YEAR])).toBe('allowed');
    expect(at(spare, [NOW - 2 * YEAR - 1])).toEqual(['KEY_NOT_VALID']);
    expect(at(spare, [NOW - 1])).toBe('allowed');
  });

  test('every trusted time counts, whichever comes first', () => {
    expect(at(vault, [NOW - YEAR - 1, NOW - YEAR])).toEqual(['KEY_NOT_VALID']);
    expect(at(spare, [NOW - 2 * YEAR - 1, NOW - 1])).toEqual(['KEY_NOT_VALID']);
  });

  test('a signature without trusted time does not count, unless the key may sign at any time', () => {
    expect(at(vault, [])).toEqual(['NO_TRUSTED_TIME']);
    const always: Attestor = { type: 'key', keys: [{ publicKey: vault.publicKey }, { publicKey: spare.publicKey, validFor: { until: day(YEAR) } }] };
    expect(at(vault, [], always)).toBe('allowed');
    expect(at(spare, [], always)).toEqual(['NO_TRUSTED_TIME']);
  });

  test('the proof says that the period was compared', () => {
    const verdict = judge([policy({ attestors: { release: party } })], [piece({ signer: keySigner(spare), under: [party] })]);
    expect(verdict.proof).toMatchObject([{ checks: expect.arrayContaining(['key', 'key-period']) as unknown }]);
  });
});

describe('parties are counted by who they are, whatever attestors call them', () => {
  const both = (attestors: { readonly [name: string]: Attestor }) =>
    policy({ attestors, requirements: [{ type: 'signature', name: 'both', attestors: Object.keys(attestors), threshold: 2 }] });

  test('one key under two names does not become a document, however its text is wrapped, nor does one that is one of another\'s keys', () => {
    const wrapped: KeyAttestor = { type: 'key', publicKey: `\n${vault.publicKey.trim().replace(/\n/g, '\r\n')}\n\n` };
    const party: Attestor = { type: 'key', keys: [{ publicKey: vault.publicKey }, { publicKey: spare.publicKey }] };
    const pieces = [vault, spare].map((key) => piece({ label: key.publicKey, signer: keySigner(key), under: [vault, spare] }));
    expect(() => judge([both({ a: vault, b: wrapped })], pieces)).toThrow('the same party as "a"');
    expect(() => judge([both({ a: party, b: spare })], pieces)).toThrow('the same party as "a"');
    expect(outcome(judge([both({ a: vault, b: spare })], pieces))).toBe('allowed');
  });

  test('one identity in two spellings is one party, and so is one that two patterns cover', () => {
    const spelled: Attestor = { ...release, subject: { workflow: WORKFLOW, refs: ['refs/heads/main'] } };
    const tags: Attestor = { ...release, subject: { workflow: WORKFLOW, refs: ['refs/tags/v*'] } };
    const tagged = piece({ label: 'tagged', signer: certificate({ subject: `${WORKFLOW}@refs/tags/v1` }), under: [release, spelled, tags] });
    const pieces = ['a', 'b'].map((label) => piece({ label, under: [release, spelled, tags] }));
    expect(outcome(judge([both({ a: release, b: spelled })], pieces))).toEqual(['BELOW_THRESHOLD']);
    expect(outcome(judge([both({ a: spelled, b: { ...spelled, subject: { workflow: WORKFLOW, refs: ['refs/heads/*', 'refs/heads/main'] } } })], pieces))).toEqual(['BELOW_THRESHOLD']);
    expect(outcome(judge([both({ a: release, b: tags })], [...pieces, tagged]))).toBe('allowed');
  });

  test('a key, and a certificate of one\'s own authority for this very key, are one party', () => {
    const pieces = (certified: string) => [
      piece({ label: 'a', signer: keySigner(vault), under: [vault] }),
      piece({ label: 'b', signer: ownCertificate({ key: certified }), under: [factory] }),
    ];
    expect(outcome(judge([both({ a: vault, b: factory })], pieces(keySigner(vault).fingerprint)))).toEqual(['BELOW_THRESHOLD']);
    expect(outcome(judge([both({ a: vault, b: factory })], pieces(keySigner(spare).fingerprint)))).toBe('allowed');
  });

  test('any key of an attestor, and a certificate of one\'s own authority for another of its keys, are one party', () => {
    const party: Attestor = { type: 'key', keys: [{ publicKey: vault.publicKey }, { publicKey: spare.publicKey }] };
    const signedBy = (under: Attestor) => [
      piece({ label: 'a', signer: keySigner(vault), under: [under] }), piece({ label: 'b', signer: ownCertificate({ key: keySigner(spare).fingerprint }), under: [factory] }),
    ];
    expect(outcome(judge([both({ a: party, b: factory })], signedBy(party)))).toEqual(['BELOW_THRESHOLD']);
    expect(outcome(judge([both({ a: vault, b: factory })], signedBy(vault)))).toBe('allowed');
  });
});
