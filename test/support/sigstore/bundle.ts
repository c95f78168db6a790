import { KeyObject, sign } from 'node:crypto';
import { LoggedHash } from './log-body';
import { LogEntryJson } from './transparency-log';

export const BUNDLE_V03 = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const IN_TOTO = 'application/vnd.in-toto+json';

/** A Sigstore bundle in protojson; plain data that a test changes as it likes after it was signed. */
export interface BundleJson {
  mediaType: string;
  verificationMaterial: {
    certificate?: { rawBytes: string };
    x509CertificateChain?: { certificates: Array<{ rawBytes: string }> };
    publicKey?: { hint: string };
    tlogEntries?: LogEntryJson[];
    timestampVerificationData?: { rfc3161Timestamps: Array<{ signedTimestamp: string }> };
  };
  dsseEnvelope?: EnvelopeJson;
  messageSignature?: { messageDigest: { algorithm: string; digest: string }; signature: string };
}

export interface EnvelopeJson {
  payload: string;
  payloadType: string;
  signatures: Array<{ sig: string; keyid?: string }>;
}

export function bundleBytes(bundle: BundleJson): Buffer {
  return Buffer.from(JSON.stringify(bundle));
}

/** What a DSSE signature covers (DSSE v1.0.2, "PAE"). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
}

/** Signs with a hash; Ed25519 has its own. */
export function signBytes(bytes: Uint8Array, key: KeyObject, hash: LoggedHash = hashFor(key)): Buffer {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : hash, bytes, key);
}

/** The hash that goes with a key: that of the curve, else SHA-256. */
export function hashFor(key: KeyObject): LoggedHash {
  return CURVES[key.asymmetricKeyDetails?.namedCurve ?? '']?.hash ?? 'sha256';
}

/** How Rekor v2 writes the kind of a key. */
export function keyDetailsOf(key: KeyObject): string {
  const others: { readonly [type: string]: string } = { ed25519: 'PKIX_ED25519', rsa: 'PKIX_RSA_PKCS1V15_2048_SHA256' };
  return CURVES[key.asymmetricKeyDetails?.namedCurve ?? '']?.details ?? others[key.asymmetricKeyType ?? ''] ?? 'PUBLIC_KEY_DETAILS_UNSPECIFIED';
}

const CURVES: { readonly [curve: string]: { readonly hash: LoggedHash; readonly details: string } } = {
  prime256v1: { hash: 'sha256', details: 'PKIX_ECDSA_P256_SHA_256' },
  secp384r1: { hash: 'sha384', details: 'PKIX_ECDSA_P384_SHA_384' },
  secp521r1: { hash: 'sha512', details: 'PKIX_ECDSA_P521_SHA_512' },
};
