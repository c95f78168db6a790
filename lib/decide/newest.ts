import { madeAt } from './age';
import { Examined } from './examined';

/** That of several statements of one signer the newest decides, and which of them are compared. */
export interface Newest {
  /** Whether a statement may be of the kind that is looked for; the others change nothing. */
  readonly concerns: (examined: Examined) => boolean;
  /** Times that it states itself, in milliseconds since the epoch. */
  readonly stated: (examined: Examined) => readonly (number | undefined)[];
}

/**
 * Those that decide: the newest by trusted time, and the newest by what they say of themselves where that is earlier; usually one and the same.
 *
 * Where the two differ, an old statement was stamped again, or a new one states an old time: then both have to hold. Statements without a
 * trusted time are none of them.
 */
export function newestOf<T extends { readonly examined: Examined }>(rule: Newest, candidates: readonly T[]): T[] {
  const timed = candidates.flatMap((candidate) => {
    const trusted = candidate.examined.fact.times[0];
    const made = madeAt(candidate.examined, rule.stated(candidate.examined));
    return trusted === undefined || made === undefined || !rule.concerns(candidate.examined) ? [] : [{ candidate, trusted, made }];
  });
  const latest = timed.reduce((time, { trusted }) => Math.max(time, trusted), -Infinity);
  const latestMade = timed.reduce((time, { made }) => Math.max(time, made), -Infinity);
  return timed.filter(({ trusted, made }) => trusted === latest || made === latestMade).map(({ candidate }) => candidate);
}
