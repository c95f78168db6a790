import { faults, OCI_INDEX, OCI_MANIFEST, TestRegistry } from '../../support/registry';
import { Reading, ReadingOptions } from '../../support/registry/reading';
import { OlderLayerContent } from '../../support/registry/store';
import { containing } from '../../support/texts';

const APP = 'acme/app';
const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
let reading: Reading;
let image: string;

async function start(options: ReadingOptions = {}): Promise<void> {
  await reading?.close();
  reading = await Reading.start(options);
  image = reading.registry.pushImage(APP, 'app', 'v1');
}

/** Bundles with the texts `0`, `1`, …: short, and different. */
function attach(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    reading.registry.attach(APP, image, Buffer.from(String(index)));
    return String(index);
  });
}

beforeEach(() => start());
afterEach(() => reading.close());

test('nothing attached is an empty answer, from the API and from the fallback tag', async () => {
  await expect(reading.bundles(APP, image)).resolves.toEqual({ bundles: [], unsupported: [] });
  await start({ referrersApi: false });
  await expect(reading.bundles(APP, image)).resolves.toEqual({ bundles: [], unsupported: [] });
});

test('a list that is null holds nothing, as some registries answer; the same list with an entry holds it', async () => {
  const [text = ''] = attach(1);
  await expect(reading.texts(APP, image)).resolves.toEqual([text]);
  reading.registry.fault(/referrers/, faults.bytes('{"schemaVersion":2,"manifests":null}'));
  await expect(reading.texts(APP, image)).resolves.toEqual([]);
});

describe('G10: unavailable is never the same as nothing there', () => {
  test.each([
    ['500', faults.status(500), 'HTTP 500'],
    ['503', faults.status(503), 'HTTP 503'],
    ['403', faults.status(403), 'HTTP 403'],
    ['429', faults.status(429), 'HTTP 429'],
    ['410', faults.status(410), 'HTTP 410'],
    ['204', faults.status(204), 'HTTP 204'],
    ['a redirect away from TLS', faults.redirect('http://other.test/'), 'redirects to where'],
    ['a reset', faults.reset, 'no whole answer'],
    ['an answer that is cut off', faults.cutOff, 'no whole answer'],
  ])('%s from the list', async (_what, fault, told) => {
    const [text = ''] = attach(1);
    const mend = reading.registry.fault(/referrers/, fault);
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(told) });
    mend();
    await expect(reading.texts(APP, image)).resolves.toEqual([text]);
  });

  test.each([
    ['HTML', '<html>sign in</html>'], ['an empty body', ''], ['a manifest', '{"config":{},"layers":[]}'], ['a list', '[]'], ['two lists', '{"manifests":[],"manifests":[]}'], ['a list under an escaped key', '{"manifest\\u0073":[{}]}'],
    ['entries that are no list', '{"manifests":{}}'], ['an error that says 200', '{"errors":[]}'],
  ])('%s with 200 is MALFORMED, not empty', async (_what, body) => {
    attach(1);
    reading.registry.fault(/referrers/, faults.bytes(body, { 'content-type': OCI_INDEX }));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'MALFORMED', message: containing(image) });
  });

  test.each(['manifests/sha256:', 'blobs/'])('%s… of a listed artifact fails: the whole answer is unavailable, not the rest of it', async (path) => {
    attach(3);
    const mend = reading.registry.fault(new RegExp(path), faults.status(403), 1);
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    mend();
    await expect(reading.texts(APP, image)).resolves.toHaveLength(3);
  });

  test('an artifact that is listed and gone is passed over; a blob that is gone is told', async () => {
    const gone = reading.registry.attach(APP, image, Buffer.from('gone'));
    const [text] = attach(1);
    const mend = reading.registry.fault(new RegExp(gone), faults.status(404));
    await expect(reading.texts(APP, image)).resolves.toEqual([text]);
    mend();
    reading.registry.fault(/blobs/, faults.status(404));
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles).toEqual([]);
    expect(unsupported.map(({ message }) => message)).toEqual([containing('listed, but not there'), containing('listed, but not there')]);
  });
});

