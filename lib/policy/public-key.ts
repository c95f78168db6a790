import { decodeBase64 } from './base64';
import { DerElement, readDer } from './der';

/** A text that is not exactly one public key of a kind that is supported; the message goes on from what names the text. */
export class PublicKeyError extends Error {
  readonly code = 'MALFORMED';

  constructor(why: string) {
    super(`${why}; write the public key as PEM (-----BEGIN PUBLIC KEY-----), as "cosign public-key" or "openssl pkey -pubout" print it`);
    this.name = 'PublicKeyError';
  }
}

/** No supported key is longer; RSA with 16,384 bits takes 2.1 KiB of DER. */
const MAX_LENGTH = 8192;

const MIN_RSA_BITS = 2048;

/** DER of the AlgorithmIdentifier, in hexadecimal (RFC 5480 §2.1.1, RFC 8410 §3, RFC 3279 §2.3.1), with the size of the key bits. */
const FIXED_SIZE_ALGORITHMS: { readonly [identifier: string]: number } = {
  '301306072a8648ce3d020106082a8648ce3d030107': 66, // P-256
  '301006072a8648ce3d020106052b81040022': 98, // P-384
  '301006072a8648ce3d020106052b81040023': 134, // P-521
  '300506032b6570': 33, // Ed25519
};
const ED25519 = '300506032b6570';
/** The first byte of a point in full; a hybrid one is as long. */
const UNCOMPRESSED = 0x04;
const RSA = '300d06092a864886f70d0101010500';

/**
 * The one spelling of a PEM public key: lines of 64 characters, one newline after each, nothing before or after.
 *
 * Checks the envelope (label, base64, DER, algorithm, size), not the mathematics: that needs cryptography.
 *
 * @throws PublicKeyError
 */
export function canonicalPublicKey(pem: string): string {
  if (pem.length > MAX_LENGTH) {
    throw new PublicKeyError(`has ${pem.length} characters, more than any supported key`);
  }
  if (pem.includes('PRIVATE KEY')) {
    throw new PublicKeyError('is a private key: it must be in no policy, and is to be replaced now that it was');
  }
  const match = /^\s*-----BEGIN PUBLIC KEY-----\s*\n([A-Za-z0-9+/=\s]*)-----END PUBLIC KEY-----\s*$/.exec(pem);
  if (match === null) {
    throw new PublicKeyError('is not exactly one PEM block with the label PUBLIC KEY');
  }
  const body = (match[1] ?? '').replace(/\s/g, '');
  const der = decodeBase64(body);
  if (der === undefined) {
    throw new PublicKeyError('is a PEM block that does not hold base64');
  }
  checkSubjectPublicKeyInfo(der);
  return ['-----BEGIN PUBLIC KEY-----', ...(body.match(/.{1,64}/g) ?? []), '-----END PUBLIC KEY-----', ''].join('\n');
}

/**
 * Whether these bytes are the one spelling of a supported key: another one of the same key would be another key to whoever compares bytes.
 *
 * OpenSSL reads more: points that are compressed or hybrid, curves by their parameters, numbers with zeros before them.
 */
export function isCanonicalKey(subjectPublicKeyInfo: Uint8Array): boolean {
  try {
    checkSubjectPublicKeyInfo(subjectPublicKeyInfo);
    return true;
  } catch (error) {
    if (error instanceof PublicKeyError) {
      return false;
    }
    throw error;
  }
}

/** RFC 5280 §4.1: SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }, and nothing after. */
function checkSubjectPublicKeyInfo(der: Uint8Array): void {
  const info = readElement(der, 0x30, 0);
  const algorithm = readElement(der, 0x30, info.start);
  const key = readElement(der, 0x03, algorithm.end);
  if (info.end !== der.length || key.end !== info.end || der[key.start] !== 0) {
    throw new PublicKeyError('is a PEM block that does not hold exactly one SubjectPublicKeyInfo');
  }
  const identifier = Array.from(der.subarray(info.start, algorithm.end), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (identifier === RSA) {
    checkRsa(der, key);
  } else if (FIXED_SIZE_ALGORITHMS[identifier] !== key.end - key.start) {
    throw new PublicKeyError('is a key of a kind that is not supported: use P-256, P-384, P-521, Ed25519, or RSA of at least 2048 bits');
  } else if (identifier !== ED25519 && der[key.start + 1] !== UNCOMPRESSED) {
    throw new PublicKeyError('is a key whose point is not written in full (SEC 1 §2.3.3)');
  }
}

/** RFC 8017 §A.1.1: SEQUENCE { modulus INTEGER, publicExponent INTEGER }. */
function checkRsa(der: Uint8Array, key: DerElement): void {
  const sequence = readElement(der, 0x30, key.start + 1);
  const modulus = readElement(der, 0x02, sequence.start);
  const exponent = readElement(der, 0x02, modulus.end);
  if (sequence.end !== key.end || exponent.end !== sequence.end) {
    throw new PublicKeyError('is a PEM block that does not hold exactly one RSA key');
  }
  if (!isPositive(der, modulus) || !isPositive(der, exponent)) {
    throw new PublicKeyError('is an RSA key whose numbers are not positive and in their shortest form (X.690 §8.3.2)');
  }
  const first = der[modulus.start] === 0 ? 1 : 0;
  const bits = (modulus.end - modulus.start - first) * 8 - Math.clz32(der[modulus.start + first] ?? 0) + 24;
  if (bits < MIN_RSA_BITS) {
    throw new PublicKeyError(`is an RSA key of ${bits} bits, which can be broken: at least ${MIN_RSA_BITS} are needed`);
  }
}

/** A zero stands before a number only where it would be negative without. */
function isPositive(der: Uint8Array, { start, end }: DerElement): boolean {
  const [first = 0x80, second] = der.subarray(start, end);
  return first < 0x80 && (first !== 0 || (second !== undefined && second >= 0x80));
}

function readElement(der: Uint8Array, tag: number, offset: number): DerElement {
  const element = readDer(der, tag, offset);
  if (element === undefined) {
    throw new PublicKeyError('is a PEM block that does not hold the DER of a public key');
  }
  return element;
}
