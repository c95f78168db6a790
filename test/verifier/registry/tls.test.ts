import { createServer } from 'node:tls';
import { AddressInfo } from 'node:net';
import { OciRegistry } from '../../../lib/verifier/registry';
import { parseReference } from '../../../lib/kubernetes/reference';
import { startDeadline } from '../../../lib/verifier/deadline';
import { Reading } from '../../support/registry/reading';
import { CertificateOptions, selfSigned } from '../../support/registry/certificates';
import { containing } from '../../support/texts';

const APP = 'acme/app';
let reading: Reading | undefined;

afterEach(() => reading?.close());

/** A registry that speaks TLS; `trusted` is what the verifier was told about it. */
async function serve(options: CertificateOptions, trusted: 'nothing' | 'its certificate' | 'another certificate'): Promise<Reading> {
  const tls = await selfSigned(options);
  const ca = trusted === 'another certificate' ? (await selfSigned()).cert : tls.cert;
  reading = await Reading.start({ tls, config: ({ host }) => new Map(trusted === 'nothing' ? [] : [[host, { plainHttp: false, ca }]]) });
  reading.registry.pushImage(APP, 'app', 'v1');
  return reading;
}

test('G19: a certificate that the host\'s own authority vouches for is accepted', async () => {
  const { registry, resolve } = bound(await serve({}, 'its certificate'));
  await expect(resolve()).resolves.toBe(registry.repository(APP).tryGet('v1')?.digest);
});

test.each<[string, CertificateOptions, 'nothing' | 'its certificate' | 'another certificate', string]>([
  ['self-signed', {}, 'nothing', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['vouched for by another authority', {}, 'another certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['expired', { endsIn: -60_000 }, 'its certificate', 'CERT_HAS_EXPIRED'],
  ['of another name', { names: [{ type: 'dns', value: 'registry.test' }] }, 'its certificate', 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('G19: a certificate that is %s is refused, and the message says what to do', async (_what, options, trusted, code) => {
  const { registry, resolve } = bound(await serve(options, trusted));
  await expect(resolve()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(`(${code}); renew it, or name its authority as caFile`) });
  expect(registry.requests).toEqual([]);
});

test('G19: plain HTTP where TLS is spoken to it, and the reverse, is refused; nothing falls back', async () => {
  reading = await Reading.start({ config: ({ host }) => new Map([[host, { plainHttp: false }]]) });
  await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('does not speak TLS') });
  expect(reading.registry.requests).toEqual([]);
  await reading.close();
  reading = await Reading.start({ tls: await selfSigned(), config: ({ host }) => new Map([[host, { plainHttp: true }]]) });
  await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  expect(reading.registry.requests).toEqual([]);
});

test('G19: a host without settings is spoken to by TLS', async () => {
  reading = await Reading.start({ config: () => new Map() });
  await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  expect(reading.registry.requests).toEqual([]);
});

test.each([['TLSv1.1', false], ['TLSv1.2', true]] as const)('G19: of a server that speaks %s at most, an answer is accepted: %s', async (version, accepted) => {
  const { cert, key } = await selfSigned();
  const server = createServer({ cert, key, minVersion: 'TLSv1', maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new OciRegistry(new Map([[host, { plainHttp: false, ca: cert }]]));
  const deadline = startDeadline(60_000);
  await expect(client.resolve(parseReference(`${host}/${APP}:v1`), deadline)).rejects.toMatchObject({ code: accepted ? 'IMAGE_NOT_FOUND' : 'REGISTRY_UNAVAILABLE' });
  deadline.done();
  client.close();
  await new Promise((resolve) => server.close(resolve));
});

function bound(read: Reading): { registry: Reading['registry']; resolve: () => Promise<string> } {
  return { registry: read.registry, resolve: () => read.resolve(`${APP}:v1`) };
}
