import { Bundle, bundleFromJSON, ValidationError } from '@sigstore/bundle';
import { Json } from '../../policy/document';
import { decodeBase64 } from '../../policy/base64';
import { parseStrictJson, StrictJsonError } from '../json';
import { EvidenceFailure } from './failure';
import { BUNDLE_LIMITS } from './limits';

/** The one payload type of signed statements (in-toto attestation framework, envelope layer). */
const IN_TOTO = 'application/vnd.in-toto+json';

/** A bundle whose shape, limits and encodings were checked; nothing of it is verified yet. */
export interface DecodedBundle {
  readonly bundle: Bundle;
  /** The bytes that were signed as payload. */
  readonly payload: Buffer;
  /** DER of the leaf certificate; absent when a key signed. */
  readonly leaf?: Buffer;
}

type Fields = { readonly [key: string]: Json };

/**
 * Decodes a Sigstore bundle of version 0.1 to 0.3 strictly: one reading of the JSON, one of every base64, one signature.
 *
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function decodeBundle(bytes: Uint8Array, mediaType: string): DecodedBundle {
  if (bytes.length > BUNDLE_LIMITS.bytes) {
    throw new EvidenceFailure('LIMIT', `the bundle has ${bytes.length} bytes; at most ${BUNDLE_LIMITS.bytes} are read`);
  }
  const json = object(strictly(bytes, 'the bundle'), 'the bundle');
  if (versionOf(json.mediaType) === undefined || versionOf(json.mediaType) !== versionOf(mediaType)) {
    throw new EvidenceFailure('MALFORMED', 'the bundle\'s own media type is not the one it was attached with');
  }
  const material = object(json.verificationMaterial, 'verificationMaterial');
  checkMaterial(material);
  if (json.messageSignature !== undefined) {
    throw new EvidenceFailure('UNSUPPORTED', 'the bundle signs bytes, not a statement; sign with cosign v3, which writes a statement');
  }
  const payload = checkEnvelope(object(json.dsseEnvelope, 'dsseEnvelope'));
  try {
    const bundle = bundleFromJSON(json);
    const leaf = leafOf(bundle);
    return { bundle, payload, ...(leaf === undefined ? {} : { leaf }) };
  } catch (error) {
    if (error instanceof ValidationError || error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
      throw new EvidenceFailure('MALFORMED', 'the bundle lacks fields that its version requires', { cause: error });
    }
    throw error;
  }
}

/** Reads JSON strictly, as evidence. @throws EvidenceFailure */
export function strictly(bytes: Uint8Array, what: string): Json {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof StrictJsonError) {
      throw new EvidenceFailure(error.code, `${what} cannot be read in exactly one way: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

export function object(value: Json | undefined, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EvidenceFailure('MALFORMED', `${what} is not an object`);
  }
  return value;
}

/** Strict base64. @throws EvidenceFailure */
export function base64(value: Json | undefined, what: string, limit: number = BUNDLE_LIMITS.bytes): Buffer {
  if (typeof value === 'string' && value.length > Math.ceil(limit / 3) * 4) {
    throw new EvidenceFailure('LIMIT', `${what} has ${value.length} letters of base64; at most ${limit} bytes are read`);
  }
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (bytes === undefined || bytes.length === 0) {
    throw new EvidenceFailure('MALFORMED', `${what} is not base64 in its standard alphabet with padding`);
  }
  return Buffer.from(bytes);
}

const VERSIONS = new Map([
  ['application/vnd.dev.sigstore.bundle.v0.3+json', '0.3'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', '0.3'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.2', '0.2'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', '0.1'],
]);

function versionOf(mediaType: Json | undefined): string | undefined {
  return typeof mediaType === 'string' ? VERSIONS.get(mediaType) : undefined;
}

function checkMaterial(material: Fields): void {
  const ways = ['certificate', 'x509CertificateChain', 'publicKey'].filter((way) => material[way] !== undefined && material[way] !== null);
  if (ways.length !== 1) {
    throw new EvidenceFailure('MALFORMED', `the bundle names ${ways.length} kinds of signer; exactly one is needed`);
  }
  for (const certificate of certificatesOf(material)) {
    base64(object(certificate, 'a certificate').rawBytes, 'a certificate', BUNDLE_LIMITS.der);
  }
  const entries = list(material.tlogEntries, 'tlogEntries', BUNDLE_LIMITS.logEntries);
  for (const entry of entries) {
    checkEntry(object(entry, 'a log entry'));
  }
  const timestamps = material.timestampVerificationData === undefined || material.timestampVerificationData === null
    ? [] : list(object(material.timestampVerificationData, 'timestampVerificationData').rfc3161Timestamps, 'rfc3161Timestamps', BUNDLE_LIMITS.timestamps);
  const stamped = timestamps.reduce<number>((sum, timestamp) => sum + base64(object(timestamp, 'a timestamp').signedTimestamp, 'a timestamp', BUNDLE_LIMITS.der).length, 0);
  if (stamped > BUNDLE_LIMITS.der) {
    throw new EvidenceFailure('LIMIT', `the timestamps have ${stamped} bytes together; at most ${BUNDLE_LIMITS.der} are read`);
  }
}

/** Work on a proof grows with its numbers and lists, which are the attacker's until the proof holds. */
function checkEntry({ canonicalizedBody, logIndex, integratedTime, inclusionProof }: Fields): void {
  base64(canonicalizedBody, 'a log entry\'s body');
  checkInteger(logIndex, 'a log entry\'s index');
  checkInteger(integratedTime, 'a log entry\'s time');
  // Version 0.1 did without; as long as it may, any bundle loses the requirement by calling itself 0.1.
  if (inclusionProof === undefined || inclusionProof === null) {
    throw new EvidenceFailure('MALFORMED', 'a log entry has no inclusion proof; bundles of every version need one');
  }
  const proof = object(inclusionProof, 'an inclusion proof');
  checkInteger(proof.logIndex, 'an inclusion proof\'s index');
  checkInteger(proof.treeSize, 'an inclusion proof\'s tree size');
  list(proof.hashes, 'an inclusion proof\'s hashes', BUNDLE_LIMITS.proofHashes);
  const { envelope } = proof.checkpoint === undefined || proof.checkpoint === null ? {} : object(proof.checkpoint, 'a checkpoint');
  if (typeof envelope === 'string' && envelope.length > BUNDLE_LIMITS.checkpoint) {
    throw new EvidenceFailure('LIMIT', `a checkpoint has ${envelope.length} characters; at most ${BUNDLE_LIMITS.checkpoint} are read`);
  }
}

/** A whole number as protojson writes it: an omitted zero, a number, or at most 19 decimal digits. */
function checkInteger(value: Json | undefined, what: string): void {
  const isInteger = typeof value === 'number' ? Number.isInteger(value) && value >= 0 : typeof value === 'string' && /^[0-9]{1,19}$/.test(value);
  if (value !== undefined && value !== null && !isInteger) {
    throw new EvidenceFailure('MALFORMED', `${what} is not a whole number of at most 19 digits`);
  }
}

function certificatesOf(material: Fields): readonly Json[] {
  if (material.certificate !== undefined && material.certificate !== null) {
    return [material.certificate];
  }
  if (material.x509CertificateChain === undefined || material.x509CertificateChain === null) {
    return [];
  }
  return list(object(material.x509CertificateChain, 'x509CertificateChain').certificates, 'certificates', BUNDLE_LIMITS.certificates);
}

function checkEnvelope(envelope: Fields): Buffer {
  if (envelope.payloadType !== IN_TOTO) {
    throw new EvidenceFailure('UNSUPPORTED', `the payload type is not ${IN_TOTO}`);
  }
  const [signature, ...more] = list(envelope.signatures, 'signatures', 32);
  if (signature === undefined || more.length > 0) {
    throw new EvidenceFailure('MALFORMED', `the envelope has ${more.length + (signature === undefined ? 0 : 1)} signatures; exactly one is needed`);
  }
  base64(object(signature, 'a signature').sig, 'the signature', 4_096);
  return base64(envelope.payload, 'the payload');
}

function list(value: Json | undefined, what: string, limit: number): readonly Json[] {
  if (value === undefined || value === null) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw new EvidenceFailure('MALFORMED', `${what} is not a list`);
  }
  if (value.length > limit) {
    throw new EvidenceFailure('LIMIT', `${what} has ${value.length} elements; at most ${limit} are read`);
  }
  return value;
}

function leafOf({ verificationMaterial: { content } }: Bundle): Buffer | undefined {
  switch (content.$case) {
    case 'certificate': return Buffer.from(content.certificate.rawBytes);
    case 'x509CertificateChain': {
      const [leaf] = content.x509CertificateChain.certificates;
      if (leaf === undefined) {
        throw new EvidenceFailure('MALFORMED', 'the certificate chain is empty');
      }
      return Buffer.from(leaf.rawBytes);
    }
    case 'publicKey': return undefined;
  }
}
