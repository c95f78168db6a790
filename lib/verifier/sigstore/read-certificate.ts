import { createPublicKey, X509Certificate as NativeCertificate } from 'node:crypto';
import { X509Certificate } from '@sigstore/core';
import './asn1';
import { EvidenceFailure } from './failure';

/** A certificate as two parsers read it. */
export interface Certificate {
  readonly parsed: X509Certificate;
  readonly native: NativeCertificate;
}

/**
 * Reads a certificate that two parsers read in the same way: the library's takes much that is no DER, and OpenSSL, which is stricter, is what holds
 * the key. Bytes, key and validity are compared.
 *
 * @param der - the certificate and nothing after it
 * @throws EvidenceFailure MALFORMED
 */
export function readCertificate(der: Buffer): Certificate {
  try {
    const parsed = X509Certificate.parse(der as Buffer<ArrayBuffer>);
    const native = new NativeCertificate(der);
    // The library reads these when they are first asked for, and throws errors of its own.
    void [parsed.isCA, parsed.extKeyUsage?.digitalSignature, parsed.extBasicConstraints?.pathLenConstraint];
    if (native.raw.equals(parsed.root.toDER()) && createPublicKey({ key: parsed.publicKey, format: 'der', type: 'spki' }).equals(native.publicKey)
      && parsed.notBefore.getTime() === Date.parse(native.validFrom) && parsed.notAfter.getTime() === Date.parse(native.validTo)) {
      return { parsed, native };
    }
  } catch (error) {
    throw new EvidenceFailure('MALFORMED', 'a certificate cannot be read', { cause: error });
  }
  throw new EvidenceFailure('MALFORMED', 'a certificate cannot be read in exactly one way');
}
