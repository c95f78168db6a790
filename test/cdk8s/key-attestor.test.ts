import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { Demand, KeyAttestor, KeyAttestorProps, RotatedKey, SignedImagePolicy, TrustRoot } from '../../lib';
import { createApp, documentsIn, messageOf, Written } from './tree';

const { publicKey, privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function documentOf(make: (chart: Chart) => KeyAttestor): unknown {
  const chart = new Chart(createApp(), 'enforcement');
  new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [make(chart)] });
  return (documentsIn(Testing.synth(chart) as Written[])[0]!.spec.attestors as { vendor: unknown }).vendor;
}

const key = (props: Partial<KeyAttestorProps> = {}): unknown => documentOf((chart) => new KeyAttestor(chart, 'vendor', { publicKey, ...props }));

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'proofgate-')), 'cosign.pub');
  writeFileSync(path, content);
  return path;
}

test('a key stands in the document as it was given', () => {
  expect(key()).toEqual({ type: 'key', publicKey, trustRoot: 'sigstore' });
});

test('a key is read from its file when the construct is made', () => {
  const path = file(publicKey);
  expect(documentOf((chart) => {
    const attestor = KeyAttestor.fromFile(chart, 'vendor', { file: path });
    writeFileSync(path, 'changed later');
    return attestor;
  })).toEqual({ type: 'key', publicKey, trustRoot: 'sigstore' });
});

test('options reach the document whichever way the key came', () => {
  const options = { trustRoot: TrustRoot.github(), transparency: { log: Demand.NOT_REQUIRED, untimed: { reason: 'air-gapped', owner: 'platform' } } };
  const expected = { trustRoot: 'github', transparency: { log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } } };
  expect(key(options)).toMatchObject(expected);
  expect(documentOf((chart) => KeyAttestor.fromFile(chart, 'vendor', { file: file(publicKey), ...options }))).toMatchObject(expected);
});

test('under a trust root without log a timestamp is asked for, and no certificate\'s proof', () => {
  const { transparency } = key({ trustRoot: TrustRoot.github() }) as { transparency: object };
  expect(transparency).toEqual({ log: 'notRequired', timestamp: 'required', reason: expect.any(String) as unknown });
});

test.each<[string, Partial<KeyAttestorProps>, RegExp]>([
  ['text that is no key', { publicKey: 'ssh-ed25519 AAAA' }, /publicKey .*PEM/],
  ['a short RSA key', { publicKey: generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }) as string }, /publicKey .*2048/],
  ['neither log nor timestamp unless somebody answers for it', { transparency: { log: Demand.NOT_REQUIRED, reason: 'air-gapped' } }, /transparency\.untimed is missing: neither log nor timestamp is required/],
  ['no log without a reason', { transparency: { log: Demand.NOT_REQUIRED, timestamp: Demand.REQUIRED } }, /transparency\.reason is missing/],
])('refuses %s', (_, props, message) => {
  const text = messageOf(() => key(props));
  expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/vendor: /);
  expect(text).toMatch(message);
});

test('refuses a private key without showing it', () => {
  const text = messageOf(() => key({ publicKey: privateKey }));
  expect(text).toMatch(/publicKey is a private key/);
  expect(text).not.toContain(privateKey.split('\n')[1]);
});

test('says which file cannot be read', () => {
  expect(messageOf(() => documentOf((chart) => KeyAttestor.fromFile(chart, 'vendor', { file: '/no/such/cosign.pub' }))))
    .toMatch(/^\[INVALID_INPUT\] enforcement\/vendor: the public key cannot be read: .*\/no\/such\/cosign\.pub.* Correct `file`/);
});

describe('several keys of one party', () => {
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const keys = (...list: RotatedKey[]): unknown => documentOf((chart) => new KeyAttestor(chart, 'vendor', { keys: list }));

  test('stand in the document with their periods, from the program or from files', () => {
    expect(keys({ file: file(publicKey), validUntil: '2027-01-01' }, { publicKey: other, validFrom: '2026-12-01', validUntil: '2028-01-01T12:00:00Z' })).toEqual({
      type: 'key', trustRoot: 'sigstore',
      keys: [{ publicKey, validFor: { until: '2027-01-01' } }, { publicKey: other, validFor: { from: '2026-12-01', until: '2028-01-01T12:00:00Z' } }],
    });
    expect(keys({ publicKey })).toEqual({ type: 'key', trustRoot: 'sigstore', keys: [{ publicKey }] });
  });

  test.each<[string, KeyAttestorProps, RegExp]>([
    ['neither a key nor keys', {}, /publicKey is missing/],
    ['a key beside keys', { publicKey, keys: [{ publicKey: other }] }, /publicKey stands beside keys/],
    ['no keys', { keys: [] }, /keys is empty/],
    ['a key twice', { keys: [{ publicKey }, { publicKey }] }, /keys\[1\]\.publicKey is the key of .*keys\[0\] once more/],
    ['neither PEM nor file', { keys: [{ validFrom: '2026-01-01' }] }, /keys\[0\] is made of exactly one of `publicKey` and `file`/],
    ['PEM and file', { keys: [{ publicKey, file: 'x.pub' }] }, /keys\[0\] is made of exactly one/],
    ['a file that is not there', { keys: [{ file: '/no/such.pub' }] }, /the public key cannot be read/],
    ['a date that is none', { keys: [{ publicKey, validFrom: 'soon' }] }, /keys\[0\]\.validFrom "soon" is not a date/],
    ['a period that ends before it begins', { keys: [{ publicKey, validFrom: '2027-01-01', validUntil: '2026-01-01' }] }, /keys\[0\] ends before it begins/],
    ['a period where nothing says when the key signed', { keys: [{ publicKey, validFrom: '2027-01-01' }], transparency: { log: Demand.NOT_REQUIRED, untimed: { reason: 'air-gapped', owner: 'platform' } } },
      /keys\[0\] says when the key may sign, but neither log nor timestamp is required/],
  ])('%s: refused', (_, props, message) => {
    const text = messageOf(() => documentOf((chart) => new KeyAttestor(chart, 'vendor', props)));
    expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/vendor: /);
    expect(text).toMatch(message);
  });
});