describe('paging', () => {
  test('all pages are read', async () => {
    await start({ pageSize: 2 });
    const texts = attach(5);
    await expect(reading.texts(APP, image)).resolves.toEqual(texts);
    expect(reading.registry.asked.filter((line) => line.includes('/referrers/'))).toHaveLength(3);
  });

  test.each([
    ['another host', () => `<http://127.0.0.1:1/v2/${APP}/referrers/${image}?from=1>; rel="next"`],
    ['another scheme', () => `<https://${reading.registry.host}/v2/${APP}/referrers/${image}?from=1>; rel="next"`],
    ['another repository', () => `</v2/acme/evil/referrers/${image}?from=1>; rel="next"`],
    ['another digest', () => `</v2/${APP}/referrers/sha256:${'0'.repeat(64)}>; rel="next"`],
    ['no address', () => '<http://>; rel="next"'],
  ])('a link to %s is not followed, and what it may hide is not ignored', async (_what, link) => {
    attach(1);
    const mend = reading.registry.fault(/referrers/, faults.lying({ link: link() }));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('next page') });
    mend();
    await expect(reading.texts(APP, image)).resolves.toHaveLength(1);
  });

  test('pages without end are LIMIT; as many as the cap are read', async () => {
    await start({ pageSize: 1, limits: { pages: 3 } });
    attach(3);
    await expect(reading.texts(APP, image)).resolves.toHaveLength(3);
    reading.registry.fault(/referrers/, faults.lying({ link: `</v2/${APP}/referrers/${image}?from=0>; rel="next"` }));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'LIMIT', message: containing('3 pages') });
  });

  test('a second page that is not there is unavailable: the first alone is not the answer', async () => {
    await start({ pageSize: 1 });
    attach(2);
    reading.registry.fault(/referrers.*from=1/, faults.status(404));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });
});

describe('caps', () => {
  test('one referrer more than the cap is LIMIT, in any order; as many as the cap are read', async () => {
    await start({ limits: { referrers: 4 } });
    attach(4);
    await expect(reading.texts(APP, image)).resolves.toHaveLength(4);
    reading.registry.attach(APP, image, Buffer.from('junk'));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'LIMIT', message: containing('at most 4') });
    expect(reading.registry.asked.filter((line) => line.includes('/blobs/'))).toHaveLength(4);
  });

  test('the same digest listed many times is one referrer', async () => {
    await start({ limits: { referrers: 4 } });
    const digest = reading.registry.attach(APP, image, Buffer.from('one'));
    const size = reading.registry.repository(APP).tryGet(digest)?.bytes.length;
    const manifests = Array.from({ length: 16 }, () => ({ mediaType: OCI_MANIFEST, digest, size }));
    reading.registry.fault(/referrers/, faults.bytes(JSON.stringify({ manifests })));
    await expect(reading.texts(APP, image)).resolves.toEqual(['one']);
    expect(reading.registry.asked.filter((line) => line.includes('/blobs/'))).toHaveLength(1);
    reading.registry.fault(/referrers/, faults.bytes(JSON.stringify({ manifests: [...manifests, manifests[0]] })));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'LIMIT', message: containing('16 entries') });
  });

  test('all bundles together are bounded, and so are all pages together', async () => {
    await start({ limits: { bundles: 3 } });
    attach(3);
    await expect(reading.texts(APP, image)).resolves.toHaveLength(3);
    reading.registry.attach(APP, image, Buffer.from('4'));
    await expect(reading.bundles(APP, image)).resolves.toMatchObject({ bundles: { length: 3 }, unsupported: [{ code: 'LIMIT', message: containing('more than 3 bytes') }] });
    await start({ limits: { listing: 500 } });
    reading.registry.fault(/referrers/, faults.bytes(JSON.stringify({ manifests: [], filler: ' '.repeat(500) })));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'LIMIT', message: containing('500 bytes') });
    await start({ pageSize: 1, limits: { listing: 700 } });
    attach(2);
    await expect(reading.texts(APP, image)).resolves.toHaveLength(2);
    attach(3);
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'LIMIT' });
  });

  test('junk of other kinds around the good one, however it calls itself, changes nothing', async () => {
    for (let index = 0; index < 40; index += 1) {
      reading.registry.attach(APP, image, Buffer.from(`junk ${index}`), { artifactType: 'application/x-junk' });
      if (index === 20) {
        reading.registry.attach(APP, image, Buffer.from('good'), { annotations: { 'dev.sigstore.bundle.predicateType': 'https://evil.test/' } });
      }
    }
    await expect(reading.texts(APP, image)).resolves.toEqual(['good']);
  });
});

