import { kindOfSubject } from '../decide/identity';
import { SignerFact } from '../decide/evidence';
import { keyFingerprint } from '../decide/key-fingerprint';
import { isWithin } from '../decide/period';
import { canonicalJson } from '../policy/canonical-json';
import { certificateSubjectKind } from '../policy/certificate-subject';
import { Attestor } from '../policy/document';
import { NormalAttestor, NormalCertificateAttestor, NormalKeyAttestor, NormalKeylessAttestor, NormalPolicy } from '../policy/normal';
import { normalize } from '../policy/normalize';
import { textDigest } from '../policy/sha256';
import { certifiedClaims } from './certified-claims';

/** Who signed, as the material of a signature shows it, and to which instance that material belongs. */
export interface DescribedSigner {
  readonly signer: SignerFact['signer'];
  /** Name of the instance whose authorities, logs and timestamps stand behind it. */
  readonly trustRoot: string;
  /** PEM of the authority of one's own that issued the certificate; empty for every other signer. */
  readonly authority: string;
}

/** What deny lists name beside an identity. */
export interface SigningMaterial {
  readonly certificate?: string;
  readonly key?: string;
}

/** How long before and after signing a certificate of one's own authority is valid. */
const HALF_AN_HOUR = 1_800_000;

/**
 * The signer that an attestor stands for, when it signs at an instant.
 *
 * Where the attestor takes several, the first: ref, key in its period. What it leaves open is filled with what a policy must not rely on.
 */
export function signerOf(attestor: Attestor, time: number, material: SigningMaterial): DescribedSigner {
  const normal = normalAttestor(attestor);
  switch (normal.type) {
    case 'keyless': return { signer: keylessSigner(normal, material), trustRoot: normal.trustRoot, authority: '' };
    case 'key': return { signer: keySigner(normal, time), trustRoot: normal.trustRoot, authority: '' };
    case 'certificate': return { signer: ownSigner(normal, time, material), trustRoot: normal.trustRoot, authority: normal.authority };
  }
}

/** An attestor with its defaults, as a policy would hold it. */
export function normalAttestor(attestor: Attestor): NormalAttestor {
  const { attestors } = normalize({
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'signer' },
    spec: { images: ['registry.example/image'], attestors: { signer: attestor }, requirements: [{ type: 'signature', name: 'signature', attestors: ['signer'] }] },
  }) as NormalPolicy;
  return attestors['signer'] as NormalAttestor;
}

function keylessSigner(attestor: NormalKeylessAttestor, material: SigningMaterial): SignerFact['signer'] {
  const subject = typeof attestor.subject === 'string' ? attestor.subject : `${attestor.subject.workflow}@${someRef(attestor.subject.refs[0] ?? '')}`;
  const { sourceRepositoryRef: ref, ...bound } = attestor.certificate;
  const own = attestor.topLevel === undefined ? {} : { buildSignerUri: subject, buildConfigUri: subject, sourceRepositoryRef: subject.slice(subject.indexOf('@refs/') + 1) };
  const claims = certifiedClaims(attestor.issuer, subject, { ...own, ...bound, ...(ref === undefined ? {} : { sourceRepositoryRef: someRef(ref) }) });
  return { type: 'certificate', subject, subjectType: kindOfSubject(subject), issuer: attestor.issuer, claims, ...fingerprints([subject, attestor.issuer], material) };
}

function keySigner({ keys }: NormalKeyAttestor, time: number): SignerFact['signer'] {
  const key = keys.find((period) => isWithin(time, period)) ?? keys[0];
  return { type: 'key', fingerprint: keyFingerprint(key?.publicKey ?? '') };
}

function ownSigner({ subject, authority }: NormalCertificateAttestor, time: number, material: SigningMaterial): SignerFact['signer'] {
  const subjectType = certificateSubjectKind(subject);
  if (subjectType === undefined) {
    throw new Error(`${JSON.stringify(subject)} is no subject of a certificate`);
  }
  return { type: 'own-certificate', subject, subjectType, validFrom: time - HALF_AN_HOUR, validUntil: time + HALF_AN_HOUR, ...fingerprints([subject, authority], material) };
}

/** A ref that matches a pattern. */
function someRef(pattern: string): string {
  return pattern.replaceAll('*', '1');
}

function fingerprints(who: readonly string[], { certificate, key }: SigningMaterial): { fingerprints: string[]; key: string } {
  const made = (what: string): string => textDigest(canonicalJson([what, ...who]));
  return { fingerprints: [certificate ?? made('certificate')], key: key ?? made('key') };
}
