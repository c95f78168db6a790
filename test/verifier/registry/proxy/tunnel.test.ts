import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedCredentials } from '../../../../lib/verifier/registry/credentials/source';
import { HostSettings } from '../../../../lib/verifier/registry';
import { parseExceptions } from '../../../../lib/verifier/registry/proxy/exceptions';
import { Proxy } from '../../../../lib/verifier/registry/proxy/proxy';
import { BearerAuth, basicAuth, faults } from '../../../support/registry';
import { selfSigned } from '../../../support/registry/certificates';
import { ConnectProxy, ConnectProxyOptions } from '../../../support/registry/connect-proxy';
import { Reading, ReadingOptions } from '../../../support/registry/reading';
import { containing } from '../../../support/texts';

const APP = 'acme/app';
const SECRET = 'p:ä$$';
const HEADER = `Basic ${Buffer.from(`reader:${SECRET}`).toString('base64')}`;
const NAMES = [{ type: 'dns', value: 'reg.test' }, { type: 'dns', value: 'cdn.test' }, { type: 'ip', value: '127.0.0.1' }] as const;
const open: Array<{ close(): Promise<void> }> = [];
const folder = mkdtempSync(join(tmpdir(), 'registry-proxy-'));
let certificate: { readonly cert: string; readonly key: string };

beforeAll(async () => {
  certificate = await selfSigned({ names: NAMES });
  writeFileSync(join(folder, 'username'), 'reader');
  writeFileSync(join(folder, 'password'), `${SECRET}\n`);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Through {
  readonly reading: Reading;
  readonly proxy: ConnectProxy;
}

/** A registry that is known as `reg.test`, which only the proxy can find. */
async function through(
  { proxyOptions = {}, using = {}, settings = {}, ...options }: ReadingOptions & {
    readonly proxyOptions?: ConnectProxyOptions; readonly using?: Partial<Proxy>; readonly settings?: Partial<HostSettings>;
  } = {},
): Promise<Through> {
  const way: { current?: Proxy } = {};
  const all = (): HostSettings => ({ plainHttp: false, ca: certificate.cert, ...way.current === undefined ? {} : { proxy: way.current }, ...settings });
  // The client asks for settings when it first speaks to a host; the proxy is started by then.
  const config = (): Map<string, HostSettings> => Object.assign(new Map<string, HostSettings>(), { get: all });
  const reading = await Reading.start({ tls: certificate, config, ...options });
  const proxy = await ConnectProxy.start(Number(reading.registry.host.split(':')[1]), proxyOptions);
  open.push(reading, proxy);
  way.current = { url: proxy.url, exceptions: () => false, ...using };
  reading.registry.pushImage(APP, 'app', 'v1');
  return { reading, proxy };
}

test('a registry is reached through the proxy, by its name, over TLS that the proxy cannot read', async () => {
  const { reading, proxy } = await through({ auth: basicAuth('reader', SECRET), settings: { credentials: fixedCredentials({ type: 'password', username: 'reader', password: SECRET }) } });
  await expect(reading.resolve(`${APP}:v1`, 'reg.test')).resolves.toBe(reading.registry.repository(APP).tryGet('v1')?.digest);
  await reading.resolve(`${APP}:v1`, 'reg.test');
  expect(proxy.asked).toEqual(['CONNECT reg.test:443']);
  expect(proxy.seen).not.toContain('acme');
  expect(reading.registry.requests.flatMap(({ headers }) => headers['proxy-authorization'] ?? [])).toEqual([]);
});

test('a port and what redirects lead to go the same way', async () => {
  const { reading, proxy } = await through();
  reading.registry.fault(/manifests/, faults.redirect('https://cdn.test:8443/there'), 1);
  reading.registry.fault(/there/, (_response, answer) => answer());
  await expect(reading.resolve(`${APP}:v1`, 'reg.test:5000')).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
  expect(proxy.asked).toEqual(['CONNECT reg.test:5000', 'CONNECT cdn.test:8443']);
});

test('so does the place for tokens', async () => {
  const { reading, proxy } = await through({ auth: new BearerAuth({ realm: 'https://cdn.test/token' }), settings: { tokenHost: 'cdn.test' } });
  await expect(reading.resolve(`${APP}:v1`, 'reg.test')).resolves.toMatch(/^sha256:/);
  expect(proxy.asked).toEqual(['CONNECT reg.test:443', 'CONNECT cdn.test:443']);
});

test.each<[string, ConnectProxyOptions, Partial<Proxy>]>([
  ['says who it is', { authorization: HEADER }, { credentialsFolder: folder }],
  ['says nothing where nothing was configured', {}, {}],
])('the verifier %s', async (_what, proxyOptions, using) => {
  const { reading, proxy } = await through({ proxyOptions, using });
  await expect(reading.resolve(`${APP}:v1`, 'reg.test')).resolves.toMatch(/^sha256:/);
  expect(proxy.authorizations).toEqual([proxyOptions.authorization]);
});

test.each(['its authority', 'another authority'])('a proxy is spoken to by TLS with %s', async (authority) => {
  const own = await selfSigned();
  const { reading, proxy } = await through({ proxyOptions: { tls: own }, using: { ca: authority === 'its authority' ? own.cert : certificate.cert } });
  const resolved = reading.resolve(`${APP}:v1`, 'reg.test');
  await (authority === 'its authority' ? expect(resolved).resolves.toMatch(/^sha256:/)
    : expect(resolved).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('no answer from the proxy') }));
  expect(proxy.asked).toHaveLength(authority === 'its authority' ? 1 : 0);
});

