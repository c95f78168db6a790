import { Bundle, bundleFromJSON, ValidationError } from '@sigstore/bundle';
import { readBundleJson } from './bundle-json';
import { EvidenceFailure } from './failure';
import { strictly } from './fields';
import { BUNDLE_LIMITS } from './limits';

/** A bundle whose shape, limits and encodings were checked; nothing of it is verified yet. */
export interface DecodedBundle {
  readonly bundle: Bundle;
  /** The bytes that were signed as payload. */
  readonly payload: Buffer;
  /** DER of the leaf certificate; absent when a key signed. */
  readonly leaf?: Buffer;
}

/**
 * Decodes a Sigstore bundle of version 0.1 to 0.3 strictly: one reading of the JSON, one of every base64, one signature.
 *
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function decodeBundle(bytes: Uint8Array, mediaType: string): DecodedBundle {
  if (bytes.length > BUNDLE_LIMITS.bytes) {
    throw new EvidenceFailure('LIMIT', `the bundle has ${bytes.length} bytes; at most ${BUNDLE_LIMITS.bytes} are read`);
  }
  const bundle = bundleOf(readBundleJson(strictly(bytes, 'the bundle'), mediaType));
  const leaf = leafOf(bundle);
  return { bundle, payload: payloadOf(bundle), ...(leaf === undefined ? {} : { leaf }) };
}

function bundleOf(json: ReturnType<typeof readBundleJson>): Bundle {
  try {
    return bundleFromJSON(json);
  } catch (error) {
    if (error instanceof ValidationError) {
      throw new EvidenceFailure('MALFORMED', 'the bundle lacks fields that its version requires', { cause: error });
    }
    throw error;
  }
}

function payloadOf({ content }: Bundle): Buffer {
  if (content.$case !== 'dsseEnvelope') {
    throw new EvidenceFailure('UNSUPPORTED', 'the bundle holds no envelope');
  }
  return content.dsseEnvelope.payload;
}

function leafOf({ verificationMaterial: { content } }: Bundle): Buffer | undefined {
  switch (content.$case) {
    case 'certificate': return content.certificate.rawBytes;
    case 'x509CertificateChain': {
      const [leaf] = content.x509CertificateChain.certificates;
      if (leaf === undefined) {
        throw new EvidenceFailure('MALFORMED', 'the certificate chain is empty');
      }
      return leaf.rawBytes;
    }
    case 'publicKey': return undefined;
  }
}
