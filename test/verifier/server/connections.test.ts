import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { connect as tlsConnect, TLSSocket } from 'node:tls';
import { WebhookServer } from '../../../lib/verifier/server/server';
import { servingCertificate } from '../../support/serving-certificate';
import { WebhookScene } from '../admission/scene';

const MOST = 4;
let scene: WebhookScene;
let server: WebhookServer;
let port: number;
const opened: Socket[] = [];

beforeAll(async () => {
  scene = await WebhookScene.start();
});
beforeEach(async () => {
  server = new WebhookServer({ webhook: scene.webhook, unready: () => [], metrics: () => Promise.resolve(''), unexpected: () => undefined }, await servingCertificate(), MOST);
  ({ port } = await server.listen('127.0.0.1', 0));
});
afterEach(async () => {
  opened.splice(0).forEach((socket) => socket.destroy());
  await server.stop(0);
});
afterAll(() => scene.close());

async function bare(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  opened.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function client(): Promise<TLSSocket> {
  const socket = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  socket.on('error', () => undefined);
  opened.push(socket);
  await once(socket, 'secureConnect');
  return socket;
}

/** The first line of the answer; empty when the connection ends without one. */
async function ask(socket: TLSSocket, path = '/healthz'): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  const [data] = await Promise.race([once(socket, 'data') as Promise<[Buffer]>, once(socket, 'close').then((): [Buffer] => [Buffer.alloc(0)])]);
  return data.toString('latin1').split('\r\n')[0] ?? '';
}

test('connections that say nothing take no place from one that asks, however many there are', async () => {
  const silent: Socket[] = [];
  for (let count = 0; count < 3 * MOST; count += 1) {
    silent.push(await bare());
  }
  expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
  expect(silent.filter(({ closed, destroyed }) => !closed && !destroyed).length).toBeLessThan(silent.length);
});

test('the one that has been silent longest makes room', async () => {
  const silent = [await bare(), await bare(), await bare(), await bare()];
  const gone = once(silent[0] as Socket, 'close');
  expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
  await gone;
  expect(silent.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false]);
});

test('a connection that has asked keeps its place while others come', async () => {
  const first = await client();
  expect(await ask(first)).toBe('HTTP/1.1 200 OK');
  for (let count = 0; count < 3 * MOST; count += 1) {
    await bare();
  }
  expect(await ask(first)).toBe('HTTP/1.1 200 OK');
});

test('where all have asked, one more is turned away', async () => {
  const all = await Promise.all(Array.from({ length: MOST }, () => client()));
  for (const socket of all) {
    expect(await ask(socket)).toBe('HTTP/1.1 200 OK');
  }
  await once(await bare(), 'close');
  expect(await ask(all[0] as TLSSocket)).toBe('HTTP/1.1 200 OK');
});

test('a connection that was made before the end is told that the verifier is stopping, and closed', async () => {
  const early = await client();
  const stopped = server.stop(10_000);
  expect(await ask(early, '/readyz')).toBe('HTTP/1.1 503 Service Unavailable');
  await stopped;
});

test('its twin before the end is told that it is ready', async () => {
  expect(await ask(await client(), '/readyz')).toBe('HTTP/1.1 200 OK');
});