test('the certificate of the registry is checked behind the proxy as without one', async () => {
  const { reading } = await through({ settings: { ca: (await selfSigned()).cert } });
  await expect(reading.resolve(`${APP}:v1`, 'reg.test')).rejects.toMatchObject({ message: containing('certificate that is not trusted') });
  const named = await through();
  await expect(named.reading.resolve(`${APP}:v1`, 'other.test')).rejects.toMatchObject({ message: containing('ERR_TLS_CERT_ALTNAME_INVALID') });
  expect([...reading.registry.requests, ...named.reading.registry.requests]).toEqual([]);
});

test.each<[string, (through_: Through) => void, string]>([
  ['wants to know who asks', () => undefined, '(HTTP 407); give it a username and password by credentialsFolder'],
  ['refuses the place', ({ proxy }) => void (proxy.fault = (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')), 'does not connect to reg.test:443 (HTTP 403); it has to allow this place'],
  ['cannot reach it', ({ proxy }) => void (proxy.fault = (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')), 'does not connect to reg.test:443 (HTTP 502)'],
  ['breaks off', ({ proxy }) => void (proxy.fault = (socket) => socket.destroy()), 'no answer from the proxy'],
  ['speaks something else', ({ proxy }) => void (proxy.fault = (socket) => socket.end('SSH-2.0\r\n')), 'no answer from the proxy'],
  ['speaks before it is spoken to', ({ proxy }) => void (proxy.fault = (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nhello')), 'does not connect to reg.test:443'],
])('a proxy that %s is REGISTRY_UNAVAILABLE, and nothing goes another way', async (_what, spoil, told) => {
  const world = await through({ proxyOptions: { authorization: 'nobody' } });
  spoil(world);
  await expect(world.reading.resolve(`${APP}:v1`, 'reg.test')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(told) });
  expect(world.reading.registry.requests).toEqual([]);
});

test('a proxy that never answers ends with the deadline', async () => {
  const { reading, proxy } = await through({ time: 300 });
  proxy.fault = () => undefined;
  await expect(reading.resolve(`${APP}:v1`, 'reg.test')).rejects.toMatchObject({ code: 'DEADLINE' });
});

test('credentials that cannot be read keep the proxy unasked, and are not told', async () => {
  const { reading, proxy } = await through({ using: { credentialsFolder: join(folder, 'absent') } });
  const failure: unknown = await reading.resolve(`${APP}:v1`, 'reg.test').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('username and password in') });
  expect(proxy.asked).toEqual([]);
  const refused = await through({ proxyOptions: { authorization: 'other' }, using: { credentialsFolder: folder } });
  const told = String(await refused.reading.resolve(`${APP}:v1`, 'reg.test').catch((error: unknown) => error));
  expect(told).toContain('HTTP 407');
  expect(told).not.toContain(SECRET);
  expect(told).not.toContain(HEADER.slice(6, 20));
});

test('this machine, plain HTTP and exceptions are reached without the proxy', async () => {
  const { reading, proxy } = await through();
  await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
  const excepted = await through({ using: { exceptions: parseExceptions(['reg.test']) } });
  await expect(excepted.reading.resolve(`${APP}:v1`, 'reg.test')).rejects.toMatchObject({ message: containing('no whole answer from reg.test') });
  const plain = await through({ settings: { plainHttp: true } });
  await expect(plain.reading.resolve(`${APP}:v1`, 'reg.test')).rejects.toMatchObject({ message: containing('no whole answer from reg.test') });
  expect([...proxy.asked, ...excepted.proxy.asked, ...plain.proxy.asked]).toEqual([]);
});

test.each([
  ['reg.test', 'reg.test', true], ['reg.test', 'reg.test:5000', true], ['reg.test', 'a.reg.test', true], ['reg.test', 'areg.test', false], ['reg.test', 'test', false],
  ['.reg.test', 'a.reg.test', true], ['.reg.test', 'reg.test', false], ['REG.test', 'reg.test', true],
  ['reg.test:5000', 'reg.test:5000', true], ['reg.test:5000', 'reg.test', false], ['reg.test:443', 'reg.test', true], ['localhost5', 'localhost5', true],
  ['10.0.0.1', '10.0.0.1', true], ['10.0.0.1', '10.0.0.2', false], ['0.0.1', '10.0.0.1', 'refused'],
  ['10.0.0.0/8', '10.1.2.3', true], ['10.0.0.0/8', '10.1.2.3:5000', true], ['10.0.0.0/8', '11.0.0.1', false], ['10.0.0.0/8', '10.reg.test', false], ['0.0.0.0/0', '[fd00::1]', false],
  ['fd00::/8', '[fd00::1]', true], ['fd00::/8', '[fe80::1]', false], ['[fd00::1]', '[fd00::1]', true],
  ['10.0.0.0/33', '10.0.0.1', 'refused'], ['10.0.0.0/', '10.0.0.1', 'refused'], ['10.0.0/8', '10.0.0.1', 'refused'], ['10.0.0.0/8/8', '10.0.0.1', 'refused'],
  ['*', 'reg.test', 'refused'], ['*.reg.test', 'a.reg.test', 'refused'], ['https://reg.test', 'reg.test', 'refused'], ['', 'reg.test', 'refused'], ['.', 'reg.test', 'refused'],
])('the exception %s is for %s: %s', (entry, host, expected) => {
  const excepted = (): boolean => parseExceptions([entry])(new URL(`https://${host}`));
  if (expected === 'refused') {
    expect(excepted).toThrow(expect.objectContaining({ name: 'NameError' }) as Error);
  } else {
    expect(excepted()).toBe(expected);
  }
});
