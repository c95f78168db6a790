import { createHash } from 'node:crypto';
import { pemOf } from './certificate';

/** What Rekor is told of a signature. */
export interface Logged {
  readonly payload: Buffer;
  /** The bytes that the signature covers. */
  readonly signed: Buffer;
  readonly signature: Buffer;
  /** Of an envelope, as it was uploaded; only the older in-toto entries are about it. */
  readonly envelope?: Buffer;
  readonly signer: LoggedSigner;
}

/** A certificate, or a key as SubjectPublicKeyInfo; both in DER. */
export interface LoggedSigner {
  readonly type: 'certificate' | 'key';
  readonly der: Buffer;
  /** As Rekor v2 writes it. */
  readonly keyDetails: string;
  /** With which the signature was made. */
  readonly hash: LoggedHash;
}

export type LoggedHash = 'sha256' | 'sha384' | 'sha512';

/** Kind and version of an entry, as in `kindVersion`. */
export type EntryKind = keyof typeof SPECS;

/** The body of an entry as each version of Rekor writes it, before it is made canonical. */
export function logBody(entry: EntryKind, logged: Logged): { kind: string; apiVersion: string; spec: object } {
  const [kind = '', apiVersion = ''] = entry.split(' ');
  return { kind, apiVersion, spec: SPECS[entry](logged) };
}

const SPECS = {
  'dsse 0.0.1': ({ payload, signed, signature, signer }: Logged): object => ({
    envelopeHash: { algorithm: 'sha256', value: digest(signed).toString('hex') },
    payloadHash: { algorithm: 'sha256', value: digest(payload).toString('hex') },
    signatures: [{ signature: signature.toString('base64'), verifier: pem(signer) }],
  }),
  'hashedrekord 0.0.1': ({ signed, signature, signer }: Logged): object => ({
    data: { hash: { algorithm: signer.hash, value: digest(signed, signer.hash).toString('hex') } },
    signature: { content: signature.toString('base64'), publicKey: { content: pem(signer) } },
  }),
  'intoto 0.0.1': ({ payload, envelope = Buffer.of(), signer }: Logged): object => ({
    content: { hash: { algorithm: 'sha256', value: digest(envelope).toString('hex') }, payloadHash: { algorithm: 'sha256', value: digest(payload).toString('hex') } },
    publicKey: pem(signer),
  }),
  'intoto 0.0.2': ({ payload, signature, signer }: Logged): object => ({
    content: {
      envelope: { payloadType: 'application/vnd.in-toto+json', signatures: [{ publicKey: pem(signer), sig: Buffer.from(signature.toString('base64')).toString('base64') }] },
      payloadHash: { algorithm: 'sha256', value: digest(payload).toString('hex') },
    },
  }),
  'dsse 0.0.2': ({ payload, signature, signer }: Logged): object => ({
    dsseV002: {
      payloadHash: { algorithm: 'SHA2_256', digest: digest(payload).toString('base64') },
      signatures: [{ content: signature.toString('base64'), verifier: verifier(signer) }],
    },
  }),
  'hashedrekord 0.0.2': ({ signed, signature, signer }: Logged): object => ({
    hashedRekordV002: {
      data: { algorithm: `SHA2_${signer.hash.slice(3)}`, digest: digest(signed, signer.hash).toString('base64') },
      signature: { content: signature.toString('base64'), verifier: verifier(signer) },
    },
  }),
};

function verifier({ type, der, keyDetails }: LoggedSigner): object {
  const holder = { rawBytes: der.toString('base64') };
  return type === 'certificate' ? { x509Certificate: holder, keyDetails } : { publicKey: holder, keyDetails };
}

/** Base64 of PEM. */
function pem({ type, der }: LoggedSigner): string {
  return Buffer.from(pemOf(type === 'certificate' ? 'CERTIFICATE' : 'PUBLIC KEY', der)).toString('base64');
}

function digest(bytes: Buffer, hash = 'sha256'): Buffer {
  return createHash(hash).update(bytes).digest();
}
