import { githubRun, provenanceStatement, PROVENANCE_PREDICATE } from '../../support/sigstore';
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
