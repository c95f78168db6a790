import { createHash, createPublicKey, KeyObject } from 'node:crypto';
import type { X509Certificate } from '@sigstore/core';
import { SignedEntity, toSignedEntity, TrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import { CryptographicCheck, CRYPTOGRAPHY } from '../../decide/check-names';
import { KeySigner, SignerFact, Unverified } from '../../decide/evidence';
import { describeSigner, isAttestor } from '../../decide/identity';
import { NormalAttestor, NormalCertificateAttestor, NormalKeyAttestor, NormalKeylessAttestor, NormalTransparency } from '../../policy/normal';
import { needsTime } from '../../policy/trusted-time';
import './asn1';
import { DecodedBundle } from './bundle';
import { readOwnSubject, readSigner } from './certificate';
import { EvidenceFailure } from './failure';
import { fingerprintsOf } from './fingerprints';
import { describeLibraryError } from './library-error';
import { checkEntrySigner, checkLogWindow, checkProof, underTheirNames } from './log-entry';
import { checkOlderIntoto, isOlderIntoto } from './older-intoto';
import { OwnAuthority } from './own-authority';
import { readPublicKey } from './public-key';
import { readCertificate } from './read-certificate';
import { remember } from './remember';
import { hashesFor } from './signature';

/**
 * Says what the cryptography says about a bundle under one attestor's trust anchor: who signed, when, and which checks held.
 *
 * Digest and predicate are not compared here, nor is the identity but to save work. Never throws: whatever goes wrong is an answer.
 *
 * @param only - where given, all attestors of the anchor: a certificate that names none of them is not checked @default - whoever signed
 */
export function verifyBundle(decoded: DecodedBundle, attestor: NormalAttestor, material: TrustMaterial, only?: readonly NormalAttestor[]): SignerFact | Unverified {
  try {
    if (decoded.failure !== undefined) {
      throw decoded.failure;
    }
    switch (attestor.type) {
      case 'keyless': return verifyKeyless(decoded, attestor, material, only);
      case 'key': return verifyKey(decoded, attestor, material);
      case 'certificate': return verifyOwnCertificate(decoded, attestor, material, only);
    }
  } catch (error) {
    return unverified(error, attestor.trustRoot);
  }
}

function verifyKeyless(decoded: DecodedBundle, { transparency, trustRoot }: NormalKeylessAttestor, material: TrustMaterial, only?: readonly NormalAttestor[]): SignerFact {
  if (decoded.leaf === undefined) {
    throw new EvidenceFailure('WRONG_IDENTITY', 'signed with a bare key; the policy wants a certificate');
  }
  const certificate = readCertificate(decoded.leaf).parsed;
  const signer = readSigner(certificate);
  requireOneOf(only, { ...signer, fingerprints: [], key: '' });
  remember(certificate);
  const whole = entityOf(decoded);
  const issued = isIssued(certificate, material);
  const entity = issued ? whole : briefly(whole);
  const withSct = transparency.sct === 'required';
  const key: SignedEntity['key'] = { $case: 'certificate', certificate: withSct ? certificate : withoutScts(certificate) };
  const tlogs = underTheirNames(material.tlogs, entity.tlogEntries);
  const verifier = new Verifier({ ...material, tlogs }, { ctlogThreshold: withSct ? 1 : 0, tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: 1 });
  check(verifier, { ...entity, key }, () => createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' }));
  if (!issued) {
    // The library said so before; what was looked at in part is never good.
    throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', `no authority of the trust root ${trustRoot} issued the certificate`);
  }
  const times = timesOf(entity, transparency.timestamp === 'required', trustRoot);
  checkEntries(entity, decoded, material, { signer: decoded.leaf, moments: times, trustRoot });
  if (times.length === 0) {
    throw new EvidenceFailure('NO_TRUSTED_TIME', `expected a time of signing by a timestamp authority or log of the trust root ${trustRoot}, found none`);
  }
  for (const time of times) {
    if (time < certificate.notBefore || time > certificate.notAfter) {
      throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', 'the certificate was not valid when it signed');
    }
  }
  return {
    verified: true,
    signer: { ...signer, ...fingerprintsOf(certificate, decoded.leaf) },
    times: sorted(times),
    checks: [...CERTIFIED, CRYPTOGRAPHY.validity, ...(withSct ? [CRYPTOGRAPHY.certificateTransparency] : []), ...sharedChecks(entity)],
  };
}

function verifyKey(decoded: DecodedBundle, { keys, transparency, trustRoot }: NormalKeyAttestor, material: TrustMaterial): SignerFact {
  if (decoded.leaf !== undefined) {
    throw new EvidenceFailure('WRONG_IDENTITY', 'signed with a certificate; the policy wants a key');
  }
  const entity = entityOf(decoded);
  const key = signingKey(keys, entity.signature);
  const spki = key.export({ type: 'spki', format: 'der' });
  const verifier = new Verifier(
    // The bundle's hint is the attacker's: whatever it says, exactly the configured keys are tried.
    { ...material, tlogs: underTheirNames(material.tlogs, entity.tlogEntries), publicKey: () => ({ publicKey: key, validFor: () => true }) },
    { tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: transparency.timestamp === 'required' ? 1 : 0 },
  );
  check(verifier, { ...entity, key: { $case: 'public-key', hint: '' } }, () => key);
  const times = timesOf(entity, transparency.timestamp === 'required', trustRoot);
  checkEntries(entity, decoded, material, { signer: spki, moments: times.length > 0 ? times : [new Date()], trustRoot });
  return {
    verified: true,
    signer: { type: 'key', fingerprint: `sha256:${createHash('sha256').update(spki).digest('hex')}` },
    times: sorted(times),
    checks: [CRYPTOGRAPHY.signature, ...sharedChecks(entity)],
  };
}

/** The one of a party's keys whose signature it is, before logs and timestamps are looked at: those of a stranger's signature cost most and prove nothing. */
function signingKey(keys: NormalKeyAttestor['keys'], signature: SignedEntity['signature']): KeyObject {
  const key = keys.map(({ publicKey }) => readPublicKey(publicKey)).find((candidate) => signature.verifySignature(candidate));
  if (key === undefined) {
    throw new EvidenceFailure('INVALID_SIGNATURE', 'the signature is not one of this statement by the key that the policy names');
  }
  return key;
}

/** What the certificate says of itself is no proof of anything, but enough to know for whom it cannot count. */
function requireOneOf(only: readonly NormalAttestor[] | undefined, signer: Exclude<SignerFact['signer'], KeySigner>): void {
  if (only !== undefined && !only.some((attestor) => attestor.type !== 'key' && isAttestor(attestor, signer))) {
    throw new EvidenceFailure('WRONG_IDENTITY', `found a certificate that names ${describeSigner(signer)}, which was not checked, since the policy does not name that signer`);
  }
}

/**
 * Whether some certificate of the trust root signed this one, without which the library finds no chain: anybody can make one that names somebody
 * else. Whether the chain holds, and held at the time of signing, is for the library.
 */
function isIssued(certificate: X509Certificate, { certificateAuthorities }: TrustMaterial): boolean {
  return certificateAuthorities.some(({ certChain }) => certChain.some((issuer) => issuer.subject.equals(certificate.issuer) && isSignedBy(certificate, issuer)));
}

/** As much of an entity that is refused in any case as says why: timestamps cost most, and genuine ones of anything are free to whoever asks. */
function briefly(entity: SignedEntity): SignedEntity {
  const first = entity.timestamps.find(({ $case }) => $case === 'timestamp-authority');
  return { ...entity, timestamps: entity.timestamps.filter((timestamp) => timestamp.$case !== 'timestamp-authority' || timestamp === first) };
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer);
  } catch {
    // A key or algorithm that does not fit; to the library, too, this is no issuer.
    return false;
  }
}

