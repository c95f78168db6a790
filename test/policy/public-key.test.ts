import { generateKeyPairSync } from 'node:crypto';
import { canonicalPublicKey, PublicKeyError } from '../../lib/policy/public-key';

type Bytes = readonly number[];

const P256 = new Uint8Array(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }));
const ALGORITHM = [...P256.subarray(2, 23)];
const POINT = [...P256.subarray(26)];
const RSA = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/** Tag, length in its shortest form, content. */
function der(tag: number, ...parts: readonly Bytes[]): number[] {
  const content = parts.flat();
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return [tag, ...size, ...content];
}

const info = (algorithm: Bytes, key: Bytes, rest: Bytes = []) => der(0x30, algorithm, der(0x03, [0], key), rest);

const rsa = (modulus: Bytes, rest: Bytes = []) => info(RSA, [...der(0x30, der(0x02, modulus), der(0x02, [1, 0, 1]), rest)]);

const bits = (count: number) => [...(count % 8 === 0 ? [0] : []), 2 ** ((count - 1) % 8), ...new Array<number>(Math.ceil(count / 8) - 1).fill(1)];

function pem(bytes: Bytes): string {
  return `-----BEGIN PUBLIC KEY-----\n${Buffer.from(bytes).toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

test('the parts above make up a key as the library makes it', () => {
  expect(info(ALGORITHM, POINT)).toEqual([...P256]);
});

test.each<[string, Bytes, Bytes]>([
  ['bytes after the key', [...P256, 0], [...P256]],
  ['a third member', info(ALGORITHM, POINT, [5, 0]), info(ALGORITHM, POINT)],
  ['unused bits', der(0x30, ALGORITHM, der(0x03, [1], POINT)), info(ALGORITHM, POINT)],
  ['a point too short', info(ALGORITHM, POINT.slice(1)), info(ALGORITHM, POINT)],
  ['a point too long', info(ALGORITHM, [...POINT, 0]), info(ALGORITHM, POINT)],
  ['another curve with a point of this one', info([...ALGORITHM.slice(0, -1), 8], POINT), info(ALGORITHM, POINT)],
  ['a length in a longer form', [0x30, 0x81, ...P256.subarray(1)], [...P256]],
  ['a length without end', [0x30, 0x80, ...P256.subarray(2), 0, 0], [...P256]],
  ['a length beyond the end', [0x30, 0x5a, ...P256.subarray(2)], [...P256]],
  ['a set for a sequence', [0x31, ...P256.subarray(1)], [...P256]],
  ['nothing in it', [0x30, 0], [...P256]],
  ['cut short', [...P256.subarray(0, 1)], [...P256]],
  ['a compressed point', info(ALGORITHM, [2 + (POINT.at(-1)! % 2), ...POINT.slice(1, 33)]), info(ALGORITHM, POINT)],
  ['a point that is hybrid', info(ALGORITHM, [6 + (POINT.at(-1)! % 2), ...POINT.slice(1)]), info(ALGORITHM, POINT)],
  ['RSA whose algorithm has no parameters', info(RSA.slice(0, -2).with(1, 0x0b), [...der(0x30, der(0x02, bits(2048)), der(0x02, [1, 0, 1]))]), rsa(bits(2048))],
  ['RSA of a modulus behind a zero', rsa([0, ...bits(2048)]), rsa(bits(2048))],
  ['RSA of a negative modulus', rsa(bits(2048).slice(1)), rsa(bits(2048))],
  ['RSA of an exponent behind a zero', info(RSA, [...der(0x30, der(0x02, bits(2048)), der(0x02, [0, 1, 0, 1]))]), rsa(bits(2048))],
  ['RSA of 2047 bits', rsa(bits(2047)), rsa(bits(2048))],
  ['RSA of 1024 bits in front of zeros', rsa([...new Array<number>(128).fill(0), ...bits(1024)]), rsa(bits(2049))],
  ['RSA of nothing', rsa([0]), rsa(bits(4096))],
  ['RSA with a third number', rsa(bits(2048), der(0x02, [3])), rsa(bits(2048))],
  ['RSA with bytes after the numbers', info(RSA, [...der(0x30, der(0x02, bits(2048)), der(0x02, [3])), 0]), rsa(bits(2048))],
])('%s is refused', (_, bad, good) => {
  expect(() => canonicalPublicKey(pem(bad))).toThrow(PublicKeyError);
  expect(canonicalPublicKey(pem(good))).toContain('BEGIN PUBLIC KEY');
});

test('a private key is called by its name, and so that its owner knows what to do', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  for (const text of [key.export({ type: 'pkcs8', format: 'pem' }), key.export({ type: 'sec1', format: 'pem' })]) {
    expect(() => canonicalPublicKey(text.toString())).toThrow('is a private key: it must be in no policy, and is to be replaced now that it was');
  }
});

test('a text too long to be a key is refused for its length', () => {
  const padding = '\n'.repeat(8192);
  expect(() => canonicalPublicKey(pem([...P256]) + padding)).toThrow(/characters, more than any supported key/);
});

test('the canonical text is what the library writes, whatever the spaces between', () => {
  const text = pem([...P256]);
  const wrapped = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  expect(canonicalPublicKey(wrapped)).toBe(wrapped);
  expect(canonicalPublicKey(wrapped.replaceAll('\n', ' \r\n\t'))).toBe(wrapped);
  expect(canonicalPublicKey(canonicalPublicKey(text))).toBe(canonicalPublicKey(text));
});
