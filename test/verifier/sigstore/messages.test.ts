import { createHash, createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import { BundleJson, githubRun, KeylessOptions, PROVENANCE_PREDICATE, SigstoreWorld, signStatement, SignOptions } from '../../support/sigstore';
import { ordinary, PATIENCE, Rules, said, Scene, SIGNED, Situation, testTwins, TRUST_ROOT, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
const stranger = SigstoreWorld.create({ name: 'stranger.test' });
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const OLDER = { log: 'rekor1' } as const;

/** The bytes whose digest an image is named by. */
function manifestOf(image: string): Buffer {
  return scene.registry.repository('acme/app').tryGet(image)!.bytes;
}

function message(change: (bundle: BundleJson, image: string) => void = (): void => undefined, options: KeylessOptions = {}): Situation {
  return {
    evidence: (image) => {
      const bundle = world.signMessage(githubRun(), manifestOf(image), options);
      change(bundle, image);
      return bundle;
    },
  };
}

/** As bundles of that version are written. */
function version(mediaType: string, isChain: boolean, change: (bundle: BundleJson) => void = (): void => undefined): Situation {
  return message((bundle) => {
    const { verificationMaterial } = bundle;
    bundle.mediaType = mediaType;
    if (isChain) {
      verificationMaterial.x509CertificateChain = { certificates: [verificationMaterial.certificate!] };
      delete verificationMaterial.certificate;
    }
    change(bundle);
  }, OLDER);
}

const digestOf = (bytes: Buffer, hash = 'sha256'): string => createHash(hash).update(bytes).digest('base64');
const withDigest = (algorithm: string, digest: (image: string) => string): Situation => message((bundle, image) => {
  bundle.messageSignature!.messageDigest = { algorithm, digest: digest(image) };
});

describe('a signature of the image\'s own bytes', () => testTwins(() => scene, ([
  { id: 'E01', claim: 'another image\'s', code: 'WRONG_SUBJECT', denied: { evidence: () => world.signMessage(githubRun(), manifestOf(scene.image())) } },
  { id: 'E01', claim: 'another image\'s under the digest of this one', code: 'INVALID_SIGNATURE', denied: {
    evidence: (image) => {
      const bundle = world.signMessage(githubRun(), manifestOf(scene.image()), OLDER);
      bundle.messageSignature!.messageDigest.digest = digestOf(manifestOf(image));
      return bundle;
    },
  } },
  { id: 'E01', claim: 'this image\'s under the digest of another', code: 'WRONG_SUBJECT', denied: withDigest('SHA2_256', () => digestOf(Buffer.from('other'))) },
  { id: 'E01', claim: 'without a digest', code: 'MALFORMED', denied: withDigest('SHA2_256', () => '') },
  { id: 'E01', claim: 'with a digest that is cut short', code: 'MALFORMED', denied: withDigest('SHA2_256', (image) => digestOf(manifestOf(image)).slice(0, 40)) },
  { id: 'E01', claim: 'with a digest under the name of another algorithm', code: 'MALFORMED', denied: withDigest('SHA2_512', (image) => digestOf(manifestOf(image))) },
  { id: 'E01', claim: 'with a digest of an algorithm that is not known', code: 'UNSUPPORTED', denied: withDigest('SHA3_256', (image) => digestOf(manifestOf(image))) },
  { id: 'E01', claim: 'of the digest in place of the bytes', code: 'INVALID_SIGNATURE', denied: {
    evidence: (image) => {
      const bundle = world.signMessage(githubRun(), Buffer.from(image));
      bundle.messageSignature!.messageDigest.digest = digestOf(manifestOf(image));
      return bundle;
    },
  } },
  { id: 'E10', claim: 'by another workflow', code: 'WRONG_IDENTITY', denied: { evidence: (image) => world.signMessage(githubRun({ workflow: '.github/workflows/other.yml' }), manifestOf(image)) } },
  { id: 'E22', claim: 'by a stranger\'s certificate', code: 'UNTRUSTED_CERTIFICATE', denied: message(undefined, { certificateAuthority: stranger.certificateAuthority }) },
  { id: 'E24', claim: 'by a certificate that was not logged', code: 'NO_TRANSPARENCY', denied: message(undefined, { ctLogs: [] }) },
  { id: 'E30', claim: 'with the log entry of another signature', code: 'NO_TRANSPARENCY', denied: message((bundle, image) => {
    bundle.verificationMaterial.tlogEntries = world.signMessage(githubRun(), manifestOf(image)).verificationMaterial.tlogEntries!;
  }) },
  { id: 'E30', claim: 'with a log entry of another digest', code: 'NO_TRANSPARENCY', denied: message(undefined, { alterLogged: (logged) => ({ ...logged, signed: Buffer.from('other') }) }) },
  { id: 'E35', claim: 'without a timestamp where the log gives no time', code: 'NO_TRUSTED_TIME', denied: message(undefined, { timestamp: false }) },
  { id: 'E39', claim: 'with a timestamp of the bytes in place of the signature', code: 'NO_TRUSTED_TIME', denied: message(undefined, { stamped: () => Buffer.from('other') }) },
  { id: 'E47', claim: 'beside a statement in the same bundle', code: 'MALFORMED', denied: message((bundle, image) => {
    bundle.dsseEnvelope = ordinary(image, world).dsseEnvelope!;
  }) },
  { id: 'E45', claim: 'where an attestation is wanted', code: 'NO_ATTESTATION', denied: {
    ...message(), rules: { ...SIGNED, requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: PROVENANCE_PREDICATE }] },
  } },
] satisfies Twins[]).map((twin) => ({ ...twin, allowed: message() }))));

