import { Bundle, bundleFromJSON, ValidationError } from '@sigstore/bundle';
import { SignedEntity } from '@sigstore/verify';
import { Statement } from '../../decide/evidence';
import { AttachedBundle } from '../ports';
import { BundleJson, EnvelopeJson, MessageSignatureJson, readBundleJson } from './bundle-json';
import { EvidenceFailure } from './failure';
import { strictly } from './fields';
import { BUNDLE_LIMITS } from './limits';
import { isMessage, statementOf } from './message';
import { DSSE_ENVELOPE, olderAttestation, olderSignature, SIMPLE_SIGNING } from './older-layout';
import { envelopeSignature, messageSignature } from './signature';
import { readSimpleSigning } from './simple-signing';
import { decodeStatement } from './statement';

/** A piece of evidence whose shape, limits and encodings were checked; nothing of it is verified yet. */
export interface DecodedBundle {
  readonly bundle: Bundle;
  /** What the signature covers. */
  readonly statement: Statement;
  readonly signature: SignedEntity['signature'];
  /** DER of the leaf certificate; absent when a key signed. */
  readonly leaf?: Buffer;
  /** The layer of an attestation in an older layout. */
  readonly layer?: Buffer;
  /** DER of the certificates that came with it, of which nothing is known. */
  readonly brought: readonly Buffer[];
  /** Why there is nothing to verify; absent where there is. */
  readonly failure?: EvidenceFailure;
}

/**
 * Decodes a Sigstore bundle of version 0.1 to 0.3, or a layer of cosign's older layouts, strictly: one reading of the JSON, one of every base64,
 * one signature.
 *
 * @param artifact - the manifest of the image, for a bundle that signs its bytes
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function decodeBundle({ bytes, mediaType, annotations = {} }: Pick<AttachedBundle, 'bytes' | 'mediaType' | 'annotations'>, artifact?: Uint8Array): DecodedBundle {
  if (bytes.length > BUNDLE_LIMITS.bytes) {
    throw new EvidenceFailure('LIMIT', `the bundle has ${bytes.length} bytes; at most ${BUNDLE_LIMITS.bytes} are read`);
  }
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (mediaType) {
    case SIMPLE_SIGNING: {
      const json = olderSignature(blob, annotations);
      const signature = messageSignature(blob, Buffer.from(json.messageSignature.signature, 'base64'));
      return decoded(json, readSimpleSigning(blob), signature);
    }
    case DSSE_ENVELOPE: {
      const json = olderAttestation(blob, annotations);
      // What timestamp authorities were shown by cosign is the whole layer, with the signature in it.
      return { ...envelope(json, json.dsseEnvelope, blob), layer: blob };
    }
    default: {
      const json = readBundleJson(strictly(blob, 'the bundle'), mediaType);
      return 'dsseEnvelope' in json ? envelope(json, json.dsseEnvelope) : message(json, json.messageSignature, artifact);
    }
  }
}

/** Of the bytes that a digest stands for, only the image's are at hand: a signature of others cannot be judged, and does not matter here. */
function message(json: BundleJson, { messageDigest, signature }: MessageSignatureJson, artifact: Uint8Array | undefined): DecodedBundle {
  if (artifact === undefined) {
    throw new EvidenceFailure('UNSUPPORTED', 'the bundle signs bytes instead of a statement about them, and the bytes of the image are not at hand');
  }
  const failure = isMessage(artifact, messageDigest) ? undefined
    : new EvidenceFailure('WRONG_SUBJECT', `expected a signature of the image's manifest, found one of other bytes (${messageDigest.algorithm} ${messageDigest.digest})`);
  const result = decoded(json, statementOf(artifact), messageSignature(Buffer.from(artifact), Buffer.from(signature, 'base64')));
  return { ...result, ...(failure === undefined ? {} : { failure }) };
}

function envelope(json: BundleJson, { payloadType, payload, signatures: [{ sig }] }: EnvelopeJson, stamped?: Buffer): DecodedBundle {
  const bytes = Buffer.from(payload, 'base64');
  return decoded(json, decodeStatement(bytes), envelopeSignature(payloadType, bytes, Buffer.from(sig, 'base64'), stamped));
}

function decoded(json: BundleJson, statement: Statement, signature: SignedEntity['signature']): DecodedBundle {
  const { verificationMaterial: signer } = json;
  const [leaf, ...brought] = ('certificate' in signer ? [signer.certificate, ...signer.brought] : []).map(({ rawBytes }) => Buffer.from(rawBytes, 'base64'));
  return { bundle: bundleOf(json), statement, signature, ...(leaf === undefined ? {} : { leaf }), brought };
}

function bundleOf(json: BundleJson): Bundle {
  try {
    return bundleFromJSON(json);
  } catch (error) {
    if (error instanceof ValidationError) {
      throw new EvidenceFailure('MALFORMED', 'the bundle lacks fields that its version requires', { cause: error });
    }
    throw error;
  }
}
