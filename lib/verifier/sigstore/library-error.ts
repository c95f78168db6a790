import { VerificationError } from '@sigstore/verify';
import { Unverified } from '../../decide/evidence';
import { ReasonCode } from '../../decide/reason';

/**
 * What an error of the verification library means to somebody who does not know the library: what was compared, and with which trust root.
 *
 * The commonest one is an image of another Sigstore instance than the policy names.
 *
 * @param trustRoot - its name, as the policy says it
 */
export function describeLibraryError(error: VerificationError, trustRoot: string): Unverified {
  const code = error.message.includes('SCT') ? 'NO_TRANSPARENCY' : CODES.find(([prefix]) => error.code.startsWith(prefix))?.[1];
  const words = WORDS.find(([pattern]) => pattern.test(error.message))?.[1];
  return { verified: false, code: code ?? 'INVALID_SIGNATURE', message: words?.(`the trust root ${trustRoot}`) ?? `${error.message} (by the trust root ${trustRoot})` };
}

const CODES: ReadonlyArray<readonly [prefix: string, code: ReasonCode]> = [
  ['TIMESTAMP', 'NO_TRUSTED_TIME'],
  ['CERTIFICATE', 'UNTRUSTED_CERTIFICATE'],
  ['PUBLIC_KEY', 'WRONG_IDENTITY'],
  ['TLOG', 'NO_TRANSPARENCY'],
  ['SIGNATURE', 'INVALID_SIGNATURE'],
];

/** By the library's message, the first that fits. */
const WORDS: ReadonlyArray<readonly [pattern: RegExp, words: (root: string) => string]> = [
  [/^Failed to verify certificate chain/, (root) => `expected a certificate that an authority of ${root} issued, for the time of signing; found one that none of them did`],
  [/^SCT verification failed/, (root) => `expected the certificate's proof of its own logging (SCT) to be by a certificate log of ${root}, found one that is by none of them or of another certificate`],
  [/^expected \d+ SCTs/, () => 'expected a certificate with a proof of its own logging (SCT), found none'],
  [/^timestamp could not be verified|^invalid certificate chain/, (root) => `expected a timestamp of this signature by an authority of ${root}, found one that none of them vouches for`],
  [/^expected \d+ timestamps/, (root) => `expected a time of signing by a timestamp authority or log of ${root}, found none`],
  [/^duplicate timestamp/, () => 'expected each timestamp once, found one twice'],
  [/^invalid checkpoint signature|^(malformed|no|missing|too few lines in) .*checkpoint/, (root) => `expected a checkpoint signed by a log of ${root}, found none`],
  [/^inclusion promise/, (root) => `expected a log of ${root} to have promised this entry, found a promise that is by none of them or of another entry`],
  [/^inclusion could not be verified/, () => 'expected a proof that the log includes the entry, found none'],
  [/^calculated root hash|^invalid (hash count|inclusion proof|index|checkpoint log size)/, () => 'expected a proof that leads from the entry to the log\'s checkpoint, found one that does not'],
  [/^expected \d+ tlog entries/, (root) => `expected an entry in a transparency log of ${root}, found none`],
  [/^duplicate tlog entry/, () => 'expected each log entry once, found one twice'],
  [/^signature count mismatch/, () => 'expected a log entry with one signature, found another number'],
  [/^(tlog entry )?signature mismatch/, () => 'expected a log entry about the bundle\'s signature, found one about another signature'],
  [/^(digest|DSSE payload hash) mismatch/, () => 'expected a log entry about the bundle\'s statement, found one about another statement'],
  [/^kind\/version mismatch|^unsupported|^missing dsse spec|^invalid canonicalized body/, () => 'expected a log entry of a kind that can be judged, found one of another kind or under a wrong label'],
  [/^signature verification failed/, () => 'expected a signature of the statement by the bundle\'s signer, found one that is not'],
];
