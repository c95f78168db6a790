import { createHash } from 'node:crypto';
import { BundleJson, EntryJson, envelopeOf, EnvelopeJson, MessageSignatureJson, promiseOf, SignerJson, TimestampJson, timestampOf } from './bundle-json';
import { EvidenceFailure } from './failure';
import { base64, base64Text, Fields, integer, object, strictly, text } from './fields';
import { BUNDLE_LIMITS } from './limits';

/** Layers of the tags `sha256-….sig` and `sha256-….att`, and of the referrers that cosign made for a while before it made bundles. */
export const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const DSSE_ENVELOPE = 'application/vnd.dsse.envelope.v1+json';

/** The one version of the bundle in which a log's promise may stand without a proof. */
const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle+json;version=0.1';

type Annotations = { readonly [name: string]: string };
type Material = Pick<BundleJson, 'mediaType' | 'verificationMaterial'>;

/**
 * The bundle that says what a layer of simple signing and its annotations say (cosign, specs/SIGNATURE_SPEC.md).
 *
 * @param payload - the layer, which is what was signed
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function olderSignature(payload: Buffer, annotations: Annotations): Material & { readonly messageSignature: MessageSignatureJson } {
  const signature = base64Text(annotations['dev.cosignproject.cosign/signature'], 'the signature', BUNDLE_LIMITS.signature);
  const digest = createHash('sha256').update(payload).digest('base64');
  return { ...materialOf(annotations), messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest }, signature } };
}

/**
 * The bundle that says what an envelope and the annotations of its layer say.
 *
 * The signature stands in the envelope, and cosign marks its own by an empty annotation. An envelope without the mark is somebody else's, of which
 * nothing says how it is to be verified.
 *
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function olderAttestation(envelope: Buffer, annotations: Annotations): Material & { readonly dsseEnvelope: EnvelopeJson } {
  const mark = annotations['dev.cosignproject.cosign/signature'];
  if (mark === undefined) {
    throw new EvidenceFailure('UNSUPPORTED', 'an envelope without anything that says who signed it and when; attest with cosign, which attaches a bundle');
  }
  if (mark !== '') {
    throw new EvidenceFailure('MALFORMED', 'the layer has a signature beside the one in its envelope');
  }
  return { ...materialOf(annotations), dsseEnvelope: envelopeOf(object(strictly(envelope, 'the envelope'), 'the envelope')) };
}

function materialOf(annotations: Annotations): Material {
  return {
    mediaType: MEDIA_TYPE,
    verificationMaterial: {
      ...signerOf(annotations['dev.sigstore.cosign/certificate'] ?? ''),
      tlogEntries: entriesOf(annotations['dev.sigstore.cosign/bundle'] ?? ''),
      timestampVerificationData: { rfc3161Timestamps: timestampsOf(annotations['dev.sigstore.cosign/rfc3161timestamp'] ?? '') },
    },
  };
}

/** The leaf alone: the chain that cosign writes beside it is nothing to go by, since trust comes from the trust root or the policy. */
function signerOf(pem: string): SignerJson {
  if (pem === '') {
    return { publicKey: { hint: '' } };
  }
  if (pem.length > BUNDLE_LIMITS.der) {
    throw new EvidenceFailure('LIMIT', `the certificate has ${pem.length} characters; at most ${BUNDLE_LIMITS.der} are read`);
  }
  const body = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)-----END CERTIFICATE-----\n?$/.exec(pem)?.[1];
  if (body === undefined) {
    throw new EvidenceFailure('MALFORMED', 'the certificate is not one block of PEM');
  }
  return { certificate: { rawBytes: base64Text(body.replaceAll('\n', ''), 'the certificate', BUNDLE_LIMITS.der) }, brought: [] };
}

/** `{SignedEntryTimestamp, Payload: {body, integratedTime, logIndex, logID}}`: what Rekor v1 answered, with its promise and without a proof. */
function entriesOf(annotation: string): EntryJson[] {
  if (annotation === '') {
    return [];
  }
  const { SignedEntryTimestamp: signedEntryTimestamp = null, Payload } = annotated(annotation, 'the log entry');
  const { body, integratedTime, logIndex, logID } = object(Payload, 'the log entry');
  if (typeof logID !== 'string' || !/^[0-9a-f]{64}$/.test(logID)) {
    throw new EvidenceFailure('MALFORMED', 'the log\'s id is not 64 lower-case hexadecimal digits');
  }
  const { kind, apiVersion } = object(strictly(base64(body, 'a log entry\'s body', BUNDLE_LIMITS.bytes), 'a log entry'), 'a log entry');
  return [{
    logIndex: integer(logIndex, 'a log entry\'s index'),
    logId: { keyId: Buffer.from(logID, 'hex').toString('base64') },
    kindVersion: { kind: text(kind, 'a log entry\'s kind', BUNDLE_LIMITS.name), version: text(apiVersion, 'a log entry\'s version', BUNDLE_LIMITS.name) },
    integratedTime: integer(integratedTime, 'a log entry\'s time'),
    inclusionPromise: promiseOf({ signedEntryTimestamp }),
    canonicalizedBody: base64Text(body, 'a log entry\'s body', BUNDLE_LIMITS.bytes),
  }];
}

function timestampsOf(annotation: string): TimestampJson[] {
  return annotation === '' ? [] : [timestampOf(annotated(annotation, 'the timestamp').SignedRFC3161Timestamp)];
}

/** cosign writes `null` where it has nothing. */
function annotated(json: string, what: string): Fields {
  return object(strictly(Buffer.from(json), what), what);
}