describe('in every version of the bundle', () => testTwins(() => scene, [
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', true], ['application/vnd.dev.sigstore.bundle+json;version=0.2', true],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', false], ['application/vnd.dev.sigstore.bundle.v0.3+json', false],
].map(([mediaType, isChain]) => ({
  id: 'E36',
  claim: `${String(mediaType)} without proof of inclusion`,
  code: 'MALFORMED',
  denied: typed(version(String(mediaType), isChain === true, ({ verificationMaterial }) => {
    delete verificationMaterial.tlogEntries![0]!.inclusionProof;
  }), String(mediaType)),
  allowed: typed(version(String(mediaType), isChain === true), String(mediaType)),
}))));

/** Attached under its own media type. */
function typed(situation: Situation, artifactType: string): Situation {
  return { ...situation, evidence: (image, ...rest) => ({ bytes: Buffer.from(JSON.stringify(situation.evidence!(image, ...rest))), as: { artifactType } }) };
}

describe('with every kind of key', () => {
  const pem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const rules = (key: KeyObject): Rules => ({ ...SIGNED, attestors: { signer: { type: 'key', publicKey: pem(key), trustRoot: TRUST_ROOT } } });
  const signed = (key: KeyObject, options: SignOptions = {}): Situation => ({ rules: rules(key), evidence: (image) => world.signMessageWithKey(key, manifestOf(image), options) });
  const kinds: ReadonlyArray<readonly [string, KeyObject, SignOptions['log']?]> = [
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['P-256 in the older log', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'rekor1'],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey],
  ];

  testTwins(() => scene, kinds.map(([kind, key, log = 'rekor2']) => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    return { id: 'E52', claim: `${kind}: another key`, code: 'INVALID_SIGNATURE', denied: { ...signed(key, { log }), rules: rules(other) }, allowed: signed(key, { log }) };
  }));
});

describe('beside other evidence', () => {
  test('junk that speaks of it hides no statement, and a manifest that cannot be read hides none either', async () => {
    const image = scene.image();
    scene.attach(image, { bytes: Buffer.from('{"messageSignature":{}}') });
    expect(said(await scene.judge(image))).toBe('MALFORMED');
    const mend = scene.registry.fault(new RegExp(`manifests/${image}`), (response) => response.writeHead(404).end());
    scene.attach(image, world.signKeyless(githubRun(), signStatement(image)));
    expect(said(await scene.judge(image))).toBe('allowed');
    mend();
    expect(said(await scene.judge(image))).toBe('allowed');
  }, PATIENCE);

  test('the manifest is read only where a bundle may be a signature of it', async () => {
    const [statement, bytes] = [scene.image(), scene.image()];
    const asked = (image: string): number => scene.registry.asked.filter((line) => line.endsWith(`manifests/${image}`)).length;
    scene.attach(statement, ordinary(statement, world));
    expect(said(await scene.judge(statement))).toBe('allowed');
    scene.attach(bytes, world.signMessage(githubRun(), manifestOf(bytes)));
    expect(said(await scene.judge(bytes))).toBe('allowed');
    expect([asked(statement), asked(bytes)]).toEqual([0, 1]);
  }, PATIENCE);

  test('its name written with escapes gets no answer', async () => {
    const image = scene.image();
    const text = JSON.stringify(world.signMessage(githubRun(), manifestOf(image)));
    scene.attach(image, { bytes: Buffer.from(text.replace('"messageSignature"', '"message\\u0053ignature"')) });
    expect(said(await scene.judge(image))).toBe('UNSUPPORTED');
    scene.attach(image, { bytes: Buffer.from(text) });
    expect(said(await scene.judge(image))).toBe('allowed');
  }, PATIENCE);
});
