import { CertificateSigner, Evidence, SignerFact } from '../../lib/decide/evidence';
import { plan } from '../../lib/decide/plan';
import { Attestor, ImageDenyList, ImageDenyListSpec, ImageExemption } from '../../lib/policy/document';
import { policySet } from '../../lib/policy/policy-set';
import { parseDocument } from '../../lib/policy/validate';
import { auditor, auditorCertificate, certificate, DIGEST, digestOf, factory, ISSUER, judge, keySigner, NAME, NOW, OTHER_DIGEST, outcome, ownCertificate, piece, policy, release, SUBJECT, vault } from './world';

function denying(spec: Partial<ImageDenyListSpec>, name = 'incident'): ImageDenyList {
  return { apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name }, spec: { reason: 'the key leaked', owner: 'security', ...spec } };
}

const exempted: ImageExemption = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
  spec: { image: NAME, digests: [DIGEST], reason: 'r', owner: 'o', until: '2099-01-01' },
};

const audited = policy({ action: { type: 'Audit', reason: 'r', owner: 'o', until: '2099-01-01' } });

describe('E68: a digest on the list', () => {
  const list = denying({ digests: [DIGEST] });
  const other = denying({ digests: [OTHER_DIGEST] });

  test('is denied, however well it is vouched for, and says which list, why and who answers for it', () => {
    const verdict = judge([policy(), list], [piece()]);
    expect(verdict).toMatchObject({ allowed: false, proof: [], reasons: [{ code: 'DENY_LISTED' }] });
    expect(verdict.reasons[0]?.message).toBe(`expected an image that no deny list names, found "${DIGEST}" in the deny list incident (the key leaked; security)`);
    expect(outcome(judge([policy(), other], [piece()]))).toBe('allowed');
  });

  test('is denied although an exemption names it', () => {
    expect(outcome(judge([policy(), exempted, list], []))).toEqual(['DENY_LISTED']);
    expect(outcome(judge([policy(), exempted, other], []))).toBe('allowed');
  });

  test('is denied although the policy is in its audit window', () => {
    expect(outcome(judge([audited, list], []))).toEqual(['DENY_LISTED']);
    expect(outcome(judge([audited, other], []))).toBe('allowed');
  });

  test('is denied in whatever repository, and where no policy holds', () => {
    const elsewhere = (document: ImageDenyList): ReturnType<typeof outcome> =>
      outcome(judge([policy({ namespaces: { names: ['bank'] } }), document], [], { reference: `docker.io/library/nginx@${DIGEST}` }));
    expect(elsewhere(list)).toEqual(['DENY_LISTED']);
    expect(elsewhere(other)).toBe('allowed');
  });

  test('is denied where the list holds, and where it is not known whether it does', () => {
    const at = (namespaces: NonNullable<ImageDenyListSpec['namespaces']>, labels?: { [key: string]: string }): ReturnType<typeof outcome> =>
      outcome(judge([policy(), denying({ digests: [DIGEST], namespaces })], [piece()], { namespace: { name: 'shop', ...(labels === undefined ? {} : { labels }) } }));
    expect(at({ names: ['shop'] })).toEqual(['DENY_LISTED']);
    expect(at({ names: ['bank'] })).toBe('allowed');
    expect(at({ except: ['shop'] })).toBe('allowed');
    expect(at({ labels: { team: 'a' } }, { team: 'a' })).toEqual(['DENY_LISTED']);
    expect(at({ labels: { team: 'a' } }, { team: 'b' })).toBe('allowed');
    expect(at({ labels: { team: 'a' } })).toEqual(['DENY_LISTED']);
  });

  test('is told from what has to be fetched without asking anybody', () => {
    const set = policySet([policy(), list].map(parseDocument));
    expect(plan({ set, name: NAME, digest: DIGEST, namespace: { name: 'shop' }, now: NOW })).toMatchObject({ type: 'denied', denyList: { name: 'incident' } });
    expect(plan({ set, name: NAME, digest: OTHER_DIGEST, namespace: { name: 'shop' }, now: NOW })).toMatchObject({ type: 'judge' });
  });
});

