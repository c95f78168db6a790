import { NormalAttestor } from '../policy/normal';
import { Check, CLOSENESS, Shortfall } from './check';
import { CHECKS } from './check-names';
import { Examined } from './examined';

/** Milliseconds that a trusted clock may be ahead of ours. */
export const CLOCK_TOLERANCE = 60_000;

/**
 * The signature was made at a verified time, and none of its times is in the future.
 *
 * Only a key needs no time, as it has no end, unless its attestor demands a timestamp.
 */
export function signingTimeCheck(attestor: NormalAttestor): Check<Examined> {
  const isTimeNeeded = attestor.type === 'keyless' || attestor.transparency.timestamp === 'required';
  return {
    name: CHECKS.signingTime,
    shortfall: ({ fact, now }) => {
      if (isTimeNeeded && fact.times.length === 0) {
        return untimed('expected a signature with a trusted time, found one without');
      }
      // Written so that a time that is not a number falls short, too.
      const early = fact.times.find((time) => !(time <= now + CLOCK_TOLERANCE));
      return early === undefined ? undefined : untimed(`expected a signature of the past, found one made at ${instant(early)}, in the future`);
    },
  };
}

function untimed(message: string): Shortfall {
  return { code: 'NO_TRUSTED_TIME', closeness: CLOSENESS.unverified, message };
}

function instant(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'an unreadable time' : date.toISOString();
}
