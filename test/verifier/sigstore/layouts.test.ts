import { githubRun, provenanceStatement, PROVENANCE_PREDICATE, signStatement, statement } from '../../support/sigstore';
import { OCI_INDEX, OCI_MANIFEST, RepositoryStore } from '../../support/registry/store';
import { keyless, ordinary, PATIENCE, Rules, said, Scene } from './scene';

let scene: Scene;
let store: RepositoryStore;
beforeAll(async () => {
  scene = await Scene.start();
  store = scene.registry.repository('acme/app');
});
afterAll(() => scene.close());

interface MultiPlatform {
  readonly index: string;
  readonly child: string;
  readonly sibling: string;
}

function multiPlatform(): MultiPlatform {
  const [child, sibling] = [scene.image(), scene.image()];
  const manifests = [[child, 'amd64'], [sibling, 'arm64']].map(([digest, architecture]) => (
    { mediaType: OCI_MANIFEST, digest, size: store.tryGet(digest!)!.bytes.length, platform: { os: 'linux', architecture } }));
  return { index: store.pushManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, OCI_INDEX), child, sibling };
}

const PROVENANCE: Rules = { attestors: { signer: keyless() }, requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: PROVENANCE_PREDICATE }] };

/** The judgement of what the Pod names, with signatures on what is signed. */
async function judged(named: keyof MultiPlatform, ...signed: ReadonlyArray<keyof MultiPlatform>): Promise<string> {
  const image = multiPlatform();
  signed.forEach((one) => scene.attach(image[one], ordinary(image[one], scene.world)));
  return said(await scene.judge(image[named]));
}

describe('E04 evidence is about the very digest that a Pod names', () => {
  test('a signed image of one platform is not a signed index', async () => {
    expect(await judged('index', 'child')).toBe('NO_SIGNATURE');
    expect(await judged('index', 'child', 'sibling')).toBe('NO_SIGNATURE');
    expect(await judged('index', 'index')).toBe('allowed');
  }, PATIENCE);

  test('a signed index is not a signed image of one platform', async () => {
    expect(await judged('child', 'index')).toBe('NO_SIGNATURE');
    expect(await judged('child', 'sibling')).toBe('NO_SIGNATURE');
    expect(await judged('child', 'child')).toBe('allowed');
  }, PATIENCE);

  test('nor when the signature of the one is attached to the other', async () => {
    const image = multiPlatform();
    scene.attach(image.index, ordinary(image.child, scene.world));
    scene.attach(image.child, ordinary(image.index, scene.world));
    expect(said(await scene.judge(image.index))).toBe('WRONG_SUBJECT');
    expect(said(await scene.judge(image.child))).toBe('WRONG_SUBJECT');
    scene.attach(image.index, ordinary(image.index, scene.world));
    expect(said(await scene.judge(image.index))).toBe('allowed');
  }, PATIENCE);

  test('provenance of one platform is none of the index, nor of the other platform', async () => {
    const image = multiPlatform();
    scene.attach(image.child, scene.world.signKeyless(githubRun(), provenanceStatement(image.child, githubRun())));
    const outcomes = await Promise.all([image.index, image.sibling, image.child].map(async (digest) => said(await scene.judge(digest, { rules: PROVENANCE }))));
    expect(outcomes).toEqual(['NO_ATTESTATION', 'NO_ATTESTATION', 'allowed']);
  }, PATIENCE);
});

/** What cosign 1 and 2 push: a tag beside the image, without a subject. */
function pushOlder(image: string, suffix: 'sig' | 'att', bytes: Buffer): void {
  const layerType = suffix === 'sig' ? 'application/vnd.dev.cosign.simplesigning.v1+json' : 'application/vnd.dsse.envelope.v1+json';
  store.pushManifest({ ...store.artifact(image, bytes, { artifactType: 'application/vnd.oci.image.config.v1+json', layerType }), subject: undefined }, OCI_MANIFEST, `${image.replace(':', '-')}.${suffix}`);
}

function simpleSigning(image: string): Buffer {
  return Buffer.from(JSON.stringify({ critical: { 'type': 'cosign container image signature', 'image': { 'docker-manifest-digest': image }, 'identity': {} }, 'optional': null }));
}

describe('E08 cosign\'s older layout is not judged, and says so', () => {
  test.each<['sig' | 'att', string, Rules | undefined, RegExp]>([
    ['sig', 'a signature', undefined, /older layout; sign with cosign v3/],
    ['att', 'an attestation', PROVENANCE, /older layout; attest with cosign v3/],
  ])('.%s where %s is wanted', async (suffix, _what, rules, told) => {
    const image = scene.image();
    pushOlder(image, suffix, simpleSigning(image));
    const situation = rules === undefined ? {} : { rules };
    const { allowed, reasons } = await scene.judge(image, situation);
    expect({ allowed, reasons }).toEqual({ allowed: false, reasons: [expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(told) as string })] });

    const bundle = rules === undefined ? signStatement(image) : provenanceStatement(image, githubRun());
    scene.attach(image, scene.world.signKeyless(githubRun(), bundle));
    expect(said(await scene.judge(image, situation))).toBe('allowed');
  }, PATIENCE);

  test('an SBOM beside it does not hide it, nor does it stand in for a signature', async () => {
    const image = scene.image();
    scene.attach(image, scene.world.signKeyless(githubRun(), statement(image, 'https://spdx.dev/Document', {})));
    expect(said(await scene.judge(image))).toBe('NO_SIGNATURE');
    pushOlder(image, 'sig', simpleSigning(image));
    expect(said(await scene.judge(image))).toBe('UNSUPPORTED');
    scene.attach(image, ordinary(image, scene.world));
    expect(said(await scene.judge(image))).toBe('allowed');
  }, PATIENCE);

  test.each<[string, (image: string) => Buffer]>([
    ['another digest', () => simpleSigning(`sha256:${'0'.repeat(64)}`)],
    ['another type', (image) => Buffer.from(simpleSigning(image).toString().replace('cosign container image signature', 'atomic container signature'))],
    ['a key twice', (image) => Buffer.from(simpleSigning(image).toString().replace('"optional"', '"critical":{},"optional"'))],
    ['nothing', () => Buffer.from('{}')],
  ])('whatever it says, such as %s', async (_, bytes) => {
    const image = scene.image();
    pushOlder(image, 'sig', bytes(image));
    expect(said(await scene.judge(image))).toBe('UNSUPPORTED');
    scene.attach(image, ordinary(image, scene.world));
    expect(said(await scene.judge(image))).toBe('allowed');
  }, PATIENCE);
});
