import { BUNDLE_TYPE, faults, OCI_INDEX, OCI_MANIFEST, sha256, TestRegistry } from '../../support/registry';
import { Reading, ReadingOptions } from '../../support/registry/reading';
import { containing, matching } from '../../support/texts';

const APP = 'acme/app';
const BUNDLE = Buffer.from('{"bundle":"one"}');
let reading: Reading;
let image: string;

async function start(options: ReadingOptions = {}): Promise<void> {
  await reading?.close();
  reading = await Reading.start(options);
  image = reading.registry.pushImage(APP, 'app', 'v1');
}

beforeEach(() => start());
afterEach(() => reading.close());

test('a tag is resolved to the digest of the bytes that were sent', async () => {
  await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(image);
});

test('a reference without a tag means latest', async () => {
  reading.registry.pushImage(APP, 'other', 'latest');
  await expect(reading.resolve(APP)).resolves.not.toBe(image);
  expect(reading.registry.asked).toEqual([`GET /v2/${APP}/manifests/latest`]);
});

test('beside a digest the tag is never asked for', async () => {
  await expect(reading.resolve(`${APP}:v1@${image}`)).resolves.toBe(image);
  expect(reading.registry.asked).toEqual([]);
});

test('a tag that is not there is IMAGE_NOT_FOUND', async () => {
  await expect(reading.resolve(`${APP}:v2`)).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND', message: containing(`${APP}:v2`) });
});

test('G03: headers that lie about digest, ETag, type and length of what follows change nothing', async () => {
  const lie = `sha256:${'0'.repeat(64)}`;
  reading.registry.fault(/GET .*\/manifests\//, faults.lying({ 'docker-content-digest': lie, 'etag': `"${lie}"`, 'content-type': 'text/html' }));
  await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(image);
  expect(reading.registry.requests.map(({ method }) => method)).not.toContain('HEAD');
});

test('G05: what one decision is made of is read once, whatever the registry says the second time', async () => {
  const digest = await reading.resolve(`${APP}:v1`);
  reading.registry.attach(APP, digest, BUNDLE);
  reading.registry.pushImage(APP, 'moved', 'v1');
  await expect(reading.texts(APP, digest)).resolves.toEqual([BUNDLE.toString()]);
  expect(reading.registry.asked.filter((line) => line.endsWith('/manifests/v1'))).toHaveLength(1);
});

test('G02: the bundle, its artifact and the image count only as the bytes of their digests', async () => {
  const artifact = reading.registry.attach(APP, image, BUNDLE);
  await expect(reading.texts(APP, image)).resolves.toEqual([BUNDLE.toString()]);
  for (const [path, digest] of [['manifests', artifact], ['blobs', sha256(BUNDLE)]] as const) {
    const mend = reading.registry.fault(new RegExp(`${path}/${digest}`), faults.bytes('{"layers":[],"bundle":"two"}'));
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles).toEqual([]);
    expect(unsupported).toEqual([{ digest, code: 'MALFORMED', message: containing('bytes that are not those of') }]);
    mend();
  }
});

test('a broken piece of evidence hides no other, before or after it', async () => {
  const before = Buffer.from('{"bundle":"before"}');
  reading.registry.attach(APP, image, before);
  reading.registry.attach(APP, image, BUNDLE);
  reading.registry.attach(APP, image, Buffer.from('{"bundle":"after"}'));
  reading.registry.fault(new RegExp(`blobs/${sha256(BUNDLE)}`), faults.bytes('junk'));
  await expect(reading.texts(APP, image)).resolves.toEqual(['{"bundle":"after"}', '{"bundle":"before"}']);
});