describe('G09: the fallback tag', () => {
  test('is read where there is no API, with the same checks', async () => {
    await start({ referrersApi: false });
    attach(2);
    await expect(reading.texts(APP, image)).resolves.toEqual(['0', '1']);
    const other = reading.registry.pushImage(APP, 'other');
    const foreign = reading.registry.attach(APP, other, Buffer.from('foreign'));
    reading.registry.repository(APP).listUnderFallbackTag(image, foreign);
    await expect(reading.texts(APP, image)).resolves.toEqual(['0', '1']);
  });

  test('is read, too, where the API knows of nothing; where it knows of something, the API alone is read', async () => {
    const store = reading.registry.repository(APP);
    const hidden = store.pushManifest(store.artifact(image, Buffer.from('under the tag')));
    store.listUnderFallbackTag(image, hidden);
    reading.registry.fault(/referrers/, faults.bytes('{"manifests":[]}'), 1);
    await expect(reading.texts(APP, image)).resolves.toEqual(['under the tag']);
    store.remove(hidden);
    attach(1);
    await expect(reading.texts(APP, image)).resolves.toEqual(['0']);
    expect(reading.registry.asked.filter((line) => line.includes('manifests/sha256-'))).toHaveLength(1);
  });

  test.each([
    ['stale: what it lists is gone', { manifests: [{ mediaType: OCI_MANIFEST, digest: `sha256:${'0'.repeat(64)}`, size: 1 }] }, undefined],
    ['no index', { config: {}, layers: [] }, 'MALFORMED'],
    ['both', { manifests: [], layers: [] }, 'MALFORMED'],
    ['17 MiB', { manifests: [], filler: 'x'.repeat(17 * 1024 * 1024) }, 'LIMIT'],
  ])('%s', async (_what, index, code) => {
    await start({ referrersApi: false });
    reading.registry.repository(APP).pushManifest(index, OCI_INDEX, image.replace(':', '-'));
    const read = reading.texts(APP, image);
    await (code === undefined ? expect(read).resolves.toEqual([]) : expect(read).rejects.toMatchObject({ code }));
  });

  test('a tag that cannot be read is unavailable, not absent', async () => {
    await start({ referrersApi: false });
    attach(1);
    const mend = reading.registry.fault(/manifests\/sha256-[0-9a-f]+$/, faults.status(500));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    mend();
    await expect(reading.texts(APP, image)).resolves.toEqual(['0']);
  });
});

