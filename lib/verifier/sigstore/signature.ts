import { createHash, KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { dsse } from '@sigstore/core';
import type { SignedEntity } from '@sigstore/verify';

/**
 * The signature of an envelope, as the library asks about it, with the hashes that signers really use: that of the curve,
 * then SHA-256; the library itself knows SHA-256 only.
 *
 * @param stamped - what timestamps are of @default - the signature
 */
export function envelopeSignature(payloadType: string, payload: Buffer, signature: Buffer, stamped = signature): SignedEntity['signature'] {
  return signatureOf(dsse.preAuthEncoding(payloadType, payload), payload, signature, stamped);
}

/** The same for a signature of the bytes themselves. */
export function messageSignature(message: Buffer, signature: Buffer): SignedEntity['signature'] {
  return signatureOf(message, message, signature, signature);
}

function signatureOf(signed: Buffer, content: Buffer, signature: Buffer, stamped: Buffer): SignedEntity['signature'] {
  return {
    // The library takes this for what timestamps are of, and for nothing else.
    signature: stamped,
    compareSignature: (other) => same(other, signature),
    compareDigest: (digest) => isDigestOf(content, digest),
    compareSignedDigest: (digest) => isDigestOf(signed, digest),
    verifySignature: (key) => hashesFor(key).some((hash) => verifies(hash, signed, key, signature)),
  };
}

/** Ed25519 over a SHA-512 digest (RFC 8032, section 5.1, "Ed25519ph"): what cosign 3 makes with a key, because logs are told digests only. */
const ED25519_PH = 'Ed25519ph';

/** Hash names for Node's verify; `null` where the algorithm has a hash of its own. Empty for a key that is not supported. */
export function hashesFor(key: KeyObject): readonly (string | null)[] {
  switch (key.asymmetricKeyType) {
    case 'ec': return CURVES.get(key.asymmetricKeyDetails?.namedCurve ?? '') ?? [];
    case 'rsa': return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? ['sha256'] : [];
    case 'ed25519': return [null, ED25519_PH];
    default: return [];
  }
}

const CURVES = new Map([
  ['prime256v1', ['sha256']],
  ['secp384r1', ['sha384', 'sha256']],
  ['secp521r1', ['sha512', 'sha256']],
]);

const DIGEST_HASHES = new Map([[32, 'sha256'], [48, 'sha384'], [64, 'sha512']]);

function isDigestOf(bytes: Buffer, digest: Buffer): boolean {
  const hash = DIGEST_HASHES.get(digest.length);
  return hash !== undefined && same(createHash(hash).update(bytes).digest(), digest);
}

function verifies(hash: string | null, signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return hash === ED25519_PH ? ed25519ph.verify(signature, signed, rawKey(key), { zip215: false }) : verify(hash, signed, key, signature);
  } catch {
    // Both throw on signatures that are not even DER.
    return false;
  }
}

/** The 32 bytes at the end of the SubjectPublicKeyInfo (RFC 8410, section 4). */
function rawKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-32);
}

function same(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
