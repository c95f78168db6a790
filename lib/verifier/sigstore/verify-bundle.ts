import { createHash, createPublicKey, KeyObject } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import { X509Certificate } from '@sigstore/core';
import { SignedEntity, toSignedEntity, TrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import { SignerFact, Unverified } from '../../decide/evidence';
import { NormalAttestor, NormalKeyAttestor, NormalKeylessAttestor, NormalTransparency } from '../../policy/normal';
import { DecodedBundle } from './bundle';
import { readSigner } from './certificate';
import { EvidenceFailure } from './failure';
import { describeLibraryError } from './library-error';
import { checkEntrySigner, checkLogWindow, checkProof, underTheirNames } from './log-entry';
import { checkOlderIntoto, isOlderIntoto } from './older-intoto';
import { readPublicKey } from './public-key';
import { remember } from './remember';

/**
 * Says what the cryptography says about a bundle under one attestor's trust anchor: who signed, when, and which checks held.
 *
 * Identity, digest and predicate are not compared here. Never throws: whatever goes wrong is an answer.
 */
export function verifyBundle(decoded: DecodedBundle, attestor: NormalAttestor, material: TrustMaterial): SignerFact | Unverified {
  try {
    if (decoded.failure !== undefined) {
      throw decoded.failure;
    }
    return attestor.type === 'keyless' ? verifyKeyless(decoded, attestor, material) : verifyKey(decoded, attestor, material);
  } catch (error) {
    return unverified(error, attestor.trustRoot);
  }
}

function verifyKeyless(decoded: DecodedBundle, { transparency, trustRoot }: NormalKeylessAttestor, material: TrustMaterial): SignerFact {
  if (decoded.leaf === undefined) {
    throw new EvidenceFailure('WRONG_IDENTITY', 'signed with a bare key; the policy wants a certificate');
  }
  const certificate = remember(X509Certificate.parse(decoded.leaf as Buffer<ArrayBuffer>));
  const signer = readSigner(certificate);
  const entity = entityOf(decoded);
  const withSct = transparency.sct === 'required';
  const key: SignedEntity['key'] = { $case: 'certificate', certificate: withSct ? certificate : withoutScts(certificate) };
  const tlogs = underTheirNames(material.tlogs, entity.tlogEntries);
  const verifier = new Verifier({ ...material, tlogs }, { ctlogThreshold: withSct ? 1 : 0, tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: 1 });
  check(verifier, { ...entity, key }, () => createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' }));
  const times = timesOf(entity, transparency.timestamp === 'required', trustRoot);
  entity.tlogEntries.forEach((entry) => {
    checkPromised(entry, decoded, material);
    checkProof(entry);
    checkEntrySigner(entry, decoded.leaf ?? Buffer.alloc(0));
    checkLogWindow(entry, material.tlogs, times, trustRoot);
  });
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
    signer,
    times: sorted(times),
    checks: ['signature', 'certificate-chain', 'code-signing', 'time-in-validity', ...(withSct ? ['certificate-transparency'] : []), ...sharedChecks(entity)],
  };
}

function verifyKey(decoded: DecodedBundle, { publicKey, transparency, trustRoot }: NormalKeyAttestor, material: TrustMaterial): SignerFact {
  if (decoded.leaf !== undefined) {
    throw new EvidenceFailure('WRONG_IDENTITY', 'signed with a certificate; the policy wants a key');
  }
  const key = readPublicKey(publicKey);
  const spki = key.export({ type: 'spki', format: 'der' });
  const entity = entityOf(decoded);
  const verifier = new Verifier(
    // The bundle's hint is the attacker's: whatever it says, exactly the configured key is tried.
    { ...material, tlogs: underTheirNames(material.tlogs, entity.tlogEntries), publicKey: () => ({ publicKey: key, validFor: () => true }) },
    { tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: transparency.timestamp === 'required' ? 1 : 0 },
  );
  check(verifier, { ...entity, key: { $case: 'public-key', hint: '' } }, () => key);
  const times = timesOf(entity, transparency.timestamp === 'required', trustRoot);
  entity.tlogEntries.forEach((entry) => {
    checkPromised(entry, decoded, material);
    checkProof(entry);
    checkEntrySigner(entry, spki);
    checkLogWindow(entry, material.tlogs, times.length > 0 ? times : [new Date()], trustRoot);
  });
  return {
    verified: true,
    signer: { type: 'key', fingerprint: `sha256:${createHash('sha256').update(spki).digest('hex')}` },
    times: sorted(times),
    checks: ['signature', ...sharedChecks(entity)],
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

function checkPromised(entry: TransparencyLogEntry, { layer }: DecodedBundle, { tlogs }: TrustMaterial): void {
  if (isOlderIntoto(entry)) {
    checkOlderIntoto(entry, layer, tlogs);
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

function sharedChecks({ tlogEntries, timestamps }: SignedEntity): string[] {
  return [
    ...(tlogEntries.length > 0 ? ['log-inclusion', 'log-binds-signer'] : []),
    ...(timestamps.some(({ $case }) => $case === 'timestamp-authority') ? ['timestamp'] : []),
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
