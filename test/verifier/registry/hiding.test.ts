import { BUNDLE_TYPE, OCI_INDEX, OCI_MANIFEST, sha256 } from '../../support/registry';
import { Fault } from '../../support/registry/faults';
import { Reading, ReadingOptions } from '../../support/registry/reading';
import { containing } from '../../support/texts';

/** Somebody else may attach what he likes to an image: beside a good piece of evidence it changes nothing, and alone it is the reason that is given. */
const APP = 'acme/app';
const GOOD = Buffer.from('{"bundle":"good"}');
const OLDER_TYPE = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
let reading: Reading;
let image: string;

async function start(options: ReadingOptions = {}): Promise<void> {
  await reading?.close();
  reading = await Reading.start(options);
  image = reading.registry.pushImage(APP, 'app', 'v1');
}

beforeEach(() => start());
afterEach(() => reading.close());

/** An artifact of this image with text in it that no program of ours would write. */
function artifact(change: (text: string) => string, mediaType?: string): void {
  const manifest = JSON.stringify({ ...reading.registry.repository(APP).artifact(image, Buffer.from('{}'), { artifactType: 'x/y' }), annotations: { a: 'x' } });
  reading.registry.attachManifest(APP, image, Buffer.from(change(manifest)), mediaType);
}

/** The list as it is, with something in front, made of its first entry where there is one. */
function listed(make: (first: object) => string): Fault {
  return (response) => {
    const entries = reading.registry.repository(APP).referrers(image);
    const list = [make(entries[0] ?? {}), ...entries.map((each) => JSON.stringify(each))];
    response.writeHead(200, { 'content-type': OCI_INDEX }).end(`{"schemaVersion":2,"mediaType":"${OCI_INDEX}","manifests":[${list.join()}]}`);
  };
}

const entry = (text: string) => (): void => void reading.registry.fault(/referrers/, listed(() => text));
const ENTRY = `"mediaType":"${OCI_MANIFEST}","size":100,"digest":"sha256:${'a'.repeat(64)}"`;

