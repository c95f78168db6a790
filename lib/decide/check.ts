import { CheckName } from './check-names';
import { ReasonCode } from './reason';

/**
 * How close a piece of evidence came to what is required, from nothing at all to all but the last check.
 *
 * Of all pieces that fall short, the closest one tells a developer most about what to do.
 */
export const CLOSENESS = {
  nothing: 0,
  unsupported: 1,
  otherPredicate: 2,
  unreadable: 3,
  unverified: 4,
  otherSubject: 5,
  otherSigner: 6,
  halfSigner: 7,
  otherClaim: 8,
  otherTime: 9,
  otherRepository: 10,
  otherAnnotation: 11,
  otherContent: 12,
  denied: 13,
} as const;

/** Why a piece of evidence does not do. */
export interface Shortfall {
  readonly code: ReasonCode;
  readonly closeness: number;
  /** What was expected and what was found, in one line of printable ASCII. */
  readonly message: string;
}

/** One comparison between evidence and policy, named for the proof. */
export interface Check<T> {
  readonly name: CheckName;
  /** False when there is nothing to compare; then the check does not count as made. @default - always */
  readonly applies?: (subject: T) => boolean;
  /** `undefined` when the check holds. */
  readonly shortfall: (subject: T) => Shortfall | undefined;
}

/** The checks that were made and held, and the first one that did not. */
export interface Checked {
  readonly held: readonly CheckName[];
  readonly shortfall?: Shortfall;
}

/** Makes the checks in order and stops at the first that does not hold. */
export function runChecks<T>(checks: readonly Check<T>[], subject: T): Checked {
  const held: CheckName[] = [];
  for (const check of checks) {
    if (check.applies !== undefined && !check.applies(subject)) {
      continue;
    }
    const shortfall = check.shortfall(subject);
    if (shortfall !== undefined) {
      return { held, shortfall };
    }
    held.push(check.name);
  }
  return { held };
}
