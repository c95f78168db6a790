import { createHash } from 'node:crypto';
import { Statement } from '../../decide/evidence';
import { MessageSignatureJson } from './bundle-json';

/** A message by its digest. */
export type MessageDigest = MessageSignatureJson['messageDigest'];

const HASHES = { SHA2_256: 'sha256', SHA2_384: 'sha384', SHA2_512: 'sha512' } as const;

/** Whether these are the bytes that a bundle says it is about. The digest is a hint that nobody signed: what counts is the signature of the bytes. */
export function isMessage(bytes: Uint8Array, { algorithm, digest }: MessageDigest): boolean {
  return createHash(HASHES[algorithm]).update(bytes).digest('base64') === digest;
}

/** What the signature of an image's manifest says: that image is signed. */
export function statementOf(artifact: Uint8Array): Statement {
  return { readable: true, says: 'signature', predicateType: '', subjects: [{ digest: { sha256: createHash('sha256').update(artifact).digest('hex') } }] };
}