describe('E68: a signer on the list', () => {
  const judged = (spec: Partial<ImageDenyListSpec>, signer: SignerFact['signer'], attestor: Attestor, times = [NOW - 1000]): ReturnType<typeof outcome> =>
    outcome(judge([policy({ attestors: { release: attestor } }), denying(spec)], [piece({ signer, times, under: [attestor] })]));
  const DENIED = ['DENY_LISTED'];

  test.each<[string, Partial<ImageDenyListSpec>, Partial<ImageDenyListSpec>]>([
    ['by subject and issuer', { signers: [{ subject: SUBJECT, issuer: ISSUER }] }, { signers: [{ subject: SUBJECT, issuer: `${ISSUER}/x` }] }],
    ['by subject, whoever issued it', { signers: [{ subject: SUBJECT }] }, { signers: [{ subject: `${SUBJECT}2` }] }],
    ['as the second of two', { signers: [{ subject: 'ada@acme.test' }, { subject: SUBJECT }] }, { signers: [{ subject: 'ada@acme.test' }] }],
    ['by the certificate', { certificates: [digestOf('a certificate')] }, { certificates: [digestOf('another certificate')] }],
    ['by the key of the certificate', { keys: [digestOf('a key of a certificate')] }, { keys: [digestOf('another key')] }],
  ])('counts no more, %s', (_, denied, allowed) => {
    expect(judged(denied, certificate(), release)).toEqual(DENIED);
    expect(judged(allowed, certificate(), release)).toBe('allowed');
  });

  test('counts no more by any of the fingerprints that the certificate can have', () => {
    const signer: CertificateSigner = certificate({ fingerprints: [digestOf('low'), digestOf('high')] });
    expect(judged({ certificates: [digestOf('high')] }, signer, release)).toEqual(DENIED);
    expect(judged({ certificates: [digestOf('low')] }, signer, release)).toEqual(DENIED);
    expect(judged({ certificates: [digestOf('none')] }, signer, release)).toBe('allowed');
  });

  test.each<[string, Partial<ImageDenyListSpec>, Partial<ImageDenyListSpec>]>([
    ['by subject', { signers: [{ subject: factory.subject }] }, { signers: [{ subject: factory.subject, issuer: ISSUER }] }],
    ['by the certificate', { certificates: [digestOf('own certificate')] }, { certificates: [digestOf('x')] }],
    ['by its key', { keys: [digestOf('a key of one\'s own certificate')] }, { keys: [digestOf('x')] }],
  ])('with a certificate of one\'s own authority counts no more, %s', (_, denied, allowed) => {
    expect(judged(denied, ownCertificate(), factory)).toEqual(DENIED);
    expect(judged(allowed, ownCertificate(), factory)).toBe('allowed');
  });

  test('with a bare key counts no more', () => {
    const { fingerprint } = keySigner(vault);
    expect(judged({ keys: [fingerprint] }, keySigner(vault), vault)).toEqual(DENIED);
    expect(judged({ certificates: [fingerprint] }, keySigner(vault), vault)).toBe('allowed');
  });

  test('counts no more for what was signed in the period, by any trusted time, or at no time that is known', () => {
    const period = { signers: [{ subject: factory.subject, signed: { from: '2026-03-01', until: '2026-04-01' } }] };
    const timeless: Attestor = { ...factory, transparency: { log: 'notRequired', timestamp: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } } };
    const at = (...times: number[]): ReturnType<typeof outcome> => judged(period, ownCertificate(), timeless, times);
    const [start, end] = [Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1)];
    expect(at(start)).toEqual(DENIED);
    expect(at(start - 1)).toBe('allowed');
    expect(at(end - 1)).toEqual(DENIED);
    expect(at(end)).toBe('allowed');
    expect(at(start - 1, start)).toEqual(DENIED);
    expect(at()).toEqual(DENIED);
  });

  test('takes nothing away from another who vouches, whatever the order', () => {
    const either = policy({ attestors: { release, auditor }, requirements: [{ type: 'signature', name: 'signature', attestors: ['release', 'auditor'] }] });
    const pieces: Evidence[] = [piece({ label: 'a', under: [release, auditor] }), piece({ label: 'b', signer: auditorCertificate, under: [release, auditor] })];
    const list = denying({ signers: [{ subject: SUBJECT }] });
    expect(outcome(judge([either, list], pieces))).toBe('allowed');
    expect(outcome(judge([either, list], [...pieces].reverse()))).toBe('allowed');
    expect(outcome(judge([either, list], pieces.slice(0, 1)))).toContain('DENY_LISTED');
    const both = policy({ attestors: { release, auditor }, requirements: [{ type: 'signature', name: 'signature', attestors: ['release', 'auditor'], threshold: 2 }] });
    expect(outcome(judge([both, list], pieces))).toContain('DENY_LISTED');
  });

  test('is looked for where the list holds, and the proof says so', () => {
    const at = (names: string[]) => judge([policy(), denying({ signers: [{ subject: 'mallory@acme.test' }, { subject: 'eve@acme.test' }], namespaces: { names } })], [piece()]);
    expect(at(['shop']).proof).toMatchObject([{ checks: expect.arrayContaining(['deny-list']) as unknown }]);
    expect(at(['bank']).proof).toMatchObject([{ checks: expect.not.arrayContaining(['deny-list']) as unknown }]);
    expect(outcome(judge([policy(), denying({ signers: [{ subject: SUBJECT }], namespaces: { names: ['bank'] } })], [piece()]))).toBe('allowed');
  });
});

test('a deny list changes the digest of the policy set, whatever it names', () => {
  const digest = (...documents: Parameters<typeof judge>[0]): string => policySet(documents.map(parseDocument)).digest;
  const digests = [digest(policy()), ...[
    denying({ digests: [DIGEST] }), denying({ digests: [OTHER_DIGEST] }), denying({ keys: [DIGEST] }), denying({ certificates: [DIGEST] }),
    denying({ signers: [{ subject: SUBJECT }] }), denying({ signers: [{ subject: SUBJECT, issuer: ISSUER }] }), denying({ signers: [{ subject: SUBJECT, signed: { from: '2026-01-01' } }] }),
    denying({ digests: [DIGEST], namespaces: { names: ['shop'] } }),
  ].map((list) => digest(policy(), list))];
  expect(new Set(digests).size).toBe(digests.length);
  expect(digest(policy(), denying({ digests: [DIGEST, OTHER_DIGEST] }))).toBe(digest(denying({ digests: [OTHER_DIGEST, DIGEST, DIGEST] }), policy()));
  const signers = [{ subject: 'b@acme.test' }, { subject: 'a@acme.test', signed: { from: '2026-01-01' } }];
  expect(digest(denying({ signers }))).toBe(digest(denying({ signers: [{ subject: 'a@acme.test', signed: { from: '2026-01-01T00:00:00Z' } }, ...signers] })));
});
