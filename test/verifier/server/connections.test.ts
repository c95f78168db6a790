import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { connect as tlsConnect, TLSSocket } from 'node:tls';
import { WebhookServer } from '../../../lib/verifier/server/server';
import { faults } from '../../support/registry';
import { servingCertificate } from '../../support/serving-certificate';
import { containers, pod, request, WebhookScene } from '../admission/scene';

const MOST = 4;
/** More than anything on the way holds. */
const PAGE = 'x'.repeat(16 * 1024 * 1024);
let pages = 0;
let scene: WebhookScene;
let server: WebhookServer;
let port: number;
const opened: Socket[] = [];

beforeAll(async () => {
  scene = await WebhookScene.start();
});
beforeEach(async () => {
  server = new WebhookServer({ webhook: scene.webhook, unready: () => [], metrics: page, unexpected: () => undefined }, await servingCertificate(), MOST);
  ({ port } = await server.listen('127.0.0.1', 0));
});
afterEach(async () => {
  opened.splice(0).forEach((socket) => socket.destroy());
  await server.stop(0);
});
afterAll(() => scene.close());

function page(): Promise<string> {
  pages += 1;
  return Promise.resolve(PAGE);
}

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
  const made = once(silent[0] as Socket, 'close');
  expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
  await made;
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

