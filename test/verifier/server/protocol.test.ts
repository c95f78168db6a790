import { connect } from 'node:net';
import { connect as tlsConnect, TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { containing, matching } from '../../support/texts';
import { containers, pod, request, WebhookScene } from '../admission/scene';

let scene: WebhookScene;

beforeAll(async () => {
  scene = await WebhookScene.start();
});

afterAll(() => scene.close());

const good = (further: object = {}): object => ({ ...request(pod({ containers: containers(scene.good) })), ...further });
const envelope = (asked: unknown, further: object = {}): string => JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: asked, ...further });

/** After whatever happened: a good request is still allowed, and nothing was unexpected. */
afterEach(async () => {
  expect((await scene.review('/validate', good())).response.allowed).toBe(true);
  expect(scene.unexpected).toEqual([]);
});

/** A connection of its own, to write what no HTTP client would. */
function open(): Promise<{ socket: TLSSocket; received: () => string; closed: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = tlsConnect({ host: '127.0.0.1', port: scene.port, rejectUnauthorized: false }, () => resolve({ socket, received: () => Buffer.concat(chunks).toString('latin1'), closed }));
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
  });
}

test.each(['a', '705ab4f5-6393-11e8-b7cc-42010a800002', 'ü"\\\n', 'x'.repeat(512)])('the uid %j is echoed, in an allow as in a refusal', async (uid) => {
  const allowed = await scene.review('/validate', good({ uid }));
  const refused = await scene.review('/validate', { ...good({ uid }), object: {} });
  const pinned = await scene.review('/mutate', good({ uid }));
  expect([allowed, refused, pinned].map(({ response }) => response.uid)).toEqual([uid, uid, uid]);
  expect(JSON.parse(allowed.text)).toMatchObject({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' });
  expect(allowed.headers['content-type']).toBe('application/json');
});

describe('A31: what is no AdmissionReview v1 is answered 400, and never allowed', () => {
  test.each<[string, () => string | Uint8Array]>([
    ['v1beta1', () => envelope(good(), { apiVersion: 'admission.k8s.io/v1beta1' })],
    ['another kind', () => envelope(good(), { kind: 'Pod' })],
    ['no version', () => envelope(good(), { apiVersion: undefined })],
    ['no request', () => envelope(undefined)], ['request: null', () => envelope(null)], ['request: []', () => envelope([good()])],
    ['no uid', () => envelope(good({ uid: undefined }))], ['an empty uid', () => envelope(good({ uid: '' }))], ['a uid that is a number', () => envelope(good({ uid: 7 }))],
    ['no kind', () => envelope(good({ kind: undefined }))], ['a kind that is a text', () => envelope(good({ kind: 'Pod' }))], ['a kind without name', () => envelope(good({ kind: { group: '', version: 'v1' } }))],
    ['no operation', () => envelope(good({ operation: undefined }))], ['a namespace that is a list', () => envelope(good({ namespace: ['kube-system'] }))],
    ['a subresource that is an object', () => envelope(good({ subResource: { a: 1 } }))],
    ['nothing', () => ''], ['null', () => 'null'], ['a list', () => '[]'], ['a text', () => '"x"'], ['HTML', () => '<html>'],
    ['half of it', () => envelope(good()).slice(0, -20)],
    ['two of them', () => envelope(good()).repeat(2)],
    ['something after it', () => `${envelope(good())} x`],
    ['UTF-16', () => Buffer.from(envelope(good()), 'utf16le')],
    ['a byte order mark', () => `\ufeff${envelope(good())}`],
    ['bytes that are not UTF-8', () => Buffer.concat([Buffer.from(envelope(good()).slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')])],
    ['gzip without saying so', () => gzipSync(envelope(good()))],
    ['a key twice', () => envelope(good()).replace('"request":', '"request":null,"request":')],
    ['the uid twice', () => envelope(good()).replace('"uid":', '"uid":"other","uid":')],
    ['the image twice', () => envelope(good()).replace('"image":', `"image":"${scene.bad}","image":`)],
    ['the image twice, the second in escapes', () => envelope(good()).replace('"image":', `"im\\u0061ge":"${scene.bad}","image":`)],
    ['a prototype', () => envelope(good()).replace('"spec":', '"__proto__":{"a":1},"spec":')],
    ['half a character', () => envelope(good()).replace('"app"', '"\\ud800"')],
    ['a comment', () => envelope(good()).replace('{', '{/* */')],
    ['objects in objects in …', () => envelope(good()).replace('"spec":', `"x":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)},"spec":`)],
  ])('%s', async (_what, body) => {
    for (const path of ['/validate', '/mutate', '/audit']) {
      const answer = await scene.send(path, body());
      expect(answer).toMatchObject({ status: 400, response: {}, headers: { 'content-type': 'text/plain; charset=utf-8' } });
      expect(answer.text).toMatch(/\S \S.*\n$/);
    }
  });

  test('numbers of Kubernetes that no double holds are left to it', async () => {
    const tolerating = (seconds: string): string => envelope(good()).replace('"spec":{', `"spec":{"tolerations":[{"tolerationSeconds":${seconds}}],`);
    for (const [seconds, status] of [['9223372036854775807', 200], ['09', 400], ['1'.repeat(129), 400]] as const) {
      await expect(scene.send('/validate', tolerating(seconds))).resolves.toMatchObject({ status });
    }
  });

  test('a review of 400,000 values is judged, one of more is answered 400', async () => {
    const holding = (values: number): string => envelope(good()).replace('"spec":', `"x":[${'0,'.repeat(values - 1)}0],"spec":`);
    await expect(scene.send('/validate', holding(399_900))).resolves.toMatchObject({ status: 200, response: { allowed: true } });
    await expect(scene.send('/validate', holding(400_000))).resolves.toMatchObject({ status: 400, text: containing('more than 400000 values') });
  });

  test('fields that are new to us, or null, change nothing', async () => {
    const answer = await scene.send('/validate', envelope(good({ future: { a: [1] }, subResource: null, requestSubResource: '', userInfo: null }), { response: null, more: true }));
    expect(answer).toMatchObject({ status: 200, response: { allowed: true } });
  });
});

describe('A31: HTTP', () => {
  test.each([
    ['text/plain'], ['application/yaml'], ['application/vnd.kubernetes.protobuf'], ['application/jsonx'], [''], ['application/x-www-form-urlencoded'],
  ])('the Content-Type %j is answered 415', async (type) => {
    await expect(scene.send('/validate', envelope(good()), { headers: { 'content-type': type } })).resolves.toMatchObject({ status: 415, text: containing('application/json') });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])('the Content-Type %j is taken', async (type) => {
    await expect(scene.send('/validate', envelope(good()), { headers: { 'content-type': type } })).resolves.toMatchObject({ status: 200, response: { allowed: true } });
  });

  test.each(['gzip', 'deflate', 'br', 'identity'])('the Content-Encoding %s is answered 415', async (encoding) => {
    await expect(scene.send('/validate', gzipSync(envelope(good())), { headers: { 'content-encoding': encoding } })).resolves.toMatchObject({ status: 415 });
  });

  test.each(['/validate', '/mutate', '/audit'])('%s takes POST only', async (path) => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      await expect(scene.send(path, envelope(good()), { method })).resolves.toMatchObject({ status: 405, headers: { allow: 'POST' }, response: {} });
    }
  });

  test.each(['/healthz', '/readyz', '/metrics', '/', '/validate/', '/Validate', '//validate', '/validate%2f', '/x'])('POST %s judges nothing', async (path) => {
    const answer = await scene.send(path, envelope(good()));
    expect([404, 405]).toContain(answer.status);
    expect(answer.response).toEqual({});
  });

  test('what no page has is answered 404 with what there is; a query is ignored', async () => {
    await expect(scene.send('/nothing', '', { method: 'GET' })).resolves.toMatchObject({ status: 404, text: containing('/validate, /audit, /mutate') });
    await expect(scene.review('/validate?timeout=10s', good())).resolves.toMatchObject({ status: 200, response: { allowed: true } });
  });

  test('HTTP/1.1 is all that is spoken: a client that offers HTTP/2, too, gets it', async () => {
    const socket = tlsConnect({ host: '127.0.0.1', port: scene.port, rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] });
    await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });
});

describe('A31: sizes', () => {
  const LIMIT = 7 * 1024 * 1024;
  const padded = (size: number): Buffer => {
    const body = Buffer.alloc(size, 0x20);
    body.write(envelope(good()));
    return body;
  };

  test('a body at the cap is judged; one byte more, announced, is answered 413', async () => {
    await expect(scene.send('/validate', padded(LIMIT))).resolves.toMatchObject({ status: 200, response: { allowed: true } });
    const { socket, received, closed } = await open();
    socket.write(`POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${LIMIT + 1}\r\n\r\n`);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('chunks without end are cut off at the cap', async () => {
    const { socket, received, closed } = await open();
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.write('POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 0x20), Buffer.from('\r\n')]);
    let sent = 0;
    const more = (): void => {
      while (!socket.destroyed && sent < 100 * 1024 * 1024 && socket.write(chunk)) {
        sent += chunk.length;
      }
    };
    socket.on('drain', more);
    more();
    await closed;
    expect(sent).toBeLessThan(100 * 1024 * 1024);
    expect(scene.rejected.at(-1)).toMatchObject({ status: 413 });
    expect(received() === '' || received().startsWith('HTTP/1.1 413 ')).toBe(true);
  });

  test('large bodies share 32 MiB: one too many is answered 503, an ordinary review beside them is judged', async () => {
    const LARGE = 6 * 1024 * 1024;
    const hold = async (): Promise<Awaited<ReturnType<typeof open>>> => {
      const held = await open();
      held.socket.removeAllListeners('error').on('error', () => undefined);
      held.socket.write(`POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${LARGE}\r\n\r\n`);
      await new Promise<void>((resolve) => held.socket.write(Buffer.alloc(LARGE - 1, 0x20), () => resolve()));
      return held;
    };
    const held = [await hold(), await hold(), await hold(), await hold(), await hold()];
    const { received, closed } = await hold();
    await closed;
    expect(received() === '' || received().startsWith('HTTP/1.1 503 ')).toBe(true);
    expect(scene.rejected.at(-1)).toMatchObject({ status: 503 });
    expect((await scene.review('/validate', good())).response.allowed).toBe(true);
    held.forEach(({ socket }) => socket.destroy());
    await Promise.all(held.map((each) => each.closed));
    await expect(scene.send('/validate', padded(LARGE))).resolves.toMatchObject({ status: 200, response: { allowed: true } });
  }, 20_000);

  const chunked = (body: string, size: number): string => `POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${
    Array.from({ length: Math.ceil(body.length / size) }, (_, index) => body.slice(index * size, (index + 1) * size)).map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')}0\r\n\r\n`;

  test.each([
    ['a review in pieces of a byte is answered 400, since each costs hundreds of bytes', 1, /^HTTP\/1\.1 400 /],
    ['in pieces of eight bytes it is judged', 8, /^HTTP\/1\.1 200 /],
  ])('%s', async (_what, size, status) => {
    const { socket, received, closed } = await open();
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.write(chunked(envelope(good({ name: 'x'.repeat(500) }), { padding: ' '.repeat(500) }), size));
    while (received() === '') {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(received()).toMatch(status);
    socket.destroy();
    await closed;
  });

  test('headers beyond 16 KiB are answered 431', async () => {
    const { socket, received, closed } = await open();
    socket.write(`POST /validate HTTP/1.1\r\nhost: x\r\nx-filler: ${'x'.repeat(20_000)}\r\n\r\n`);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('A31: slow and broken', () => {
  test('a body that drips in is answered 408 after five seconds, while others are answered', async () => {
    const { socket, received, closed } = await open();
    socket.write('POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n');
    const timer = setInterval(() => socket.write(' '), 500);
    expect((await scene.review('/validate', good())).response.allowed).toBe(true);
    await closed;
    clearInterval(timer);
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(received()).toContain('did not arrive within 5000 ms');
  }, 20_000);

  test('a connection that ends in the middle of the body is noted as 400', async () => {
    const { socket, closed } = await open();
    const before = scene.rejected.length;
    socket.write('POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await closed;
    while (scene.rejected.length === before) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(scene.rejected.at(-1)).toMatchObject({ status: 400 });
  });

  test.each([
    ['what is no HTTP', 'hello\r\n\r\n'],
    ['two lengths', 'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef'],
    ['a length and chunks', 'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a length below zero', 'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
    ['HTTP/9', 'POST /validate HTTP/9.9\r\nhost: x\r\n\r\n'],
  ])('%s is answered 400 and closed', async (_what, bytes) => {
    const { socket, received, closed } = await open();
    socket.write(bytes);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('bodies that are on their way are no reviews in work, and a review that is there is answered beside them', async () => {
    const slow = await Promise.all([1, 2, 3].map(() => new Promise<TLSSocket>((resolve) => {
      const socket = tlsConnect({ host: '127.0.0.1', port: scene.port, rejectUnauthorized: false }, () => {
        socket.write('POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{', () => resolve(socket));
      });
      socket.on('error', () => undefined);
    })));
    await expect(scene.review('/validate', good()).then(({ response }) => response.allowed)).resolves.toBe(true);
    expect(scene.webhook.busy).toBe(0);
    slow.forEach((socket) => socket.destroy());
  });

  test('a handshake that is none ends its own connection only', async () => {
    const socket = connect(scene.port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\n\r\n'));
    socket.on('error', () => socket.destroy());
    await new Promise((resolve) => socket.once('close', resolve));
    expect(scene.unexpected).toEqual([]);
  });
});

test('P18: no answer on any path says more than it must', async () => {
  const answer = await scene.send('/validate', '{"SECRET":');
  expect(answer).toMatchObject({ status: 400, text: matching(/cannot be read in exactly one way/) });
  expect(answer.text).not.toContain('SECRET');
  expect(Object.keys(answer.headers).sort()).toEqual(['connection', 'content-length', 'content-type', 'date']);
});