test('a listed artifact that names another subject, or none, is about something else', async () => {
  const other = reading.registry.pushImage(APP, 'other');
  const store = reading.registry.repository(APP);
  const about = (subject: unknown): object => ({ ...store.artifact(image, BUNDLE), subject });
  for (const subject of [{ digest: other }, undefined, null, 'x', [], { digest: [image] }, { digest: image.toUpperCase() }]) {
    const digest = store.pushManifest(about(subject));
    const listing = { manifests: [{ mediaType: OCI_MANIFEST, digest, size: store.tryGet(digest)?.bytes.length ?? 0 }] };
    const mend = reading.registry.fault(/referrers/, faults.bytes(JSON.stringify(listing)));
    await expect(reading.bundles(APP, image)).resolves.toEqual({ bundles: [], unsupported: [] });
    mend();
  }
  reading.registry.attach(APP, image, BUNDLE);
  await expect(reading.texts(APP, image)).resolves.toEqual([BUNDLE.toString()]);
});

describe('G06: descriptors that lie', () => {
  function attachWith(layer: object): string {
    const store = reading.registry.repository(APP);
    const manifest = store.artifact(image, BUNDLE) as { layers: object[] };
    return reading.registry.attachManifest(APP, image, { ...manifest, layers: [{ ...manifest.layers[0], ...layer }] });
  }

  test.each([
    ['a size that is one too small', { size: BUNDLE.length - 1 }],
    ['a size that is one too large', { size: BUNDLE.length + 1 }],
    ['no size', { size: undefined }],
    ['a size below zero', { size: -1 }],
    ['a size that is no number', { size: '16' }],
    ['a digest of another algorithm', { digest: `sha512:${'0'.repeat(128)}` }],
    ['a digest in upper case', { digest: sha256(BUNDLE).toUpperCase() }],
    ['a digest that leads elsewhere', { digest: `${sha256(BUNDLE)}/../../../evil` }],
    ['no media type', { mediaType: undefined }],
  ])('%s: the piece is refused, and nothing is asked beside the registry', async (_what, layer) => {
    const artifact = attachWith(layer);
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles).toEqual([]);
    expect(unsupported.map(({ digest }) => digest)).toEqual(['size' in layer && typeof layer.size === 'number' && layer.size > 0 ? sha256(BUNDLE) : artifact]);
  });

  test('an artifact has the size that its listing says, or is refused', async () => {
    const artifact = reading.registry.attach(APP, image, BUNDLE);
    const size = reading.registry.repository(APP).tryGet(artifact)?.bytes.length ?? 0;
    const listing = (said: number): string => JSON.stringify({ manifests: [{ mediaType: OCI_MANIFEST, digest: artifact, size: said }] });
    for (const said of [size - 1, size + 1, 0]) {
      const mend = reading.registry.fault(/referrers/, faults.bytes(listing(said)));
      await expect(reading.bundles(APP, image)).resolves.toEqual({ bundles: [], unsupported: [{ digest: artifact, code: 'MALFORMED', message: containing(`says ${said}`) }] });
      mend();
    }
    reading.registry.fault(/referrers/, faults.bytes(listing(size)));
    await expect(reading.texts(APP, image)).resolves.toEqual([BUNDLE.toString()]);
  });

  test('a size of 2⁵³ cannot be held exactly, so the document that says it is refused', async () => {
    const manifest = JSON.stringify(reading.registry.repository(APP).artifact(image, BUNDLE)).replaceAll(`"size":${BUNDLE.length}`, '"size":9007199254740992');
    reading.registry.attachManifest(APP, image, Buffer.from(manifest));
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles).toEqual([]);
    expect(unsupported).toHaveLength(1);
  });

  test('a size beyond the cap is refused before the blob is asked for; at the cap it is read', async () => {
    await start({ limits: { bundle: BUNDLE.length } });
    reading.registry.attach(APP, image, BUNDLE);
    await expect(reading.texts(APP, image)).resolves.toEqual([BUNDLE.toString()]);
    await start({ limits: { bundle: BUNDLE.length - 1 } });
    reading.registry.attach(APP, image, BUNDLE);
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles).toEqual([]);
    expect(unsupported[0]?.message).toMatch(`has ${BUNDLE.length} bytes; at most ${BUNDLE.length - 1} are read`);
    expect(reading.registry.asked.join()).not.toContain('/blobs/');
  });

  test('inline data and urls are never used: the blob decides, and no other host is asked', async () => {
    const canary = await TestRegistry.start();
    attachWith({ data: Buffer.from('{"bundle":"inline"}').toString('base64'), urls: [`${canary.origin}/v2/x/blobs/y`] });
    await expect(reading.texts(APP, image)).resolves.toEqual([BUNDLE.toString()]);
    expect(canary.requests).toEqual([]);
    await canary.close();
  });
});

