import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import { AddressInfo } from 'node:net';
import { advance, Authorities, bundleOf, fromSecretData, replaceLost, toSecretData } from '../../../lib/verifier/tls/authorities';
import { endOf, mintAuthority, mintServing } from '../../../lib/verifier/tls/authority';
import { ServingCertificate } from '../../../lib/verifier/server/server';

const LIFE = 1_000_000;
const NOW = Date.UTC(2026, 0, 1);

async function stateAt(age: number): Promise<{ state: Authorities; later: Authorities }> {
  const state = await advance(undefined, LIFE, NOW);
  return { state, later: await advance(state, LIFE, NOW + age) };
}

test('nothing there: a new authority signs', async () => {
  const state = await advance(undefined, LIFE, NOW);
  expect(endOf(state.current.certificate)).toBe(NOW + LIFE);
  expect(state.next).toBeUndefined();
});

test('before half of its life nothing changes; from then on a successor is published', async () => {
  const young = await stateAt(LIFE / 2 - 1_000);
  expect(young.later).toBe(young.state);
  const half = await stateAt(LIFE / 2);
  expect(half.later.current).toBe(half.state.current);
  expect(half.later.next).toBeDefined();
});

test('the successor signs from three quarters on, and the old authority stays trusted until its end', async () => {
  const { later: published } = await stateAt(LIFE / 2);
  await expect(advance(published, LIFE, NOW + LIFE * 0.74)).resolves.toBe(published);
  const promoted = await advance(published, LIFE, NOW + LIFE * 0.75);
  expect(promoted.current).toEqual(published.next);
  expect(promoted.previous).toBe(published.current.certificate);
  expect(bundleOf(promoted)).toBe(bundleOf(published));
  const over = await advance(promoted, LIFE, NOW + LIFE);
  expect(over.previous).toBeUndefined();
  expect(over.current).toEqual(promoted.current);
});

test('P03: an authority that is over is replaced at once: by its successor where there is one, else by a new one', async () => {
  const { state } = await stateAt(0);
  const { later: published } = await stateAt(LIFE / 2);
  expect((await advance(published, LIFE, NOW + LIFE)).current).toEqual(published.next);
  const healed = await advance(state, LIFE, NOW + LIFE);
  expect(healed.current).not.toEqual(state.current);
  expect(endOf(healed.current.certificate)).toBe(NOW + 2 * LIFE);
});

test('P03: shared authorities that are lost are replaced by a new one, beside the one that replicas still show certificates of', async () => {
  const { later: held } = await stateAt(LIFE / 2);
  const replaced = await replaceLost(held, LIFE, NOW + LIFE / 2);
  expect(replaced).toEqual({ current: replaced.current, previous: held.current.certificate });
  expect(replaced.current).not.toEqual(held.current);
  expect(replaced.current).not.toEqual(held.next);
});

test('a replica that knew none, or one that is over, replaces them by a new one alone', async () => {
  const { state: over } = await stateAt(0);
  for (const held of [undefined, over]) {
    const replaced = await replaceLost(held, LIFE, NOW + LIFE);
    expect(replaced).toEqual({ current: replaced.current });
    expect(replaced.current).not.toEqual(over.current);
  }
});

test('the Secret holds all of it and gives it back', async () => {
  const { later } = await stateAt(LIFE / 2);
  const promoted = await advance(later, LIFE, NOW + LIFE * 0.75);
  const renewed = await advance(promoted, LIFE, NOW + LIFE * 0.75 + 1);
  for (const state of [later, promoted, renewed]) {
    expect(fromSecretData(toSecretData(state))).toEqual(state);
  }
});

test('a serving certificate with its key is no authority, its authority with its own is one', async () => {
  const authority = await mintAuthority(LIFE, NOW);
  const serving = await mintServing(authority, ['a.b.svc'], LIFE, NOW);
  expect(fromSecretData(toSecretData({ current: serving }))).toBeUndefined();
  expect(fromSecretData(toSecretData({ current: authority }))).toEqual({ current: authority });
});

test.each([
  ['an empty Secret', () => ({})],
  ['no data', () => undefined],
  ['a certificate without its key', (good: { [key: string]: string }) => ({ 'ca.crt': good['ca.crt'] ?? '' })],
  ['the key of another authority', (good: { [key: string]: string }) => ({ ...good, 'ca.key': good['next-ca.key'] ?? '' })],
  ['a certificate that is none', (good: { [key: string]: string }) => ({ ...good, 'ca.crt': Buffer.from('junk').toString('base64') })],
])('%s holds no authority; the complete one does', async (_name, change) => {
  const good = toSecretData((await stateAt(LIFE / 2)).later);
  expect(fromSecretData(change(good))).toBeUndefined();
  expect(fromSecretData(good)).toBeDefined();
});

describe('serving certificates', () => {
  test('end with their authority at the latest', async () => {
    const authority = await mintAuthority(LIFE, NOW);
    const { certificate } = await mintServing(authority, ['a.b.svc'], 5 * LIFE, NOW);
    expect(endOf(certificate)).toBe(NOW + LIFE);
    expect(new X509Certificate(certificate).subjectAltName).toBe('DNS:a.b.svc');
  });

  test('P03: during a rotation a client with the published bundle accepts certificates of both authorities, and with the old one alone only the old', async () => {
    const now = Date.now();
    const first = await advance(undefined, 3_600_000, now);
    const next = await mintAuthority(3_600_000, now);
    const bundle = bundleOf({ ...first, next });
    const ofOld = await mintServing(first.current, ['localhost'], 60_000, now);
    const ofNew = await mintServing(next, ['localhost'], 60_000, now);
    await expect(handshake(ofOld, bundle)).resolves.toBe(true);
    await expect(handshake(ofNew, bundle)).resolves.toBe(true);
    await expect(handshake(ofOld, first.current.certificate)).resolves.toBe(true);
    await expect(handshake(ofNew, first.current.certificate)).resolves.toBe(false);
  });
});

async function handshake(serving: ServingCertificate, ca: string): Promise<boolean> {
  const server = createServer({ cert: serving.certificate, key: serving.key }, (socket) => socket.end());
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const accepted = await new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
      resolve(socket.authorized);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return accepted;
}
