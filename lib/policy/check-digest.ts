import { describe, Field } from './field';

/** `sha256:…` of something; the digest of nothing at all is none. */
export function checkDigest(field: Field, of: string): void {
  const text = field.text();
  if (text !== undefined && (!/^sha256:[a-f0-9]{64}$/.test(text) || /:0+$/.test(text))) {
    field.problem(`is ${describe(text)}, which is not the digest of ${of}: write sha256: and 64 lower-case hexadecimal digits`);
  }
}
