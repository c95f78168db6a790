import { parseAge } from '../policy/age';
import { Examined } from './examined';

/**
 * When something was made at the latest, in milliseconds since the epoch: its earliest trusted time, or what it says of itself where that is
 * earlier still; `undefined` without a trusted time.
 *
 * Whoever signs can write any time, and who passes it on can have it stamped again: neither makes it younger.
 */
export function madeAt({ fact }: Examined, stated: readonly (number | undefined)[]): number | undefined {
  const trusted = fact.times[0];
  return trusted === undefined ? undefined : Math.min(trusted, ...stated.filter((time) => time !== undefined));
}

/** Whether something that was made at an instant is older than a policy allows. */
export function isOlder(made: number, maxAge: string, now: number): boolean {
  // Written so that a time that is not a number is too old.
  return !(now - made <= parseAge(maxAge));
}

/** An instant for a message. */
export function showInstant(time: number): string {
  return new Date(time).toISOString();
}
