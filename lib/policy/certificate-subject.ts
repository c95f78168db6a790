/** General names (RFC 5280 §4.2.1.6) by which a certificate of one's own authority is told from others. */
export type CertificateSubjectKind = 'uri' | 'email' | 'dns';

/**
 * Which general name a configured subject means, so that one that spells another is not taken for it; `undefined` for a text that is none.
 *
 * With a scheme it is a URI, else with an `@` an e-mail address, else a DNS name.
 */
export function certificateSubjectKind(subject: string): CertificateSubjectKind | undefined {
  if (/[^\x21-\x7e]/.test(subject)) {
    return undefined;
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]*:./.test(subject)) {
    return 'uri';
  }
  if (subject.includes('@')) {
    return /^[^@:/]+@[^@:/]+$/.test(subject) ? 'email' : undefined;
  }
  return /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)+$/.test(subject) ? 'dns' : undefined;
}
