import { CRYPTOGRAPHY } from '../decide/check-names';
import { SignerFact, Unverified } from '../decide/evidence';
import { ReasonCode } from '../decide/reason';
import { keyFingerprint } from '../decide/key-fingerprint';
import { NormalAttestor } from '../policy/normal';
import { needsTime } from '../policy/trusted-time';
import { DescribedSigner } from './signer';

/**
 * What stands beside a signature.
 *
 * @example
 *
 * signedBy(release).withWitnesses({ log: false, timestamp: true });
 */
export interface Witnesses {
  /** An entry in a transparency log that promised it, which is a time as well. */
  readonly log: boolean;
  /** A timestamp by an authority. */
  readonly timestamp: boolean;
  /** The certificate's proof of its own logging. */
  readonly sct: boolean;
}

/** A signature that holds, by whom, when and with which witnesses. */
export interface DescribedSignature extends DescribedSigner, Witnesses {
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/**
 * What the verifier's cryptography would say about a signature that is as described, under one attestor's trust anchor.
 *
 * The order of the findings is that of `verifyBundle`, and the verdicts of both are compared in the tests. Instances are the same when their names are.
 */
export function factUnder(attestor: NormalAttestor, signature: DescribedSignature): SignerFact | Unverified {
  return strangerTo(attestor, signature) ?? unwitnessed(attestor, signature) ?? {
    verified: true,
    signer: signature.signer,
    times: timesOf(signature),
    checks: [CRYPTOGRAPHY.signature, ...(signature.signer.type === 'key' ? [] : [CRYPTOGRAPHY.chain, CRYPTOGRAPHY.codeSigning])],
  };
}

/** The signer is of another kind, or nobody that the anchor vouches for. */
function strangerTo(attestor: NormalAttestor, { signer, trustRoot, authority, timestamp, log, sct }: DescribedSignature): Unverified | undefined {
  const isForeign = trustRoot !== attestor.trustRoot;
  if (attestor.type === 'key') {
    if (signer.type !== 'key') {
      return unverified('WRONG_IDENTITY', 'expected a signature by a key, found one with a certificate');
    }
  } else if (signer.type === 'key') {
    return unverified('WRONG_IDENTITY', 'expected a signature with a certificate, found one by a bare key');
  }
  if (attestor.type === 'certificate' && !(signer.type === 'own-certificate' && authority === attestor.authority)) {
    return unverified('UNTRUSTED_CERTIFICATE', 'expected a certificate that the authority of the policy issued, found one that it did not');
  }
  if (isForeign && timestamp) {
    return unverified('NO_TRUSTED_TIME', `expected a timestamp by an authority of the trust root ${attestor.trustRoot}, found one by ${trustRoot}`);
  }
  if (attestor.type === 'keyless') {
    if (!log && !timestamp) {
      return untimed(attestor);
    }
    if (isForeign || signer.type !== 'certificate') {
      return unverified('UNTRUSTED_CERTIFICATE', `expected a certificate that an authority of the trust root ${attestor.trustRoot} issued, found one by ${signer.type === 'certificate' ? trustRoot : 'another authority'}`);
    }
    return sct || attestor.transparency.sct !== 'required' ? undefined : unverified('NO_TRANSPARENCY', 'expected a certificate with a proof of its own logging (SCT), found none');
  }
  if (attestor.type === 'key' && signer.type === 'key' && !attestor.keys.some(({ publicKey }) => keyFingerprint(publicKey) === signer.fingerprint)) {
    return attestor.transparency.timestamp === 'required' && !timestamp && !log ? untimed(attestor) : unverified('INVALID_SIGNATURE', `expected a signature by a key of the policy, found one by ${signer.fingerprint}`);
  }
  return isForeign && log ? unverified('NO_TRANSPARENCY', `expected an entry in a log of the trust root ${attestor.trustRoot}, found one of ${trustRoot}`) : undefined;
}

/** A witness that the anchor demands is missing. */
function unwitnessed(attestor: NormalAttestor, { log, timestamp }: DescribedSignature): Unverified | undefined {
  const { transparency } = attestor;
  if (needsTime(attestor) && !log && !timestamp) {
    return untimed(attestor);
  }
  if (transparency.log === 'required' && !log) {
    return unverified('NO_TRANSPARENCY', `expected an entry in a transparency log of the trust root ${attestor.trustRoot}, found none`);
  }
  return transparency.timestamp === 'required' && !timestamp ? untimed(attestor) : undefined;
}

function timesOf({ time, log, timestamp }: DescribedSignature): number[] {
  return [...(timestamp ? [time] : []), ...(log ? [time] : [])];
}

function untimed({ trustRoot }: NormalAttestor): Unverified {
  return unverified('NO_TRUSTED_TIME', `expected a time of signing by a timestamp authority or log of the trust root ${trustRoot}, found none`);
}

function unverified(code: ReasonCode, message: string): Unverified {
  return { verified: false, code, message };
}
