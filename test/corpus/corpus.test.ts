import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReasonCode } from '../../lib/decide/reason';
import { decide } from '../../lib/decide/decide';
import { Verdict } from '../../lib/decide/verdict';
import { parseReference } from '../../lib/kubernetes/reference';
import { policySet } from '../../lib/policy/policy-set';
import { parseDocument } from '../../lib/policy/validate';
import { startDeadline } from '../../lib/verifier/deadline';
import { OciRegistry } from '../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../lib/verifier/sigstore/verify-evidence';
import { CorpusPolicy, documentOf } from './policy';
import { CorpusRegistry } from './registry';

interface Case {
  readonly id: string;
  readonly checks: ReadonlyArray<{ readonly name: string; readonly expect: 'pass' | 'fail'; readonly why: string; readonly image: string; readonly policy: CorpusPolicy }>;
}

const DATA = join(__dirname, 'data');
const { cases } = JSON.parse(readFileSync(join(DATA, 'corpus.json'), 'utf8')) as { cases: Case[] };
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
};

/** A key in the policy and a certificate in the bundle: the signer is another kind of signer. */
const KEY_AGAINST_CERTIFICATE = 'kl-gh-sign/bad-key';

const checks = cases.flatMap(({ id, checks: all }) => all.map((check) => ({ title: `${id}/${check.name}`, ...check })));

async function judge(image: string, policy: CorpusPolicy): Promise<Verdict> {
  const set = policySet([parseDocument(documentOf(policy, host, DATA))]);
  const client = new OciRegistry(new Map([[host, { plainHttp: true }]]));
  const deadline = startDeadline(30_000);
  try {
    const reference = parseReference(`${host}/${image}`);
    const digest = await client.resolve(reference, deadline);
    const store = new TrustStore([{ name: 'corpus', json: readFileSync(join(DATA, 'trust', policy.trustedRoot), 'utf8') }]);
    const evidence = await client.bundles(reference, digest, deadline, async (bundles) =>
      verifyEvidence(bundles, set.policies.flatMap(({ attestors }) => Object.values(attestors)), store));
    return decide({ set, reference, digest, namespace: { name: 'default' }, evidence, now: Date.now() });
  } finally {
    deadline.done();
    client.close();
  }
}

test('the corpus has checks of both kinds', () => {
  expect(checks.filter(({ expect: stated }) => stated === 'pass')).toHaveLength(23);
  expect(checks.filter(({ expect: stated }) => stated === 'fail')).toHaveLength(41);
});

test.each(checks.filter(({ expect: stated }) => stated === 'pass'))('$title is allowed: $why', async ({ image, policy }) => {
  const verdict = await judge(image, policy);
  expect(verdict).toMatchObject({ allowed: true, reasons: [] });
  expect(verdict.proof).toHaveLength(1);
});

test.each(checks.filter(({ expect: stated }) => stated === 'fail'))('$title is denied: $why', async ({ title, name, image, policy }) => {
  const { allowed, reasons } = await judge(image, policy);
  const expected = title === KEY_AGAINST_CERTIFICATE ? 'WRONG_IDENTITY' : REASON[name];
  expect({ allowed, codes: reasons.map(({ code }) => code) }).toEqual({ allowed: false, codes: [expected] });
});
