import { checkPeriod } from './check-attestor';
import { checkDigest } from './check-digest';
import { checkNamespaces } from './check-scope';
import { exactText, exactUrl } from './exact';
import { describe, Field } from './field';

/** `ImageDenyListSpec`. */
export function checkDenyList(field: Field): void {
  const fields = field.members(['reason', 'owner'], ['digests', 'signers', 'certificates', 'keys', 'namespaces']);
  if (fields === undefined) {
    return;
  }
  fields.reason.text();
  fields.owner.text();
  const lists = [fields.digests, fields.signers, fields.certificates, fields.keys];
  if (lists.every(({ absent }) => absent)) {
    field.problem('names nothing that is denied: write at least one of digests, signers, certificates and keys');
  }
  fields.digests.elements().forEach((digest) => checkDigest(digest, 'an image'));
  fields.signers.elements().forEach(checkSigner);
  fields.certificates.elements().forEach((certificate) => checkFingerprint(certificate, 'openssl x509 -outform DER'));
  fields.keys.elements().forEach((key) => checkFingerprint(key, 'openssl pkey -pubin -outform DER'));
  checkNamespaces(fields.namespaces);
}

function checkSigner(field: Field): void {
  const fields = field.members(['subject'], ['issuer', 'signed']);
  if (fields === undefined) {
    return;
  }
  exactText(fields.subject);
  exactUrl(fields.issuer);
  checkPeriod(fields.signed);
}

/** Tools print fingerprints in capitals, with colons: as they are they would match nothing, and nobody would notice. */
function checkFingerprint(field: Field, command: string): void {
  const text = field.text();
  if (text !== undefined && !/^sha256:[a-f0-9]{64}$/.test(text)) {
    field.problem(`is ${describe(text)}, which is not a fingerprint: write sha256: and the 64 lower-case hexadecimal digits that "${command} | sha256sum" prints`);
  }
}
