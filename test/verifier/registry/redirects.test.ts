import { fixedCredentials } from '../../../lib/verifier/registry/credentials/source';
import { faults, TestRegistry } from '../../support/registry';
import { Fault } from '../../support/registry/faults';
import { selfSigned } from '../../support/registry/certificates';
import { Reading } from '../../support/registry/reading';
import { containing } from '../../support/texts';

const APP = 'acme/app';
const BUNDLE = Buffer.from('{"bundle":"one"}');
let tls: { readonly cert: string; readonly key: string };
let reading: Reading;
let storage: TestRegistry;
let image: string;

beforeAll(async () => {
  tls = await selfSigned();
});

/** A registry with a password, and a storage of blobs of another origin that says what it was asked. */
beforeEach(async () => {
  storage = await TestRegistry.start({ tls });
  reading = await Reading.start({
    tls,
    auth: { challenge: ({ headers }) => (headers.authorization === undefined ? 'Basic realm="x"' : undefined), answerToken: () => false },
    config: ({ host }) => new Map([[host, { plainHttp: false, ca: tls.cert, credentials: fixedCredentials({ type: 'password', username: 'u', password: 'secret' }) }]]),
  });
  image = reading.registry.pushImage(APP, 'app', 'v1');
  reading.registry.attach(APP, image, BUNDLE);
});

afterEach(async () => {
  await reading.close();
  await storage.close();
});

function blobs(fault: Fault): void {
  reading.registry.fault(/GET .*\/blobs\//, (response, answer) => {
    // Only those who may read are redirected.
    if (response.req.headers.authorization === undefined) {
      answer();
    } else {
      fault(response, answer);
    }
  });
}

test.each([301, 302, 303, 307, 308])('G13: a redirect (%s) of a blob to another origin is followed without any credential, and the bytes decide', async (code) => {
  storage.fault(/data/, faults.bytes(BUNDLE));
  blobs(faults.redirect(`${storage.origin}/data?signature=abc`, code));
  await expect(reading.texts(APP, image)).resolves.toEqual([BUNDLE.toString()]);
  expect(storage.requests).toHaveLength(1);
  const { headers } = storage.requests[0] ?? { headers: {} };
  expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host']);
});

test('G13: other bytes at the end of a redirect are no evidence', async () => {
  storage.fault(/data/, faults.bytes('{"bundle":"two"}'));
  blobs(faults.redirect(`${storage.origin}/data`));
  const { bundles, unsupported } = await reading.bundles(APP, image);
  expect(bundles).toEqual([]);
  expect(unsupported).toHaveLength(1);
});

test.each([
  ['plain HTTP', () => `http://${storage.host}/data`],
  ['a user in the address', () => `https://u:secret@${storage.host}/data`],
  ['a file', () => 'file:///etc/passwd'],
  ['data', () => `data:application/json;base64,${BUNDLE.toString('base64')}`],
  ['no address', () => 'https://'],
])('a redirect to %s is not followed', async (_what, location) => {
  storage.fault(/data/, faults.bytes(BUNDLE));
  blobs(faults.redirect(location()));
  await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('redirects to where evidence is not fetched from') });
  expect(storage.requests).toEqual([]);
});

test('a redirect without a place is not followed', async () => {
  blobs(faults.status(307));
  await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
});

test('three redirects one after the other are followed, four are not', async () => {
  storage.fault(/data/, faults.bytes(BUNDLE));
  storage.fault(/\/1/, faults.redirect('/2'));
  storage.fault(/\/2/, faults.redirect('/data'));
  blobs(faults.redirect(`${storage.origin}/1`));
  await expect(reading.texts(APP, image)).resolves.toEqual([BUNDLE.toString()]);
  storage.fault(/\/2/, faults.redirect('/3'));
  storage.fault(/\/3/, faults.redirect('/data'));
  await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('more than 3 times') });
});

