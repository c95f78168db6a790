import { AddressInfo, createServer, Socket } from 'node:net';
import { parseReference } from '../../../lib/kubernetes/reference';
import { startDeadline } from '../../../lib/verifier/deadline';
import { OciRegistry } from '../../../lib/verifier/registry';
import { faults } from '../../support/registry';
import { Reading, ReadingOptions } from '../../support/registry/reading';
import { containing } from '../../support/texts';

const APP = 'acme/app';
const BUNDLE = Buffer.from('{"bundle":"one"}');
let reading: Reading;
let image: string;

async function start(options: ReadingOptions = {}): Promise<void> {
  await reading?.close();
  reading = await Reading.start(options);
  image = reading.registry.pushImage(APP, 'app', 'v1');
  reading.registry.attach(APP, image, BUNDLE);
}

/** Until all of these are closed; throws when one stays open. */
async function allClosed(connections: ReadonlySet<Socket> = reading.registry.connections): Promise<void> {
  for (let wait = 0; connections.size > 0; wait += 1) {
    if (wait === 400) {
      throw new Error(`${connections.size} connections are still open`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

beforeEach(() => start());
afterEach(() => reading.close());

describe('G16: a registry that takes its time gets no more than ours', () => {
  test.each([
    ['no answer', faults.hang], ['an answer that stops', faults.hangInBody], ['a byte a second', faults.drip],
  ])('%s: DEADLINE, and the connection is given up', async (_what, fault) => {
    await start({ time: 150 });
    reading.registry.fault(/manifests\/v1/, fault);
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'DEADLINE', message: containing(reading.registry.host) });
    await allClosed();
  });

  test.each(['referrers', 'manifests/sha256:', 'blobs'])('the same for %s', async (path) => {
    await start({ time: 150 });
    reading.registry.fault(new RegExp(path), faults.hangInBody);
    await expect(reading.bundles(APP, image)).rejects.toMatchObject({ code: 'DEADLINE' });
    await allClosed();
  });

  test('a place that accepts connections and never speaks TLS: DEADLINE', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => {
      sockets.add(socket.resume());
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const client = new OciRegistry(new Map());
    const deadline = startDeadline(150);
    await expect(client.resolve(parseReference(`127.0.0.1:${(mute.address() as AddressInfo).port}/${APP}:v1`), deadline)).rejects.toMatchObject({ code: 'DEADLINE' });
    client.close();
    await allClosed(sockets);
    await new Promise((resolve) => mute.close(resolve));
  });

  test('a place where nobody listens: REGISTRY_UNAVAILABLE', async () => {
    const { host } = reading.registry;
    await reading.registry.close();
    await expect(reading.resolve(`${APP}:v1`, host)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('ECONNREFUSED') });
    await start();
  });

  test('a deadline that is over asks nothing', async () => {
    const deadline = startDeadline(60_000);
    deadline.abandon();
    await expect(reading.client.resolve(parseReference(`${reading.registry.host}/${APP}:v1`), deadline)).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(reading.registry.requests).toEqual([]);
  });
});

describe('G17: bytes are counted as they come', () => {
  test.each([
    ['without end', faults.endless()],
    ['10 GB announced', faults.endless({ 'content-length': '10000000000' })],
    ['10 GB announced, of which nothing comes', faults.announced(10_000_000_000)],
  ])('%s: LIMIT', async (_what, fault) => {
    reading.registry.fault(/manifests\/v1/, fault);
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'LIMIT', message: containing('4194304 bytes') });
    await allClosed();
  });

  test('crumbs: an answer in pieces of a byte is given up, since each costs hundreds; in pieces of a hundred it is read, and is no manifest', async () => {
    const mend = reading.registry.fault(/manifests\/v1/, faults.crumbs(1, 5_000));
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('too many small pieces') });
    mend();
    reading.registry.fault(/manifests\/v1/, faults.crumbs(100, 5_000));
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'MALFORMED' });
  });

  test('what was not asked for packed is not unpacked', async () => {
    const mend = reading.registry.fault(/manifests\/v1/, faults.gzipBomb);
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('encoding') });
    mend();
    await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(image);
    expect(reading.registry.requests.every(({ headers }) => headers['accept-encoding'] === 'identity')).toBe(true);
  });

  test('headers without end: REGISTRY_UNAVAILABLE', async () => {
    reading.registry.fault(/manifests\/v1/, faults.lying({ 'x-filler': 'x'.repeat(64 * 1024) }));
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });

  test('a bundle that grows while it is sent is no evidence, and hides no other', async () => {
    reading.registry.attach(APP, image, Buffer.from('{"bundle":"two"}'));
    reading.registry.fault(/blobs/, faults.endless(), 1);
    const { bundles, unsupported } = await reading.bundles(APP, image);
    expect(bundles).toHaveLength(1);
    expect(unsupported).toHaveLength(1);
  });
});

describe('G18: asked again, but not for ever', () => {
  test.each([
    ['429', faults.status(429)], ['500', faults.status(500)], ['503', faults.status(503)], ['a reset', faults.reset], ['an answer that is cut off', faults.cutOff],
  ])('%s twice, then an answer: it counts; three times: REGISTRY_UNAVAILABLE', async (_what, fault) => {
    reading.registry.fault(/manifests\/v1/, fault, 2);
    await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(image);
    expect(reading.registry.requests).toHaveLength(3);
    reading.registry.fault(/manifests\/v1/, fault, 3);
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(reading.registry.requests).toHaveLength(6);
    await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(image);
  });

  test.each([400, 402, 403, 405, 410, 451])('%s is an answer: nothing is asked again', async (status) => {
    reading.registry.fault(/manifests\/v1/, faults.status(status), 1);
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(`HTTP ${status}`) });
    expect(reading.registry.requests).toHaveLength(1);
  });

  test('Retry-After beyond our deadline is answered now', async () => {
    reading.registry.fault(/manifests\/v1/, faults.status(429, { 'retry-after': '3600' }));
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('HTTP 429') });
    expect(reading.registry.requests).toHaveLength(1);
  });

  test.each(['1', '0', '-5', 'Wed, 21 Oct 2015 07:28:00 GMT', 'NaN', '1e400'])('Retry-After: %s within it ends in an answer', async (after) => {
    reading.registry.fault(/manifests\/v1/, faults.status(503, { 'retry-after': after }), 1);
    await expect(reading.resolve(`${APP}:v1`)).resolves.toBe(image);
  });

  test('a pause ends with the deadline', async () => {
    await start({ time: 1_200 });
    reading.registry.fault(/manifests\/v1/, faults.status(503, { 'retry-after': '1' }));
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(reading.registry.requests.length).toBeLessThan(3);
  });
});

test('P18: the registry\'s words are never repeated', async () => {
  reading.registry.fault(/manifests\/v1/, faults.status(403, {}, '{"errors":[{"message":"SECRET-IN-BODY"}]}'));
  const failure: unknown = await reading.resolve(`${APP}:v1`).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  expect(String(failure)).not.toContain('SECRET');
});
