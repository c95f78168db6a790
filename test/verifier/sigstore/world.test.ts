import { createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import { githubRun, PROVENANCE_PREDICATE, provenanceStatement, SignOptions, signStatement, SigstoreWorld } from '../../support/sigstore';
import { keyless, Rules, Scene, SIGNED, TRUST_ROOT } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
});
afterAll(() => scene.close());

const WAYS: ReadonlyArray<[title: string, options: SignOptions]> = [
  ['a Rekor v2 log and a timestamp', {}],
  ['a Rekor v2 log that lists the envelope', { entry: 'dsse 0.0.2' }],
  ['a Rekor v1 log', { log: 'rekor1' }],
  ['a Rekor v1 log that lists a hash', { log: 'rekor1', entry: 'hashedrekord 0.0.1' }],
  ['a Rekor v1 log and a timestamp', { log: 'rekor1', timestamp: true }],
];

test.each(WAYS)('a certificate with %s is accepted, with every check in the proof', async (_title, options) => {
  const image = scene.image();
  scene.attach(image, scene.world.signKeyless(githubRun(), signStatement(image), options));
  const { allowed, reasons, proof } = await scene.judge(image);
  expect(reasons).toEqual([]);
  expect(allowed).toBe(true);
  expect(proof).toHaveLength(1);
  expect(proof[0]).toMatchObject({
    checks: expect.arrayContaining(['signature', 'certificate-chain', 'certificate-transparency', 'log-inclusion', 'log-binds-signer', 'time-in-validity', 'subject', 'issuer']) as unknown,
  });
});

test('a timestamp alone is enough where the policy says that no log is required', async () => {
  const rules: Rules = { ...SIGNED, attestors: { signer: keyless({ transparency: { log: 'notRequired', timestamp: 'required', reason: 'private' } }) } };
  expect(await scene.outcome({ rules, evidence: (image, world) => world.signKeyless(githubRun(), signStatement(image), { log: 'none' }) })).toBe('allowed');
});

test('provenance that agrees with its certificate is accepted', async () => {
  const rules: Rules = {
    attestors: { signer: keyless() },
    requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: PROVENANCE_PREDICATE, checks: { type: 'slsa-provenance', source: 'https://github.com/acme/app' } }],
  };
  expect(await scene.outcome({ rules, evidence: (image, world) => world.signKeyless(githubRun(), provenanceStatement(image, githubRun())) })).toBe('allowed');
});

const KEYS: ReadonlyArray<[title: string, key: KeyObject]> = [
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
  ['RSA 2048', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey],
];

test.each(KEYS)('a %s key is accepted in either log', async (_title, key) => {
  const rules: Rules = { ...SIGNED, attestors: { signer: { type: 'key', publicKey: publicPem(key), trustRoot: TRUST_ROOT } } };
  expect(await scene.outcome({ rules, evidence: (image, world) => world.signWithKey(key, signStatement(image)) })).toBe('allowed');
  expect(await scene.outcome({ rules, evidence: (image, world) => world.signWithKey(key, signStatement(image), { log: 'rekor1' }) })).toBe('allowed');
});

const BIG_CURVES = KEYS.filter(([title]) => title === 'P-384' || title === 'P-521');

test.each(BIG_CURVES)('a %s key may sign with SHA-256, as cosign does with a key of any curve, and with no other foreign hash', async (title, key) => {
  const rules: Rules = { ...SIGNED, attestors: { signer: { type: 'key', publicKey: publicPem(key), trustRoot: TRUST_ROOT } } };
  const foreign = title === 'P-384' ? 'sha512' : 'sha384';
  for (const log of ['rekor1', 'rekor2'] as const) {
    expect(await scene.outcome({ rules, evidence: (image, world) => world.signWithKey(key, signStatement(image), { log, hash: 'sha256' }) })).toBe('allowed');
    expect(await scene.outcome({ rules, evidence: (image, world) => world.signWithKey(key, signStatement(image), { log, hash: foreign }) })).toBe('INVALID_SIGNATURE');
  }
});

test.each(KEYS)('a certificate for a %s key is accepted', async (_title, privateKey) => {
  expect(await scene.outcome({ evidence: (image, world) => world.signKeyless(githubRun(), signStatement(image), { privateKey }) })).toBe('allowed');
});

test('what one world signs, another does not trust', async () => {
  const other = SigstoreWorld.create();
  expect(await scene.outcome({ evidence: (image) => other.signKeyless(githubRun(), signStatement(image)) })).toBe('NO_TRUSTED_TIME');
});

function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}
