import { X509Certificate } from '@sigstore/core';
import { TrustMaterial } from '@sigstore/verify';

/** Lets every certificate of a trust root remember what follows from it alone; the material dies with the process. */
export function rememberAuthorities(material: TrustMaterial): TrustMaterial {
  [...material.certificateAuthorities, ...material.timestampAuthorities].forEach(({ certChain }) => certChain.forEach(remember));
  return material;
}

/**
 * Lets a certificate object keep its own DER and the outcome of its own signature's check against each issuer.
 *
 * While it looks for a path the library encodes certificates anew for each comparison and checks the same signatures of authorities each
 * time. What is kept is the library's own result for this very object, never one for equal bytes; an error is not kept. No object is
 * changed after it was parsed: the library takes SCTs out of a copy that it parses itself.
 */
export function remember(certificate: X509Certificate): X509Certificate {
  const { root, tbsCertificate, publicKey } = certificate;
  for (const part of [root, tbsCertificate]) {
    const der = part.toDER();
    part.toDER = () => der;
  }
  const verify = certificate.verify.bind(certificate);
  const outcomes = new WeakMap<X509Certificate, boolean>();
  certificate.verify = (issuer) => {
    const by = issuer ?? certificate;
    const known = outcomes.get(by) ?? verify(issuer);
    outcomes.set(by, known);
    return known;
  };
  return Object.defineProperty(certificate, 'publicKey', { value: publicKey });
}