describe('a document is an index or a manifest, never both', () => {
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 2 };
  test.each<[string, object | string, string | undefined]>([
    ['an index', { manifests: [] }, undefined],
    ['a manifest', { config, layers: [] }, undefined],
    ['manifests and layers', { manifests: [], layers: [] }, 'both an index and a manifest'],
    ['manifests and config', { manifests: [], config }, 'both an index and a manifest'],
    ['neither', { schemaVersion: 2 }, 'neither an index nor a manifest'],
    ['a list', [], 'is not an object'],
    ['a key twice', '{"layers":[],"layers":[]}', 'not strict JSON'],
    ['something after the end', '{"layers":[]}{}', 'not strict JSON'],
    ['a byte order mark', '\ufeff{"layers":[]}', 'not strict JSON'],
    ['HTML', '<html>', 'not strict JSON'],
    ['nothing', '', 'not strict JSON'],
    ['arrays in arrays in …', `{"layers":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, 'nested'],
  ])('the tag leads to %s', async (_what, document, refused) => {
    const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));
    const digest = reading.registry.repository(APP).pushManifest(bytes, OCI_INDEX, 'odd');
    const resolved = reading.resolve(`${APP}:odd`);
    await (refused === undefined
      ? expect(resolved).resolves.toBe(digest)
      : expect(resolved).rejects.toMatchObject({ code: matching(/^(MALFORMED|LIMIT)$/), message: containing(refused) }));
  });

  test('an artifact that could also be an index is no evidence', async () => {
    const artifact = reading.registry.repository(APP).artifact(image, BUNDLE);
    reading.registry.attachManifest(APP, image, { ...artifact, manifests: [] });
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles).toEqual([]);
    expect(unsupported[0]?.message).toContain('could be an index as well as a manifest');
  });
});

describe('G22: indexes of any shape are only hashed', () => {
  const child = (digit: string, platform: object): object => ({ mediaType: OCI_MANIFEST, digest: `sha256:${digit.repeat(64)}`, size: 7, platform });
  test.each<[string, object[]]>([
    ['no children', []],
    ['only arm64', [child('a', { architecture: 'arm64', os: 'linux' })]],
    ['only Windows', [child('a', { architecture: 'amd64', os: 'windows' })]],
    ['an attestation of buildkit', [child('a', { architecture: 'amd64', os: 'linux' }), child('b', { architecture: 'unknown', os: 'unknown' })]],
    ['10⁴ children', Array.from({ length: 10_000 }, () => child('a', { architecture: 'amd64', os: 'linux' }))],
  ])('%s', async (_what, manifests) => {
    const digest = reading.registry.repository(APP).pushManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, OCI_INDEX, 'index');
    await expect(reading.resolve(`${APP}:index`)).resolves.toBe(digest);
    expect(reading.registry.requests).toHaveLength(1);
    reading.registry.attach(APP, digest, BUNDLE);
    await expect(reading.texts(APP, digest)).resolves.toEqual([BUNDLE.toString()]);
  });

  test('an index larger than the cap is LIMIT', async () => {
    await start({ limits: { manifest: 1_000 } });
    const manifests = Array.from({ length: 10 }, () => child('a', {}));
    reading.registry.repository(APP).pushManifest({ manifests }, OCI_INDEX, 'large');
    await expect(reading.resolve(`${APP}:large`)).rejects.toMatchObject({ code: 'LIMIT' });
    await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(image);
  });
});

test('a statement that nobody signed is named as such', async () => {
  reading.registry.attach(APP, image, BUNDLE, { artifactType: BUNDLE_TYPE, layerType: 'application/vnd.in-toto+json' });
  const { bundles, unsupported } = await reading.bundles(APP, image);
  expect(bundles).toEqual([]);
  expect(unsupported).toEqual([{ digest: sha256(BUNDLE), code: 'UNSUPPORTED', message: containing('nobody signed') }]);
});