describe('cosign\'s older layout', () => {
  const layer = (text: string, annotation: unknown): OlderLayerContent => ({ mediaType: SIMPLE_SIGNING, bytes: Buffer.from(text), annotations: { 'dev.cosignproject.cosign/signature': annotation, 'other': 'x' } });
  const push = (suffix: 'sig' | 'att', ...layers: OlderLayerContent[]): string => reading.registry.repository(APP).pushOlder(image, suffix, layers);
  const said = async (): Promise<string[]> => (await reading.olderLayout(APP, image)).bundles.map(({ bytes, annotations }) =>
    `${Buffer.from(bytes).toString()} ${JSON.stringify(annotations)}`).sort();
  const SIGNATURE = (text: string): string => `{"dev.cosignproject.cosign/signature":"${text}"}`;

  test('every layer of both tags is read with the annotations that say something; bundles are not looked for there, nor these among the bundles', async () => {
    await expect(reading.olderLayout(APP, image)).resolves.toEqual({ bundles: [], unsupported: [] });
    push('sig', layer('a', '1'), layer('b', '2'), { mediaType: 'text/plain', bytes: Buffer.from('c') });
    push('att', { ...layer('d', ''), mediaType: 'application/vnd.dsse.envelope.v1+json' });
    await expect(said()).resolves.toEqual([`a ${SIGNATURE('1')}`, `b ${SIGNATURE('2')}`, `d ${SIGNATURE('')}`]);
    await expect(reading.bundles(APP, image)).resolves.toEqual({ bundles: [], unsupported: [] });
  });

  test('signatures of the same bytes are each there, with bytes of their own that are asked for once', async () => {
    push('sig', layer('a', '1'), layer('a', '2'), layer('a', '2'));
    const { bundles } = await reading.olderLayout(APP, image);
    expect(new Set(bundles.map(({ annotations }) => JSON.stringify(annotations)))).toEqual(new Set([SIGNATURE('1'), SIGNATURE('2')]));
    expect(bundles).toHaveLength(2);
    expect(new Set(bundles.map(({ bytes }) => bytes.buffer)).size).toBe(2);
    expect(reading.registry.asked.filter((line) => line.includes('/blobs/'))).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    ['an annotation twice', 'MALFORMED', '"other":"x","other":"x"'],
    ['an annotation that is no text', 'MALFORMED', '"dev.sigstore.cosign/bundle":{}'],
    ['annotations nested deep', 'LIMIT', `"other":${'['.repeat(100)}${']'.repeat(100)}`],
    ['half a character', 'MALFORMED', '"other":"\\ud800"'],
  ])('a layer with %s is told as %s and hides no other', async (_what, code, broken) => {
    const digest = push('sig', layer('a', '1'), layer('b', '2'));
    const manifest = reading.registry.repository(APP).tryGet(digest)!.bytes.toString().replace('"other":"x"', broken);
    reading.registry.repository(APP).pushManifest(Buffer.from(manifest), OCI_MANIFEST, `${image.replace(':', '-')}.sig`);
    await expect(said()).resolves.toEqual([`b ${SIGNATURE('2')}`]);
    const { unsupported } = await reading.olderLayout(APP, image);
    expect(unsupported).toMatchObject([{ digest: image, code }]);
  });

  test.each([
    ['no JSON', '{', 'MALFORMED'],
    ['an index as well', '{"manifests":[],"layers":[]}', 'MALFORMED'],
    ['layers twice', '{"layers":[],"layers":[]}', 'MALFORMED'],
    ['layers that are no list', '{"layers":{}}', 'MALFORMED'],
    ['a list', '[]', 'MALFORMED'],
  ])('a tag that leads to %s is told, and hides nothing in the other', async (_what, manifest, code) => {
    push('att', layer('a', '1'));
    reading.registry.repository(APP).pushManifest(Buffer.from(manifest), OCI_MANIFEST, `${image.replace(':', '-')}.sig`);
    await expect(said()).resolves.toHaveLength(1);
    await expect(reading.olderLayout(APP, image)).resolves.toMatchObject({ unsupported: [{ digest: image, code }] });
  });

  test('a layer more than the cap is LIMIT for the tag, in any order; as many as the cap are read', async () => {
    await start({ limits: { pieces: 3 } });
    push('sig', ...['1', '2', '3'].map((text) => layer('a', text)));
    await expect(said()).resolves.toHaveLength(3);
    push('sig', ...['4', '1', '2', '3'].map((text) => layer('a', text)));
    await expect(reading.olderLayout(APP, image)).resolves.toMatchObject({ bundles: [], unsupported: [{ code: 'LIMIT', message: containing('3 entries') }] });
  });

  test('of more pieces than the cap in all, the smallest are read, whatever the order', async () => {
    const texts = ['aaaa', 'bbb', 'cc', 'd'];
    for (const order of [texts, [...texts].reverse()]) {
      await start({ limits: { pieces: 2 } });
      push('sig', ...order.slice(0, 2).map((text) => layer(text, '1')));
      push('att', ...order.slice(2).map((text) => layer(text, '1')));
      await expect(said()).resolves.toEqual([`cc ${SIGNATURE('1')}`, `d ${SIGNATURE('1')}`]);
      await expect(reading.olderLayout(APP, image)).resolves.toMatchObject({ unsupported: [{ code: 'LIMIT' }, { code: 'LIMIT' }] });
    }
  });

  test.each([[faults.status(500)], [faults.status(403)], [faults.reset]])('G10: a tag that cannot be read is unavailable, not absent', async (fault) => {
    push('sig', layer('a', '1'));
    const mend = reading.registry.fault(/\.att$/, fault);
    await expect(reading.olderLayout(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    mend();
    await expect(said()).resolves.toHaveLength(1);
  });
});

test('two images and two repositories share nothing that is read', async () => {
  const other = reading.registry.pushImage(APP, 'other');
  reading.registry.pushImage('acme/copy', 'app');
  attach(1);
  await expect(reading.texts(APP, other)).resolves.toEqual([]);
  await expect(reading.texts('acme/copy', image)).resolves.toEqual([]);
  const second = await TestRegistry.start();
  second.pushImage(APP, 'app');
  await expect(reading.texts(APP, image)).resolves.toEqual(['0']);
  expect(second.requests).toEqual([]);
  await second.close();
});