/** The authority is the policy's; of the trust root, its logs and timestamp authorities count. */
function verifyOwnCertificate(decoded: DecodedBundle, attestor: NormalCertificateAttestor, material: TrustMaterial, only?: readonly NormalAttestor[]): SignerFact {
  const { transparency, trustRoot } = attestor;
  const { leaf } = decoded;
  if (leaf === undefined) {
    throw new EvidenceFailure('WRONG_IDENTITY', 'signed with a bare key; the policy wants a certificate');
  }
  const certificate = readCertificate(leaf).parsed;
  const subject = readOwnSubject(certificate);
  requireOneOf(only, { type: 'own-certificate', ...subject, fingerprints: [], key: '', validFrom: 0, validUntil: 0 });
  const paths = OwnAuthority.of(attestor.authority).paths(leaf, decoded.brought);
  const key = createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' });
  if (hashesFor(key).length === 0) {
    throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', 'the certificate has a key that is not supported or can be broken');
  }
  const entity = entityOf(decoded);
  const isTimed = needsTime(attestor);
  const verifier = new Verifier(
    { ...material, tlogs: underTheirNames(material.tlogs, entity.tlogEntries), publicKey: () => ({ publicKey: key, validFor: () => true }) },
    { tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: isTimed ? 1 : 0 },
  );
  check(verifier, { ...entity, key: { $case: 'public-key', hint: '' } }, () => key);
  const times = timesOf(entity, transparency.timestamp === 'required', trustRoot);
  if (isTimed && times.length === 0) {
    throw new EvidenceFailure('NO_TRUSTED_TIME', `expected a time of signing by a timestamp authority or log of the trust root ${trustRoot}, found none`);
  }
  const moments = times.length > 0 ? times : [new Date()];
  checkEntries(entity, decoded, material, { signer: leaf, moments, trustRoot });
  const path = paths.find(({ from, until }) => moments.every((moment) => from <= moment.getTime() && moment.getTime() <= until));
  if (path === undefined) {
    throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', times.length > 0 ? 'the certificate was not valid when it signed'
      : 'the certificate is not valid now, and no trusted time says when it signed');
  }
  return {
    verified: true,
    signer: { type: 'own-certificate', ...subject, ...fingerprintsOf(certificate, leaf), validFrom: path.from, validUntil: path.until },
    times: sorted(times),
    checks: [...CERTIFIED, ...(times.length > 0 ? [CRYPTOGRAPHY.validity] : []), ...sharedChecks(entity)],
  };
}

