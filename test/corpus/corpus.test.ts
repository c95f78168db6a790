import { ReasonCode } from '../../lib/decide/reason';
import { CASES, DATA, judge } from './judge';
import { CONTRARY } from './policy';
import { CorpusRegistry } from './registry';

const registry = new CorpusRegistry(DATA);
let host = '';

beforeAll(async () => {
  host = await registry.start();
});
afterAll(() => registry.stop());

/** The reason that fits what each failing check changes; a refusal for any other reason is no proof of that check. */
const REASON: { readonly [check: string]: ReasonCode } = {
  'bad-gh-repo': 'WRONG_CLAIM',
  'bad-gh-trigger': 'WRONG_CLAIM',
  'bad-san': 'WRONG_IDENTITY',
  'bad-san-prefix': 'WRONG_IDENTITY',
  'bad-san-suffix': 'WRONG_IDENTITY',
  'bad-san-case': 'WRONG_IDENTITY',
  'bad-main': 'WRONG_IDENTITY',
  'bad-iss': 'WRONG_ISSUER',
  'bad-iss-slash': 'WRONG_ISSUER',
  'bad-other-ca': 'UNTRUSTED_CERTIFICATE',
  'bad-no-tsa': 'NO_TRUSTED_TIME',
  'bad-no-ct': 'NO_TRANSPARENCY',
  'bad-log-keys': 'NO_TRANSPARENCY',
  'bad-log': 'NO_TRANSPARENCY',
  'bad-ended-ca': 'UNTRUSTED_CERTIFICATE',
  'bad-ended-ct': 'NO_TRANSPARENCY',
  'bad-ended-log': 'NO_TRANSPARENCY',
  'bad-ended-tsa': 'NO_TRUSTED_TIME',
  'bad-att': 'NO_ATTESTATION',
  'bad-type': 'WRONG_PREDICATE',
  'bad-as-signature': 'NO_SIGNATURE',
  'bad-key': 'INVALID_SIGNATURE',
  'bad-c': 'INVALID_SIGNATURE',
  'bad-keyless': 'WRONG_IDENTITY',
  'bad-needs-tlog': 'NO_TRANSPARENCY',
  'bad-any': 'WRONG_IDENTITY',
  'bad-3': 'WRONG_IDENTITY',
  'bad-ca': 'UNTRUSTED_CERTIFICATE',
  'bad-ann': 'WRONG_ANNOTATION',
  'bad-needs-sct': 'NO_TRANSPARENCY',
  'bad-sig': 'NO_SIGNATURE',
  // Signed as another thing than the image, or under a tag that no policy can name.
  'bad-here': 'NO_SIGNATURE',
  'lg-sbom/bad': 'NO_SIGNATURE',
  'lg-two/bad': 'WRONG_IDENTITY',
  'kl-16-others/bad': 'WRONG_IDENTITY',
  // A key in the policy and a certificate in the bundle: the signer is another kind of signer.
  'kl-gh-sign/bad-key': 'WRONG_IDENTITY',
  'st-upper/upper': 'WRONG_SUBJECT',
  'st-no-subject/bad': 'WRONG_SUBJECT',
  'st-two-algs/ok': 'WRONG_SUBJECT',
  'mv-att-copied/bad': 'WRONG_SUBJECT',
  'lm-copied/bad': 'WRONG_SUBJECT',
  'lm-att-copied/bad': 'WRONG_SUBJECT',
  'kl-other-ca/bad': 'UNTRUSTED_CERTIFICATE',
  'kl-other-tsa/bad': 'NO_TRUSTED_TIME',
  'unsigned/bad': 'NO_SIGNATURE',
  'unsigned/bad-key': 'NO_SIGNATURE',
  // The tool could not sign these, so nothing is there.
  'kl-rekor2-notsa/bad': 'NO_SIGNATURE',
  'key-rekor1-ed25519/fail': 'NO_SIGNATURE',
  'lg-key-p384/ok': 'NO_SIGNATURE',
  'lg-key-p521/ok': 'NO_SIGNATURE',
  'lg-key-ed25519/ok': 'NO_SIGNATURE',
  'mu-tlog-foreign/fail': 'NO_TRANSPARENCY',
  'mu-tlog-body/fail': 'NO_TRANSPARENCY',
  'mu-tlog-noproof/fail': 'MALFORMED',
  'mu-cp-origin/fail': 'NO_TRANSPARENCY',
  'mu-cp-old/fail': 'NO_TRANSPARENCY',
  'mu-mt-junk/fail': 'MALFORMED',
  'mu-json-null/fail': 'MALFORMED',
  'mu-r1-nopromise/fail': 'NO_TRUSTED_TIME',
  'mu-r1-foreign/fail': 'NO_TRANSPARENCY',
  // By the time of the foreign entry, the certificate was not valid yet.
  'lm-foreign-bundle/fail': 'UNTRUSTED_CERTIFICATE',
  'lm-no-cert/fail': 'WRONG_IDENTITY',
  // What is wrong with the certificate comes before whose it is.
  'byo-expired-tsa/cert': 'UNTRUSTED_CERTIFICATE',
  'byo-expired-tsa/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-expired-chain-tsa/cert': 'UNTRUSTED_CERTIFICATE',
  'byo-expired-chain-tsa/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-noeku-chain-tsa/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-servereku/cert': 'UNTRUSTED_CERTIFICATE',
  'byo-servereku/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-ca-leaf/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-ca-leaf-chain-tsa/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-other/cert': 'UNTRUSTED_CERTIFICATE',
  'byo-other/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-other-chain-tsa/cert': 'UNTRUSTED_CERTIFICATE',
  'byo-other-chain-tsa/bad-san': 'UNTRUSTED_CERTIFICATE',
  'byo-mail-chain/cert': 'NO_SIGNATURE',
  'byo-mail-chain/bad-san': 'NO_SIGNATURE',
  'byo-mail-rekor1/bad-fulcio-root': 'UNTRUSTED_CERTIFICATE',
};

const checks = CASES.flatMap(({ id, checks: some }) => some.map((check) => ({ title: `${id}/${check.name}`, ...check })));
const isDenied = ({ title, expect: stated }: typeof checks[number]): boolean => stated === 'fail' || CONTRARY[title] !== undefined;

test('the corpus has checks of both kinds; all are made, and of those that want an allow one is denied on purpose', () => {
  const count = (stated: 'pass' | 'fail'): number => checks.filter(({ expect: expected }) => expected === stated).length;
  expect([count('pass'), count('fail')]).toEqual([83, 134]);
  expect(checks.filter(isDenied)).toHaveLength(134 + 1);
  expect(Object.keys(CONTRARY)).toHaveLength(1);
});

test.each(checks.filter((check) => !isDenied(check)))('$title is allowed: $why', async ({ image, policy }) => {
  const verdict = await judge(host, image, policy);
  expect(verdict).toMatchObject({ allowed: true, reasons: [] });
  expect(verdict.proof).toHaveLength(1);
});

test.each(checks.filter(isDenied).map((check) => ({ ...check, why: CONTRARY[check.title] ?? check.why })))('$title is denied: $why', async ({ title, name, image, policy }) => {
  const { allowed, reasons } = await judge(host, image, policy);
  expect({ allowed, codes: reasons.map(({ code }) => code) }).toEqual({ allowed: false, codes: [REASON[title] ?? REASON[name]] });
});