test.each([
  ['404', faults.status(404), 'MALFORMED'],
  ['403', faults.status(403), 'REGISTRY_UNAVAILABLE'],
  ['500', faults.status(500), 'REGISTRY_UNAVAILABLE'],
  ['a break', faults.cutOff, 'REGISTRY_UNAVAILABLE'],
  ['too much', faults.endless(), 'LIMIT'],
])('%s at the end of a redirect: no evidence, and a reason', async (_what, fault, code) => {
  storage.fault(/data/, fault);
  blobs(faults.redirect(`${storage.origin}/data`));
  const read = reading.bundles(APP, image);
  await (code === 'REGISTRY_UNAVAILABLE'
    ? expect(read).rejects.toMatchObject({ code })
    : expect(read).resolves.toMatchObject({ bundles: [], unsupported: [{ message: containing(code === 'LIMIT' ? 'sent more than' : 'not there') }] }));
});

test('a storage that vouches for itself with another certificate is not believed', async () => {
  const stranger = await TestRegistry.start({ tls: await selfSigned() });
  stranger.fault(/data/, faults.bytes(BUNDLE));
  blobs(faults.redirect(`${stranger.origin}/data`));
  await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('not trusted') });
  expect(stranger.requests).toEqual([]);
  await stranger.close();
});

describe('as registries do whose content lies in another one', () => {
  /** Whoever may read is redirected to the same path of the storage. */
  function elsewhere(path: RegExp): void {
    reading.registry.fault(path, (response, answer) => {
      const { authorization } = response.req.headers;
      const fault = authorization === undefined ? answer : (): void => void response.writeHead(307, { location: `${storage.origin}${response.req.url ?? ''}` }).end();
      fault();
    });
  }

  test('a tag is resolved to the digest of the bytes at the end of a redirect', async () => {
    elsewhere(/manifests\/v1/);
    const moved = storage.pushImage(APP, 'another one', 'v1');
    await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(moved);
    expect(moved).not.toBe(image);
  });

  test('evidence is read there, page by page, and nobody there is told a credential', async () => {
    await storage.close();
    storage = await TestRegistry.start({ tls, pageSize: 1 });
    storage.pushImage(APP, 'app');
    const [more, junk] = [Buffer.from('{"bundle":"two"}'), Buffer.from('{"bundle":"three"}')];
    [BUNDLE, more].forEach((bytes) => void storage.attach(APP, image, bytes));
    const broken = storage.attach(APP, image, junk);
    storage.fault(new RegExp(broken), faults.bytes('{"layers":[]}'));
    elsewhere(/./);
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles.map(({ bytes }) => Buffer.from(bytes).toString()).sort()).toEqual([BUNDLE.toString(), more.toString()]);
    expect(unsupported).toEqual([{ digest: broken, code: 'MALFORMED', message: containing('bytes that are not those of') }]);
    expect(storage.requests.length).toBeGreaterThan(5);
    expect(storage.requests.filter(({ headers }) => headers.authorization !== undefined || headers.cookie !== undefined)).toEqual([]);
  });

  test('somebody there who asks for a password gets none', async () => {
    elsewhere(/./);
    storage.fault(/./, faults.status(401, { 'www-authenticate': 'Basic realm="x"' }));
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(storage.host) });
    expect(storage.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });
});

test('over plain HTTP a redirect stays with the registry itself', async () => {
  const plain = await Reading.start();
  const other = await TestRegistry.start();
  const digest = plain.registry.pushImage(APP, 'app');
  plain.registry.attach(APP, digest, BUNDLE);
  other.fault(/data/, faults.bytes(BUNDLE));
  const mend = plain.registry.fault(/blobs/, faults.redirect(`${other.origin}/data`));
  await expect(plain.bundles(APP, digest)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  expect(other.requests).toEqual([]);
  mend();
  plain.registry.fault(/data/, faults.bytes(BUNDLE));
  plain.registry.fault(/blobs/, faults.redirect('/data'));
  await expect(plain.texts(APP, digest)).resolves.toEqual([BUNDLE.toString()]);
  await plain.close();
  await other.close();
});