/** Sends a review of an image that the registry keeps silent about. @param before - a request ahead of it @returns what is received on the connection */
async function begin(socket: TLSSocket, image: string, before = ''): Promise<{ readonly text: string }> {
  const got = { text: '' };
  socket.on('data', (data: Buffer) => (got.text += data.toString('latin1')));
  const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: request(pod({ containers: containers(image) })) });
  const asked = scene.registry.requests.length;
  socket.write(`${before}POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  while (scene.registry.requests.length === asked) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return got;
}

async function allAsked(): Promise<TLSSocket[]> {
  const all: TLSSocket[] = [];
  for (let count = 0; count < MOST; count += 1) {
    const socket = await client();
    expect(await ask(socket)).toBe('HTTP/1.1 200 OK');
    all.push(socket);
  }
  return all;
}

async function ended(socket: Socket): Promise<void> {
  if (!socket.destroyed) {
    await once(socket, 'close');
  }
}

const gone = (sockets: readonly Socket[]): boolean[] => sockets.map(({ destroyed }) => destroyed);

test('where all have asked and are answered, each that comes finds a place, and the one that has been silent longest makes room', async () => {
  const all = await allAsked();
  for (let count = 0; count < MOST; count += 1) {
    expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
  }
  await Promise.all(all.map(ended));
});

test('who has asked again is not the one that has been silent longest', async () => {
  const all = await allAsked();
  expect(await ask(all[0] as TLSSocket)).toBe('HTTP/1.1 200 OK');
  const made = once(all[1] as TLSSocket, 'close');
  expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
  await made;
  expect(gone(all)).toEqual([false, true, false, false]);
});

test('of connections that come at once each takes the place of another', async () => {
  const all = await allAsked();
  const [one, two] = await Promise.all([client(), client()]);
  expect([await ask(one), await ask(two)]).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  await Promise.all(all.slice(0, 2).map(ended));
  expect(gone(all)).toEqual([true, true, false, false]);
});

test('those that say nothing make room before the fewer that have asked', async () => {
  const [first, second, third] = [await client(), await client(), await bare()];
  expect([await ask(first), await ask(second)]).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  const silent = [third, await bare()];
  const made = once(silent[0] as Socket, 'close');
  await bare();
  await made;
  expect(gone([first, second, ...silent])).toEqual([false, false, true, false]);
  const one = await client();
  expect(await ask(one)).toBe('HTTP/1.1 200 OK');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(gone([second, one])).toEqual([false, false]);
});

describe('a connection with a request in work', () => {
  test('keeps its place, though it has been silent longest, and gets its answer; one without makes room', async () => {
    const mend = scene.registry.fault(/referrers/, faults.hang);
    const all = await allAsked();
    const answer = await begin(all[0] as TLSSocket, scene.signed('in work'));
    for (const socket of all.slice(1)) {
      expect(await ask(socket)).toBe('HTTP/1.1 200 OK');
    }
    for (let count = 0; count < 2 * MOST; count += 1) {
      expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
    }
    expect(gone(all)).toEqual([false, true, true, true]);
    mend();
    scene.registry.connections.forEach((socket) => socket.destroy());
    while (!answer.text.includes('"allowed":true')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  test('keeps it while an earlier one on the same connection is answered', async () => {
    const mend = scene.registry.fault(/referrers/, faults.hang);
    const socket = await client();
    const answer = await begin(socket, scene.signed('behind another'), 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(answer.text).toContain('200 OK');
    for (let count = 0; count < 2 * MOST; count += 1) {
      expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
    }
    mend();
    scene.registry.connections.forEach((connection) => connection.destroy());
    while (!answer.text.includes('"allowed":true')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  test('is not turned out where all have one: the newcomer is', async () => {
    const mend = scene.registry.fault(/referrers/, faults.hang);
    const all = await Promise.all(Array.from({ length: MOST }, () => client()));
    for (const [index, socket] of all.entries()) {
      await begin(socket, scene.signed(`all in work ${index}`));
    }
    await once(await bare(), 'close');
    expect(gone(all)).toEqual([false, false, false, false]);
    mend();
    scene.registry.connections.forEach((socket) => socket.destroy());
  });
});

/** Asks for the metrics, which nobody takes. */
async function leaveUnread(): Promise<TLSSocket> {
  const socket = await client();
  socket.pause();
  const before = pages;
  socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n');
  while (pages === before) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return socket;
}

describe('answers that nobody takes', () => {
  test('hold no place: each connection that comes finds one', async () => {
    const unread: TLSSocket[] = [];
    for (let count = 0; count < MOST; count += 1) {
      unread.push(await leaveUnread());
    }
    for (let count = 0; count < MOST; count += 1) {
      expect(await ask(await client())).toBe('HTTP/1.1 200 OK');
    }
    unread.forEach((socket) => socket.resume());
    await Promise.all(unread.map(ended));
  });

  test.each([[2, 2, false], [3, 2, true]])('of %i requests at once %i are answered at most; that the connection is ended: %s', async (sent, answered, isEnded) => {
    const socket = await client();
    const [text, closed] = [[] as string[], once(socket, 'close')];
    socket.on('data', (data: Buffer) => text.push(data.toString('latin1')));
    const before = pages;
    socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(sent));
    if (isEnded) {
      await closed;
    } else {
      while (text.join('').split('HTTP/1.1 200 OK').length - 1 < answered) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    expect(pages - before).toBe(answered);
    expect(socket.destroyed).toBe(isEnded);
  });
});

test('a connection that was made before the end is told that the verifier is stopping, and closed', async () => {
  const early = await client();
  const stopped = server.stop(10_000);
  expect(await ask(early, '/readyz')).toBe('HTTP/1.1 503 Service Unavailable');
  await stopped;
});

test('a connection that is kept open may be asked once more when the end has begun: a request may be on its way', async () => {
  const kept = await client();
  expect(await ask(kept)).toBe('HTTP/1.1 200 OK');
  const stopped = server.stop(10_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const over = once(kept, 'close');
  expect(await ask(kept)).toBe('HTTP/1.1 200 OK');
  await Promise.all([over, stopped]);
});

test('one that stays silent holds up the end for two seconds, not for the whole grace', async () => {
  const kept = await client();
  await ask(kept);
  const begun = performance.now();
  await server.stop(60_000);
  expect(performance.now() - begun).toBeLessThan(30_000);
});

test('its twin before the end is told that it is ready', async () => {
  expect(await ask(await client(), '/readyz')).toBe('HTTP/1.1 200 OK');
});