describe.each<[string, string, () => void]>([
  ['an artifact with the annotation __proto__', 'MALFORMED', () => artifact((text) => text.replace('"a":"x"', '"__proto__":"x"'))],
  ['an artifact with an annotation twice', 'MALFORMED', () => artifact((text) => text.replace('"a":"x"', '"a":"x","a":"y"'))],
  ['an artifact with half a character in an annotation', 'MALFORMED', () => artifact((text) => text.replace('"a":"x"', '"a":"\\ud800"'))],
  ['an artifact of 300 KB', 'LIMIT', () => artifact((text) => text.replace('"a":"x"', `"a":"${'x'.repeat(300_000)}"`))],
  ['an artifact of 4.3 MB', 'LIMIT', () => artifact((text) => text.replace('"a":"x"', `"a":"${'x'.repeat(4_300_000)}"`))],
  ['an artifact of a kind that is not known', 'UNSUPPORTED', () => artifact((text) => text, 'application/vnd.oci.artifact.manifest.v1+json')],
  ['an artifact with a layer named by sha512', 'UNSUPPORTED', () => artifact((text) => text.replace(/"layers":\[\{[^}]*/, `"layers":[{"mediaType":"x/y","size":1,"digest":"sha512:${'a'.repeat(128)}"`))],
  ['an entry with a digest that is cut short', 'MALFORMED', entry(`{"mediaType":"${OCI_MANIFEST}","digest":"sha256:${'a'.repeat(63)}","size":100}`)],
  ['an entry named by sha512', 'UNSUPPORTED', entry(`{"mediaType":"${OCI_MANIFEST}","digest":"sha512:${'a'.repeat(128)}","size":100}`)],
  ['an entry without a digest', 'MALFORMED', entry(`{"mediaType":"${OCI_MANIFEST}","size":100}`)],
  ['an entry with a digest twice', 'MALFORMED', entry(`{${ENTRY},"digest":"sha256:${'b'.repeat(64)}"}`)],
  ['an entry that is a number', 'MALFORMED', entry('0')],
  ['an entry with 20,000 values', 'LIMIT', entry(`{${ENTRY},"x":[${'0,'.repeat(20_000)}0]}`)],
  ['an entry that is nested deep', 'LIMIT', entry(`{${ENTRY},"x":${'['.repeat(1_000)}${']'.repeat(1_000)}}`)],
])('%s', (_what, code, add) => {
  test(`alone is told as ${code}`, async () => {
    add();
    await expect(reading.bundles(APP, image)).resolves.toMatchObject({ bundles: [], unsupported: [{ code }] });
  });

  test.each(['before', 'after'])('hides no good piece %s it', async (place) => {
    if (place === 'before') {
      reading.registry.attach(APP, image, GOOD);
    }
    add();
    if (place === 'after') {
      reading.registry.attach(APP, image, GOOD);
    }
    await expect(reading.texts(APP, image)).resolves.toEqual([GOOD.toString()]);
  });
});

test.each(['before', 'after'])('the very bytes of a good piece under another media type, %s it, are a second piece', async (place) => {
  const types = place === 'before' ? [OLDER_TYPE, BUNDLE_TYPE] : [BUNDLE_TYPE, OLDER_TYPE];
  types.forEach((layerType) => void reading.registry.attach(APP, image, GOOD, { layerType }));
  const { bundles, unsupported } = await reading.bundles(APP, image);
  expect(bundles.map(({ mediaType }) => mediaType).sort()).toEqual([OLDER_TYPE, BUNDLE_TYPE].sort());
  expect(unsupported).toEqual([]);
});

test('somebody who says something else about the size of a good piece, in the list or in an artifact, harms only himself', async () => {
  reading.registry.attach(APP, image, GOOD);
  artifact((text) => text.replace(/"layers":\[\{[^}]*/, `"layers":[{"mediaType":"${BUNDLE_TYPE}","size":1,"digest":"${sha256(GOOD)}"`));
  reading.registry.fault(/referrers/, listed((first) => JSON.stringify({ ...first, size: 1 })));
  await expect(reading.bundles(APP, image)).resolves.toMatchObject({ bundles: [{ bytes: GOOD }], unsupported: [{ code: 'MALFORMED' }, { code: 'MALFORMED' }] });
});

test('of more bytes than are read the smallest pieces are read, whatever the order; each that is not is named', async () => {
  const large = [1, 2, 3].map((digit) => Buffer.from(JSON.stringify({ bundle: String(digit).repeat(100) })));
  for (const order of [[GOOD, ...large], [...large, GOOD]]) {
    await start({ limits: { bundles: 300 } });
    order.forEach((bytes) => void reading.registry.attach(APP, image, bytes));
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles.map(({ bytes }) => bytes.length).sort()).toEqual([GOOD.length, 113, 113].sort());
    expect(unsupported).toEqual([{ digest: containing('sha256:'), code: 'LIMIT', message: containing('more than 300 bytes') }]);
  }
});

test('a second bundle in one artifact is read like one in an artifact of its own', async () => {
  const store = reading.registry.repository(APP);
  const manifest = store.artifact(image, Buffer.from('one')) as { layers: object[] };
  reading.registry.attachManifest(APP, image, { ...manifest, layers: [...manifest.layers, store.descriptor(GOOD, BUNDLE_TYPE)] });
  await expect(reading.texts(APP, image)).resolves.toEqual(['one', GOOD.toString()]);
});

test('entries that cannot be used are told together, and count like all others', async () => {
  await start({ limits: { referrers: 4 } });
  const list = (count: number): Fault => listed(() => Array.from({ length: count }, () => '{}').join());
  const mend = reading.registry.fault(/referrers/, list(4));
  await expect(reading.bundles(APP, image)).resolves.toEqual({ bundles: [], unsupported: [{ digest: image, code: 'MALFORMED', message: containing('and 3 more entries like it') }] });
  mend();
  reading.registry.fault(/referrers/, list(5));
  await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'LIMIT' });
});
