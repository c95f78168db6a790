import { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Server } from 'node:https';
import { AddressInfo, Socket } from 'node:net';
import { ApiClient, ApiError, WatchEvent } from '../../../lib/verifier/cluster/api-client';
import { servingCertificate } from '../../support/serving-certificate';

let identity: Awaited<ReturnType<typeof servingCertificate>>;
let server: Server;
let sockets: Set<Socket>;
let handle: (request: IncomingMessage, response: ServerResponse, body: string) => void;
let clients: ApiClient[];

beforeAll(async () => void (identity = await servingCertificate()));
beforeEach(async () => {
  clients = [];
  sockets = new Set();
  server = createServer({ cert: identity.certificate, key: identity.key }, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk)).on('end', () => handle(request, response, body));
  });
  server.on('secureConnection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  jest.restoreAllMocks();
  clients.forEach((client) => client.close());
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

let token = 'T1';

function connect(further: { readonly ca?: string; readonly serverName?: string } = {}): ApiClient {
  const { ca = identity.certificate, serverName } = further;
  const client = new ApiClient({
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}/prefix`, credentials: () => ({ ca, token }), ...serverName === undefined ? {} : { serverName },
  });
  clients.push(client);
  return client;
}

const json = (response: ServerResponse, status: number, body: unknown): void => void response.writeHead(status).end(JSON.stringify(body));

test('a call says who asks, what is wanted and of which type its body is', async () => {
  const seen: unknown[] = [];
  handle = ({ method, url, headers: { authorization, accept, 'content-type': type } }, response, body) => {
    seen.push([method, url, authorization, accept, type, body]);
    json(response, 200, { text: 'é' });
  };
  const client = connect();
  expect(await client.get('/api/v1/x')).toEqual({ text: 'é' });
  await client.replace('/api/v1/x', { a: 1 });
  await client.patch('/api/v1/x', [{ op: 'test' }]);
  expect(seen).toEqual([
    ['GET', '/prefix/api/v1/x', 'Bearer T1', 'application/json', undefined, ''],
    ['PUT', '/prefix/api/v1/x', 'Bearer T1', 'application/json', 'application/json', '{"a":1}'],
    ['PATCH', '/prefix/api/v1/x', 'Bearer T1', 'application/json', 'application/json-patch+json', '[{"op":"test"}]'],
  ]);
  // One connection after the other, kept.
  expect(sockets.size).toBe(1);
});

test.each([199 + 1, 201])('status %i is an answer', async (status) => {
  handle = (_request, response) => json(response, status, { ok: true });
  expect(await connect().get('/x')).toEqual({ ok: true });
});

test.each([301, 401, 403, 404, 409, 429, 500])('status %i is an error that tells the status and nothing of the body', async (status) => {
  handle = (_request, response) => void response.writeHead(status, { location: '/elsewhere' }).end('SECRET');
  const error: unknown = await connect().get('/x').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).status).toBe(status);
  expect(String(error)).not.toContain('SECRET');
});

test('an API server that no given authority vouches for is asked nothing', async () => {
  const asked = jest.fn();
  handle = (_request, response) => {
    asked();
    json(response, 200, {});
  };
  const other = await servingCertificate();
  await expect(connect({ ca: other.certificate }).get('/x')).rejects.toThrow(/self-signed|unable to verify/);
  await expect(connect({ serverName: 'elsewhere.test' }).get('/x')).rejects.toThrow(/altnames/);
  expect(asked).not.toHaveBeenCalled();
  await connect({ serverName: 'localhost' }).get('/x');
  expect(asked).toHaveBeenCalledTimes(1);
});

test('a token is read again after a minute, and at once when it was refused', async () => {
  const seen: Array<string | undefined> = [];
  handle = ({ headers: { authorization } }, response) => {
    seen.push(authorization);
    json(response, authorization === 'Bearer T2' ? 401 : 200, {});
  };
  const client = connect();
  await client.get('/x');
  token = 'T2';
  await client.get('/x');
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
  await expect(client.get('/x')).rejects.toThrow('HTTP 401');
  token = 'T3';
  await client.get('/x');
  expect(seen).toEqual(['Bearer T1', 'Bearer T1', 'Bearer T2', 'Bearer T3']);
  token = 'T1';
});

test('what is no JSON is an error that repeats nothing of it', async () => {
  handle = (_request, response) => void response.end('{"ca.key":SECRET');
  await expect(connect().get('/x')).rejects.toThrow(/^the API server answered with something that is no JSON$/);
});

test('an answer that changes the protocol is an error, not a call without end', async () => {
  server.removeAllListeners('request');
  server.on('secureConnection', (socket: Socket) => void socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n')));
  await expect(connect().get('/x')).rejects.toThrow(/changing the protocol/);
});

test.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'])('an authority without a certificate is an error, not the authorities of the system: %j', async (ca) => {
  const asked = jest.fn();
  handle = asked;
  await expect(connect({ ca }).get('/x')).rejects.toThrow(/holds no certificate/);
  expect(asked).not.toHaveBeenCalled();
});

test('a connection that breaks within an answer is an error', async () => {
  handle = (_request, response) => {
    response.write('{"a":');
    setTimeout(() => response.destroy(), 20);
  };
  await expect(connect().get('/x')).rejects.toThrow(/aborted/);
});

test('an answer that does not end is given up in time, and whatever is under way when the client is closed', async () => {
  const timeouts = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.any([]));
  let held = 0;
  handle = () => void (held += 1);
  const client = connect();
  const call = client.get('/x');
  while (held === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(timeouts).toHaveBeenCalledWith(10_000);
  client.close();
  await expect(call).rejects.toThrow(/abort/i);
  await expect(client.get('/x')).rejects.toThrow(/abort/i);
  expect(held).toBe(1);
});

interface Followed {
  readonly events: WatchEvent[];
  readonly end: Promise<'in order' | Error>;
}

function follow(client: ApiClient, signal = new AbortController().signal, changed: (event: WatchEvent) => void = () => undefined): Followed {
  const events: WatchEvent[] = [];
  const end = client.watch('/api/v1/namespaces', '7 &', signal, (event) => {
    events.push(event);
    changed(event);
  }).then(() => 'in order' as const, (error: Error) => error);
  return { events, end };
}

test('a watch hands over each event, however its bytes arrive, and ends with the server', async () => {
  const text = `${JSON.stringify({ type: 'ADDED', object: { name: 'é' } })}\n${JSON.stringify({ type: 'DELETED', object: {} })}\n`;
  const bytes = Buffer.from(text);
  let asked = '';
  handle = ({ url = '' }, response) => {
    asked = url;
    const middle = bytes.indexOf(0xc3) + 1;
    response.write(bytes.subarray(0, middle));
    setTimeout(() => response.end(bytes.subarray(middle)), 20);
  };
  const { events, end } = follow(connect());
  expect(await end).toBe('in order');
  expect(asked).toBe('/prefix/api/v1/namespaces?watch=true&allowWatchBookmarks=true&timeoutSeconds=10&resourceVersion=7%20%26');
  expect(events).toEqual([{ type: 'ADDED', object: { name: 'é' } }, { type: 'DELETED', object: {} }]);
});

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['that is refused', (response) => json(response, 410, {}), /HTTP 410/],
  ['whose connection breaks', (response) => {
    response.write('{"type":"ADDED","object":{}}\n');
    setTimeout(() => response.destroy(), 20);
  }, /aborted/],
  ['on which something comes that is no event', (response) => void response.end('{"type":\n'), /no JSON/],
  ['that ends within an event', (response) => void response.end('{"type":"ADDED"'), /ended within an event/],
  ['that is answered by a page for people', (response) => void response.end('<html>sign in</html>'), /ended within an event/],
])('a watch %s is an error', async (_what, answer, told) => {
  handle = (_request, response) => answer(response);
  expect(String(await follow(connect()).end)).toMatch(told);
});

test('what is thrown at an event ends the watch', async () => {
  handle = (_request, response) => void response.write('{"type":"ERROR","object":{}}\n');
  const { end } = follow(connect(), undefined, () => {
    throw new Error('enough');
  });
  expect(String(await end)).toMatch(/enough/);
});

test('a watch on which nothing comes for twice its time is an error; each event grants it another', async () => {
  const real = setTimeout;
  const waits: number[] = [];
  let fire: () => void = () => undefined;
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((act: () => void, time: number) => {
    if (time !== 20_000) {
      return real(act, time);
    }
    fire = act;
    const timer = real(() => undefined, 60_000);
    const refresh = timer.refresh.bind(timer);
    timer.refresh = () => {
      waits.push(time);
      return refresh();
    };
    return timer;
  }) as typeof setTimeout);
  handle = (_request, response) => void response.write('{"type":"ADDED","object":{}}\n');
  const { events, end } = follow(connect());
  while (events.length < 1) {
    await new Promise((resolve) => real(resolve, 5));
  }
  expect(waits).toHaveLength(1);
  fire();
  expect(String(await end)).toMatch(/nothing came on the watch/);
});

test('a watch ends with an error when it is no longer wanted', async () => {
  handle = (_request, response) => response.flushHeaders();
  const wanted = new AbortController();
  const { end } = follow(connect(), wanted.signal);
  while (sockets.size === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  wanted.abort();
  expect(String(await end)).toMatch(/abort/i);
});