/** The library compares the log's entry first; of a changed statement the finding that matters is that nobody signed it. */
function check(verifier: Verifier, entity: SignedEntity, key: () => KeyObject): void {
  try {
    verifier.verify({ ...entity, tlogEntries: entity.tlogEntries.filter((entry) => !isOlderIntoto(entry)) });
  } catch (error) {
    if (error instanceof VerificationError && error.code.startsWith('TLOG') && !entity.signature.verifySignature(key())) {
      throw new EvidenceFailure('INVALID_SIGNATURE', 'the signature is not one of this statement', { cause: error });
    }
    throw error;
  }
}

/** How many entries the library has to find; one that it cannot read is checked here. */
function entriesNeeded({ log }: NormalTransparency, { tlogEntries }: SignedEntity): number {
  return log === 'required' && !tlogEntries.some(isOlderIntoto) ? 1 : 0;
}

interface EntryContext {
  /** DER of the certificate or key that signed. */
  readonly signer: Buffer;
  /** When it signed, as far as is known. */
  readonly moments: readonly Date[];
  readonly trustRoot: string;
}

/** What the library leaves open about each log entry, whoever signed. @throws EvidenceFailure */
function checkEntries({ tlogEntries }: SignedEntity, { layer }: DecodedBundle, { tlogs }: TrustMaterial, { signer, moments, trustRoot }: EntryContext): void {
  for (const entry of tlogEntries) {
    if (isOlderIntoto(entry)) {
      checkOlderIntoto(entry, layer, tlogs);
    }
    checkProof(entry);
    checkEntrySigner(entry, signer);
    checkLogWindow(entry, tlogs, moments, trustRoot);
  }
}

/** The bundle as the library sees it, with a signature that knows more hashes. */
function entityOf({ bundle, signature }: DecodedBundle): SignedEntity {
  return { ...toSignedEntity(bundle), signature };
}

/** Verified times: every timestamp and every promise of a log was checked before, or is checked after this is asked. */
function timesOf({ timestamps }: SignedEntity, needsAuthority: boolean, trustRoot: string): Date[] {
  const byAuthority = timestamps.flatMap((entry) => (entry.$case === 'timestamp-authority' ? [entry.timestamp.signingTime] : []));
  const byLog = timestamps.flatMap((entry) => (entry.$case === 'transparency-log' && entry.tlogEntry.inclusionPromise !== undefined
    ? [new Date(Number(entry.tlogEntry.integratedTime) * 1000)] : []));
  if (needsAuthority && byAuthority.length === 0) {
    throw new EvidenceFailure('NO_TRUSTED_TIME', `expected a time of signing by a timestamp authority of the trust root ${trustRoot}, found none`);
  }
  return [...byAuthority, ...byLog];
}

const CERTIFIED = [CRYPTOGRAPHY.signature, CRYPTOGRAPHY.chain, CRYPTOGRAPHY.codeSigning] as const;

function sharedChecks({ tlogEntries, timestamps }: SignedEntity): CryptographicCheck[] {
  return [
    ...(tlogEntries.length > 0 ? [CRYPTOGRAPHY.logInclusion, CRYPTOGRAPHY.logSigner] : []),
    ...(timestamps.some(({ $case }) => $case === 'timestamp-authority') ? [CRYPTOGRAPHY.timestamp] : []),
  ];
}

/**
 * The library checks every embedded SCT, even where none is needed, and fails on those of logs it does not know; a copy
 * without extensions gives it none to check. The chain and the signer are read from the certificate itself.
 */
function withoutScts(certificate: X509Certificate): X509Certificate {
  Object.defineProperty(certificate, 'clone', { value: () => ({ extensions: [] }) });
  return certificate;
}

function sorted(times: readonly Date[]): number[] {
  return times.map((time) => time.getTime()).sort((a, b) => a - b);
}

function unverified(error: unknown, trustRoot: string): Unverified {
  if (error instanceof EvidenceFailure) {
    return { verified: false, code: error.code, message: error.message };
  }
  if (error instanceof VerificationError) {
    return describeLibraryError(error, trustRoot);
  }
  // Parsers of the library throw errors of their own on hostile bytes.
  return { verified: false, code: 'MALFORMED', message: 'the bundle holds a certificate, timestamp or log entry that cannot be read' };
}
