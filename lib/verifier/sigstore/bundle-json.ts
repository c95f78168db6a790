import { X509Certificate } from 'node:crypto';
import { Json } from '../../policy/document';
import { EvidenceFailure } from './failure';
import { base64Text, Fields, integer, isGiven, list, object, text } from './fields';
import { BUNDLE_LIMITS } from './limits';

/** The one payload type of signed statements (in-toto attestation framework, envelope layer). */
const IN_TOTO = 'application/vnd.in-toto+json';

const VERSIONS = new Map([
  ['application/vnd.dev.sigstore.bundle.v0.3+json', '0.3'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', '0.3'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.2', '0.2'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', '0.1'],
]);

/**
 * The JSON of a bundle of version 0.1 to 0.3 with every field that is read: each of its type and within its limit.
 *
 * It is made anew from what was checked, so that the library, which takes any value for a text or for bytes, meets nothing else.
 * Unknown fields are left out: nothing reads them.
 *
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function readBundleJson(json: Json, attachedAs: string): BundleJson {
  const bundle = object(json, 'the bundle');
  const { mediaType } = bundle;
  if (typeof mediaType !== 'string' || !VERSIONS.has(mediaType) || VERSIONS.get(mediaType) !== VERSIONS.get(attachedAs)) {
    throw new EvidenceFailure('MALFORMED', 'the bundle\'s own media type is not the one it was attached with');
  }
  const verificationMaterial = materialOf(object(bundle.verificationMaterial, 'verificationMaterial'));
  const { dsseEnvelope, messageSignature } = bundle;
  if (isGiven(messageSignature)) {
    if (isGiven(dsseEnvelope)) {
      throw new EvidenceFailure('MALFORMED', 'the bundle has two contents, a statement and a signature of bytes; exactly one is needed');
    }
    return { mediaType, verificationMaterial, messageSignature: messageSignatureOf(object(messageSignature, 'messageSignature')) };
  }
  return { mediaType, verificationMaterial, dsseEnvelope: envelopeOf(object(dsseEnvelope, 'dsseEnvelope')) };
}

/** Texts are base64 where the name does not say otherwise. */
export type BundleJson = ContentJson & {
  readonly mediaType: string;
  readonly verificationMaterial: SignerJson & {
    readonly tlogEntries: readonly EntryJson[];
    readonly timestampVerificationData: { readonly rfc3161Timestamps: readonly TimestampJson[] };
  };
};

/** What is signed: a statement in an envelope, or bytes that are elsewhere. */
export type ContentJson = { readonly dsseEnvelope: EnvelopeJson } | { readonly messageSignature: MessageSignatureJson };

export interface EnvelopeJson {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly [{ readonly sig: string; readonly keyid: string }];
}

export interface MessageSignatureJson {
  readonly messageDigest: { readonly algorithm: keyof typeof DIGESTS; readonly digest: string };
  readonly signature: string;
}

export type SignerJson = { readonly publicKey: { readonly hint: string } } | { readonly certificate: CertificateJson; readonly brought: readonly CertificateJson[] };

interface CertificateJson {
  readonly rawBytes: string;
}

export interface TimestampJson {
  readonly signedTimestamp: string;
}

export interface EntryJson {
  readonly logIndex: string;
  readonly logId: { readonly keyId: string };
  readonly kindVersion: { readonly kind: string; readonly version: string };
  readonly integratedTime: string;
  readonly inclusionPromise?: { readonly signedEntryTimestamp: string };
  /** Only cosign's older layouts do without. */
  readonly inclusionProof?: {
    readonly logIndex: string;
    readonly rootHash: string;
    readonly treeSize: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
  readonly canonicalizedBody: string;
}

function materialOf(material: Fields): BundleJson['verificationMaterial'] {
  const signer = signerOf(material);
  const tlogEntries = list(material.tlogEntries, 'tlogEntries', BUNDLE_LIMITS.logEntries).map((entry) => entryOf(object(entry, 'a log entry')));
  const data = isGiven(material.timestampVerificationData) ? object(material.timestampVerificationData, 'timestampVerificationData') : {};
  const stamps = list(data.rfc3161Timestamps, 'rfc3161Timestamps', BUNDLE_LIMITS.timestamps)
    .map((stamp) => timestampOf(object(stamp, 'a timestamp').signedTimestamp));
  const stamped = stamps.reduce((sum, { signedTimestamp }) => sum + Buffer.byteLength(signedTimestamp, 'base64'), 0);
  if (stamped > BUNDLE_LIMITS.der) {
    throw new EvidenceFailure('LIMIT', `the timestamps have ${stamped} bytes together; at most ${BUNDLE_LIMITS.der} are read`);
  }
  return { ...signer, tlogEntries, timestampVerificationData: { rfc3161Timestamps: stamps } };
}

/** The token of a timestamp authority, as it stands in an older layout, too. @throws EvidenceFailure */
export function timestampOf(token: Json | undefined): TimestampJson {
  return { signedTimestamp: base64Text(token, 'a timestamp', BUNDLE_LIMITS.der) };
}

function signerOf({ publicKey, certificate, x509CertificateChain }: Fields): SignerJson {
  const ways = [publicKey, certificate, x509CertificateChain].filter(isGiven).length;
  if (ways !== 1) {
    throw new EvidenceFailure('MALFORMED', `the bundle names ${ways} kinds of signer; exactly one is needed`);
  }
  if (isGiven(certificate)) {
    return { certificate: certificateOf(certificate), brought: [] };
  }
  if (isGiven(x509CertificateChain)) {
    const [leaf, ...others] = list(object(x509CertificateChain, 'x509CertificateChain').certificates, 'certificates', BUNDLE_LIMITS.certificates).map(certificateOf);
    if (leaf === undefined) {
      throw new EvidenceFailure('MALFORMED', 'the certificate chain is empty');
    }
    others.forEach(checkNoRoot);
    // The library looks at no more than the leaf, and takes a chain only in older versions, whereas cosign writes one in version 0.3.
    return { certificate: leaf, brought: others };
  }
  return { publicKey: { hint: text(object(publicKey, 'publicKey').hint, 'a key\'s hint', BUNDLE_LIMITS.name) } };
}

function certificateOf(certificate: Json): CertificateJson {
  return { rawBytes: base64Text(object(certificate, 'a certificate').rawBytes, 'a certificate', BUNDLE_LIMITS.der) };
}

/**
 * Intermediate certificates beside the leaf are nothing to go by, unless an authority that a policy names signed them; a root there would be
 * trust that a stranger hands over (Sigstore bundle, `x509_certificate_chain`).
 */
function checkNoRoot({ rawBytes }: CertificateJson): void {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(Buffer.from(rawBytes, 'base64'));
  } catch (error) {
    throw new EvidenceFailure('MALFORMED', 'a certificate of the chain cannot be read', { cause: error });
  }
  if (certificate.subject === certificate.issuer) {
    throw new EvidenceFailure('MALFORMED', 'the bundle brings a root certificate of its own');
  }
}

/** Work on a proof grows with its numbers and lists, which are the attacker's until the proof holds. */
function entryOf(entry: Fields): EntryJson {
  const logId = object(entry.logId, 'a log\'s id');
  const kindVersion = object(entry.kindVersion, 'a log entry\'s kind');
  // Version 0.1 did without; as long as it may, any bundle loses the requirement by calling itself 0.1.
  if (!isGiven(entry.inclusionProof)) {
    throw new EvidenceFailure('MALFORMED', 'a log entry has no inclusion proof; bundles of every version need one');
  }
  const proof = object(entry.inclusionProof, 'an inclusion proof');
  const checkpoint = object(proof.checkpoint, 'a checkpoint');
  const hash = (value: Json | undefined): string => base64Text(value, 'a hash of an inclusion proof', BUNDLE_LIMITS.hash);
  return {
    logIndex: integer(entry.logIndex, 'a log entry\'s index'),
    logId: { keyId: base64Text(logId.keyId, 'a log\'s id', BUNDLE_LIMITS.hash) },
    kindVersion: { kind: text(kindVersion.kind, 'a log entry\'s kind', BUNDLE_LIMITS.name), version: text(kindVersion.version, 'a log entry\'s version', BUNDLE_LIMITS.name) },
    integratedTime: integer(entry.integratedTime, 'a log entry\'s time'),
    ...(isGiven(entry.inclusionPromise) ? { inclusionPromise: promiseOf(object(entry.inclusionPromise, 'a log\'s promise')) } : {}),
    inclusionProof: {
      logIndex: integer(proof.logIndex, 'an inclusion proof\'s index'),
      rootHash: hash(proof.rootHash),
      treeSize: integer(proof.treeSize, 'an inclusion proof\'s tree size'),
      hashes: list(proof.hashes, 'an inclusion proof\'s hashes', BUNDLE_LIMITS.proofHashes).map(hash),
      checkpoint: { envelope: text(checkpoint.envelope, 'a checkpoint', BUNDLE_LIMITS.checkpoint) },
    },
    canonicalizedBody: base64Text(entry.canonicalizedBody, 'a log entry\'s body', BUNDLE_LIMITS.bytes),
  };
}

/** What a log signs of an entry. @throws EvidenceFailure */
export function promiseOf({ signedEntryTimestamp }: Fields): { signedEntryTimestamp: string } {
  return { signedEntryTimestamp: base64Text(signedEntryTimestamp, 'a log\'s promise', BUNDLE_LIMITS.signature) };
}

/** Bytes of each digest that a message may be named by. */
export const DIGESTS = { SHA2_256: 32, SHA2_384: 48, SHA2_512: 64 } as const;

function messageSignatureOf({ messageDigest, signature }: Fields): MessageSignatureJson {
  const { algorithm, digest } = object(messageDigest, 'messageDigest');
  if (typeof algorithm !== 'string' || !Object.hasOwn(DIGESTS, algorithm)) {
    throw new EvidenceFailure('UNSUPPORTED', `the algorithm of the message's digest is none of ${Object.keys(DIGESTS).join(', ')}`);
  }
  const named = algorithm as keyof typeof DIGESTS;
  const known = base64Text(digest, 'the message\'s digest', BUNDLE_LIMITS.hash);
  if (Buffer.byteLength(known, 'base64') !== DIGESTS[named]) {
    throw new EvidenceFailure('MALFORMED', 'the message\'s digest has not the length of its algorithm');
  }
  return { messageDigest: { algorithm: named, digest: known }, signature: base64Text(signature, 'the signature', BUNDLE_LIMITS.signature) };
}

/** An envelope with one signature of an in-toto statement. @throws EvidenceFailure */
export function envelopeOf(envelope: Fields): EnvelopeJson {
  if (envelope.payloadType !== IN_TOTO) {
    throw new EvidenceFailure('UNSUPPORTED', `the payload type is not ${IN_TOTO}`);
  }
  const [first, ...more] = list(envelope.signatures, 'signatures', 32);
  if (first === undefined || more.length > 0) {
    throw new EvidenceFailure('MALFORMED', `the envelope has ${more.length + (first === undefined ? 0 : 1)} signatures; exactly one is needed`);
  }
  const signature = object(first, 'a signature');
  const sig = base64Text(signature.sig, 'the signature', BUNDLE_LIMITS.signature);
  const keyid = text(signature.keyid, 'a key\'s id', BUNDLE_LIMITS.name);
  return { payloadType: IN_TOTO, payload: base64Text(envelope.payload, 'the payload', BUNDLE_LIMITS.bytes), signatures: [{ sig, keyid }] };
}
