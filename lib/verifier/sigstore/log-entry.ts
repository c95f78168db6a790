import { createPublicKey, X509Certificate } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import type { TrustMaterial } from '@sigstore/verify';
import { EvidenceFailure } from './failure';
import { base64, object, strictly } from './fields';
import { BUNDLE_LIMITS } from './limits';

/**
 * A log entry binds this very certificate or key: the library compares signature and payload, not who signed.
 *
 * @param signer - DER of the leaf certificate, or of the SubjectPublicKeyInfo
 * @throws EvidenceFailure NO_TRANSPARENCY
 */
export function checkEntrySigner(entry: TransparencyLogEntry, signer: Buffer): void {
  const { kind, version } = entry.kindVersion ?? { kind: '', version: '' };
  const body = object(strictly(entry.canonicalizedBody, 'a log entry'), 'a log entry');
  const spec = object(body.spec, 'a log entry\'s spec');
  let verifier: Buffer;
  switch (`${kind} ${version}`) {
    case 'hashedrekord 0.0.1': {
      const { content } = object(object(spec.signature, 'signature').publicKey, 'publicKey');
      verifier = derOf(base64(content, 'a log entry\'s verifier', BUNDLE_LIMITS.der).toString('latin1'));
      break;
    }
    case 'dsse 0.0.1': verifier = derOf(base64(object(only(spec.signatures), 'signature').verifier, 'a log entry\'s verifier', BUNDLE_LIMITS.der).toString('latin1')); break;
    case 'intoto 0.0.1': verifier = derOf(base64(spec.publicKey, 'a log entry\'s verifier', BUNDLE_LIMITS.der).toString('latin1')); break;
    case 'intoto 0.0.2': {
      const { envelope } = object(spec.content, 'content');
      verifier = derOf(base64(object(only(object(envelope, 'envelope').signatures), 'signature').publicKey, 'a log entry\'s verifier', BUNDLE_LIMITS.der).toString('latin1'));
      break;
    }
    case 'hashedrekord 0.0.2': verifier = rawVerifier(object(object(object(spec.hashedRekordV002, 'hashedRekordV002').signature, 'signature').verifier, 'verifier')); break;
    case 'dsse 0.0.2': verifier = rawVerifier(object(object(only(object(spec.dsseV002, 'dsseV002').signatures), 'signature').verifier, 'verifier')); break;
    default: throw new EvidenceFailure('UNSUPPORTED', `log entries of kind ${kind} ${version} are not judged`);
  }
  if (!verifier.equals(signer)) {
    throw new EvidenceFailure('NO_TRANSPARENCY', 'the log entry is about another certificate or key');
  }
}

/**
 * Root hash and tree size of the inclusion proof are those of its checkpoint: the library goes by the checkpoint alone and lets a
 * proof say anything else beside it.
 *
 * @throws EvidenceFailure NO_TRANSPARENCY
 */
export function checkProof({ inclusionProof, inclusionPromise }: TransparencyLogEntry): void {
  if (inclusionProof === undefined && inclusionPromise !== undefined) {
    // An entry of an older layout; of bundles a proof was asked for when they were read.
    return;
  }
  const [, size, root] = inclusionProof?.checkpoint?.envelope.split('\n') ?? [];
  if (inclusionProof?.treeSize !== size || inclusionProof?.rootHash.toString('base64') !== root) {
    throw new EvidenceFailure('NO_TRANSPARENCY', 'the proof of inclusion is about another tree than its checkpoint');
  }
}

/**
 * The logs under the names by which the entries' checkpoints were signed.
 *
 * The library wants the name beside a signature to be a part of the log's address, which in a trust root is how its operator reaches it. Who signed is
 * told by the log's id and key; the name has to be the one in the checkpoint's first line (C2SP tlog-checkpoint; Rekor v1 appends the id of its tree).
 */
export function underTheirNames(tlogs: TrustMaterial['tlogs'], entries: readonly TransparencyLogEntry[]): TrustMaterial['tlogs'] {
  const names = entries.flatMap(({ inclusionProof }) => signersOf(inclusionProof?.checkpoint?.envelope ?? ''));
  return tlogs.map((log) => ({ ...log, baseURL: names.join(' ') }));
}

/** Names of those who signed a checkpoint as the log that it is about. */
function signersOf(checkpoint: string): string[] {
  const [origin = ''] = checkpoint.split('\n', 1);
  const names = Array.from(checkpoint.matchAll(/^\u2014 (\S+) \S+$/gm), ([, name = '']) => name);
  return names.filter((name) => name === origin || origin.startsWith(`${name} - `));
}

/** The log was in use at each of these times; the library asks that only of entries with a signed promise. @throws EvidenceFailure */
export function checkLogWindow(entry: TransparencyLogEntry, tlogs: TrustMaterial['tlogs'], times: readonly Date[], trustRoot: string): void {
  const keyId = entry.logId?.keyId ?? Buffer.alloc(0);
  const logs = tlogs.filter((log) => log.logID.equals(keyId));
  const inUse = times.every((time) => logs.some(({ validFor: { start, end } }) => start <= time && time <= end));
  if (!inUse) {
    throw new EvidenceFailure('NO_TRANSPARENCY', `expected an entry in a log that the trust root ${trustRoot} names for the time of signing, found one in another log`);
  }
}

function only(value: unknown): never | Parameters<typeof object>[0] {
  if (!Array.isArray(value) || value.length !== 1) {
    throw new EvidenceFailure('NO_TRANSPARENCY', 'the log entry has not exactly one signature');
  }
  return value[0] as Parameters<typeof object>[0];
}

function rawVerifier(verifier: ReturnType<typeof object>): Buffer {
  const holder = verifier.x509Certificate ?? verifier.publicKey;
  return base64(object(holder, 'a log entry\'s verifier').rawBytes, 'a log entry\'s verifier', BUNDLE_LIMITS.der);
}

/** A PEM certificate or public key. */
function derOf(pem: string): Buffer {
  try {
    return pem.includes('CERTIFICATE') ? new X509Certificate(pem).raw : createPublicKey(pem).export({ type: 'spki', format: 'der' });
  } catch (error) {
    throw new EvidenceFailure('NO_TRANSPARENCY', 'the log entry names a signer that cannot be read', { cause: error });
  }
}
