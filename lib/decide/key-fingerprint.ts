import { decodeBase64 } from '../policy/base64';
import { sha256Hex } from '../policy/sha256';

/** `sha256:…` of the DER SubjectPublicKeyInfo inside a PEM block; the empty string for text that is none. */
export function keyFingerprint(pem: string): string {
  const body = pem.split('\n').filter((line) => !line.startsWith('-----')).join('');
  const der = decodeBase64(body);
  return der === undefined ? '' : `sha256:${sha256Hex(der)}`;
}
