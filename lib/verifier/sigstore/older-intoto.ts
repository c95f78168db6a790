import { createHash } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import { crypto } from '@sigstore/core';
import type { TrustMaterial } from '@sigstore/verify';
import { EvidenceFailure } from './failure';
import { object, strictly } from './fields';

/** Whether it is of the kind under which cosign 1, and cosign 2 where told to, logged attestations; the library knows only the next version. */
export function isOlderIntoto({ kindVersion }: TransparencyLogEntry): boolean {
  return kindVersion?.kind === 'intoto' && kindVersion.version === '0.0.1';
}

/**
 * A log promised an entry about exactly this envelope: its SHA-256, which covers statement and signature, is the one that was logged (Rekor,
 * `intoto_v0_0_1_schema.json`), and the promise is signed by a log of the trust root. Who signed, and whether the log
 * was trusted then, is compared elsewhere, as for every entry.
 *
 * @param envelope - the bytes that were uploaded; only the older layout has them, a bundle holds the envelope in another spelling
 * @throws EvidenceFailure NO_TRANSPARENCY, UNSUPPORTED
 */
export function checkOlderIntoto(entry: TransparencyLogEntry, envelope: Buffer | undefined, tlogs: TrustMaterial['tlogs']): void {
  if (envelope === undefined) {
    throw new EvidenceFailure('UNSUPPORTED', 'log entries of kind intoto 0.0.1 are judged beside the envelope that was uploaded only; attest again');
  }
  const { kind, apiVersion, spec } = object(strictly(entry.canonicalizedBody, 'a log entry'), 'a log entry');
  const { hash } = object(object(spec, 'a log entry\'s spec').content, 'a log entry\'s content');
  const { algorithm, value } = object(hash, 'a log entry\'s hash');
  if (kind !== 'intoto' || apiVersion !== '0.0.1' || algorithm !== 'sha256' || value !== createHash('sha256').update(envelope).digest('hex')) {
    throw new EvidenceFailure('NO_TRANSPARENCY', 'expected a log entry about this envelope, found one about another');
  }
  if (!isPromised(entry, tlogs)) {
    throw new EvidenceFailure('NO_TRANSPARENCY', 'expected a log of the trust root to have promised this entry, found a promise that is by none of them or of another entry');
  }
}

/** The signed entry timestamp covers the canonical JSON (RFC 8785) of these four, whose texts are base64 and hexadecimal. */
function isPromised({ canonicalizedBody, integratedTime, logIndex, logId, inclusionPromise }: TransparencyLogEntry, tlogs: TrustMaterial['tlogs']): boolean {
  const keyId = logId?.keyId ?? Buffer.alloc(0);
  const promised = JSON.stringify({ body: canonicalizedBody.toString('base64'), integratedTime: Number(integratedTime), logID: keyId.toString('hex'), logIndex: Number(logIndex) });
  return tlogs.some(({ logID, publicKey }) => logID.equals(keyId) && inclusionPromise !== undefined
    && crypto.verify(Buffer.from(promised), publicKey, inclusionPromise.signedEntryTimestamp));
}
