import { Attestor } from '../../lib/policy/document';
import { admissionOf, attestedBy, ImageEvidence, signedBy, SignerEvidence, SigningOptions, unsigned, Witnesses } from '../../lib/testing';
import { Signer } from '../../lib/testing/identities';
import { CASES, DATA, judge } from './judge';
import { documentOf } from './policy';
import { CorpusRegistry } from './registry';

const registry = new CorpusRegistry(DATA);
let host = '';

beforeAll(async () => {
  host = await registry.start();
});
afterAll(() => registry.stop());

const ISSUER = 'https://token.actions.githubusercontent.com';
const workflow = (path: string, certificate: object = {}): Signer => who({ type: 'keyless', issuer: ISSUER, subject: `https://github.com/acme/${path}`, certificate, trustRoot: 'corpus' });
const who = (document: Attestor): Signer => ({ _document: document });

/** The identity that most of the corpus was signed with, with what its certificate says beside the subject. */
const release = workflow('app/.github/workflows/release.yml@refs/tags/v1.2.3', {
  sourceRepositoryUri: 'https://github.com/acme/app', sourceRepositoryRef: 'refs/tags/v1.2.3', sourceRepositoryDigest: '5b1e0c3a9d5f4f0e8b7a6c5d4e3f2a1b0c9d8e7f', buildTrigger: 'push', workflowName: 'Release',
});
const approve = workflow('app/.github/workflows/approve.yml@refs/tags/v1.2.3');

/** The signer that a check names which is allowed, whose witnesses are all that is missing in the description. */
function namedIn(id: string, name: string): Signer {
  const check = CASES.find((each) => each.id === id)?.checks.find((each) => each.name === name);
  const signer = check && documentOf(check.policy, 'registry.example', DATA).spec.attestors['signer'];
  if (signer === undefined) {
    throw new Error(`the corpus has no check ${id}/${name}`);
  }
  return who(signer);
}

const [p256, p256b] = [namedIn('key-two', 'ok-a'), namedIn('key-two', 'ok-b')];

/** What the tools left beside a signature, by the services they used. */
const REKOR1: Partial<Witnesses> = { log: true, timestamp: false };
const REKOR2: Partial<Witnesses> = { log: true, timestamp: true };
const TSA_ONLY: Partial<Witnesses> = { log: false, timestamp: true };
const NONE: Partial<Witnesses> = { log: false, timestamp: false };

const signed = (signer: Signer, witnesses: Partial<Witnesses>, options: SigningOptions = {}): SignerEvidence => signedBy(signer, options).withWitnesses(witnesses);
const attested = (type: string, witnesses: Partial<Witnesses>): SignerEvidence => attestedBy(release).withAttestation(type, {}).withWitnesses(witnesses);

/** What corpus.json says was done with each image, in the words of the kit. */
const DESCRIBED: { readonly [id: string]: ImageEvidence } = {
  'kl-gh-sign': signed(release, REKOR2),
  'kl-gh-reusable': signed(workflow('workflows/.github/workflows/build.yml@refs/heads/main', { sourceRepositoryUri: 'https://github.com/acme/app' }), REKOR2),
  'kl-gh-pr': signed(workflow('app/.github/workflows/release.yml@refs/pull/7/merge'), REKOR2),
  'kl-gitlab': signed(namedIn('kl-gitlab', 'ok'), REKOR2),
  'kl-email-dex': signed(namedIn('kl-email-dex', 'ok'), REKOR2),
  'kl-uri': signed(namedIn('kl-uri', 'ok'), REKOR2),
  'kl-att-slsaprovenance1': attested('https://slsa.dev/provenance/v1', REKOR2),
  'kl-att-openvex': attested('https://openvex.dev/ns', REKOR2),
  'kl-att-cyclonedx': attested('https://cyclonedx.org/bom', REKOR2),
  'kl-two-signers': signed(release, REKOR2).and(signed(approve, REKOR2)),
  'key-rekor2-tsa': signed(p256, REKOR2),
  'key-none': signed(p256, NONE),
  'key-tlog-upload-false': signed(p256, NONE),
  'key-tsa': signed(p256, TSA_ONLY),
  'key-two': signed(p256, REKOR2).and(signed(p256b, REKOR2)),
  'unsigned': unsigned(),
  'byo-multi-san': signed(namedIn('byo-multi-san', 'cert'), REKOR2),
  'byo-p384': signed(namedIn('byo-p384', 'cert'), REKOR2),
  'byo-wasvalid-tsa': signed(namedIn('byo-wasvalid-tsa', 'cert'), TSA_ONLY),
  'byo-mail-rekor1': signed(namedIn('byo-mail-rekor1', 'cert'), REKOR1),
  'kl-ghprivate-att': attested('https://slsa.dev/provenance/v1', { ...TSA_ONLY, sct: false }),
  'kl-rekor1': signed(release, REKOR1),
  'kl-rekor1-att': attested('https://slsa.dev/provenance/v1', REKOR1),
  'lg-kl': signed(release, REKOR1),
  'lg-key': signed(p256, REKOR1),
  'lg-key-none': signed(p256, NONE),
  'lg-key-tsa': signed(p256, TSA_ONLY),
  'lg-att': attested('https://slsa.dev/provenance/v1', REKOR1),
  'lg-ann': signed(release, REKOR1, { annotations: { env: 'prod' } }),
  'lg-two': signed(release, REKOR1).and(signed(approve, REKOR1)).and(signed(p256, REKOR1)),
  'lg3-kl': signed(release, REKOR1),
  'lg3-key': signed(p256, REKOR1),
  'mv-att-copied': attested('https://slsa.dev/provenance/v1', REKOR2).aboutAnotherImage(),
  'lm-copied': signed(release, REKOR1).aboutAnotherImage(),
  'lm-att-copied': attested('https://slsa.dev/provenance/v1', REKOR1).aboutAnotherImage(),
};

/** Checks that are about the trust root, not about the evidence: by another one than the evidence was made under, which the kit tells by its name only. */
const ROOTS = /^trusted_root(?:\.byo)?\.json$/;

const checks = Object.keys(DESCRIBED).flatMap((id) => (CASES.find((each) => each.id === id)?.checks ?? [])
  .filter(({ policy: { trustedRoot }, name }) => ROOTS.test(trustedRoot) && name !== 'bad-fulcio-root').map((check) => ({ id, ...check })));

test('every image that is described is in the corpus, with checks of both kinds', () => {
  expect(Object.keys(DESCRIBED).filter((id) => checks.every((check) => check.id !== id))).toEqual([]);
  const count = (stated: 'pass' | 'fail'): number => checks.filter(({ expect: expected }) => expected === stated).length;
  expect([count('pass'), count('fail')]).toEqual([37, 67]);
});

test.each(checks)('kit and verifier agree on $id/$name: $why', async ({ id, image, policy }) => {
  const real = await judge(host, image, policy);
  const { outcome, reasons } = admissionOf([documentOf(policy, host, DATA)], `${host}/${image}`, DESCRIBED[id]);
  expect({ outcome, codes: reasons.map(({ code }) => code) }).toEqual({ outcome: real.allowed ? 'admitted' : 'refused', codes: real.reasons.map(({ code }) => code) });
});
