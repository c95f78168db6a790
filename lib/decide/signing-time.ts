import { needsTime } from '../policy/trusted-time';
import { NormalAttestor } from '../policy/normal';
import { Check, CLOSENESS, Shortfall } from './check';
import { CHECKS } from './check-names';
import { SignerFact } from './evidence';
import { Examined } from './examined';

/** Milliseconds that a trusted clock may be ahead of ours. */
export const CLOCK_TOLERANCE = 60_000;

/**
 * The signature was made at a verified time, and none of its times is in the future.
 *
 * Where the attestor demands none, a certificate has to be valid now.
 */
export function signingTimeCheck(attestor: NormalAttestor): Check<Examined> {
  const isTimeNeeded = needsTime(attestor);
  return {
    // An allow says so where nobody demanded a time.
    name: attestor.transparency.untimed === undefined ? CHECKS.signingTime : CHECKS.untimed,
    shortfall: ({ fact, now }) => {
      if (isTimeNeeded && fact.times.length === 0) {
        return untimed('expected a signature with a trusted time, found one without');
      }
      // Written so that a time that is not a number falls short, too.
      const early = fact.times.find((time) => !(time <= now + CLOCK_TOLERANCE));
      if (early !== undefined) {
        return untimed(`expected a signature of the past, found one made at ${instant(early)}, in the future`);
      }
      return fact.times.length > 0 || isValid(fact.signer, now) ? undefined : {
        code: 'UNTRUSTED_CERTIFICATE', closeness: CLOSENESS.unverified,
        message: 'expected a certificate that is valid now, since no time of signing is demanded; found one that is not',
      };
    },
  };
}

function isValid(signer: SignerFact['signer'], now: number): boolean {
  return signer.type !== 'own-certificate' || (signer.validFrom <= now && now <= signer.validUntil);
}

function untimed(message: string): Shortfall {
  return { code: 'NO_TRUSTED_TIME', closeness: CLOSENESS.unverified, message };
}

function instant(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'an unreadable time' : date.toISOString();
}
