import { AttestationRequirement, PredicateChecks, PredicateCondition as PredicateConditionDocument } from '../policy/document';
import { defined } from './defined';
import { MultiPlatform } from './multi-platform';
import { inDocument, list, optional, Properties, required, struct } from './properties';
import { SUBJECT_RULES } from './subject-rules';
import { Demand } from './transparency';

/**
 * What must be true of a predicate.
 *
 * @example
 *
 * const condition: PredicateCondition = {
 *   expression: 'predicate.reviewers.exists(r, r.team == "security")',
 *   message: 'a review by the security team',
 * };
 */
export interface PredicateCondition {
  /**
   * In CEL over `predicate`, for example `predicate.reviewers.exists(r, r.team == "security")`. There are comparisons, logic, arithmetic, lists,
   * `has`, `size`, `startsWith`, `endsWith`, `contains`, `all`, `exists`, `exists_one`, `filter` and `map`; no patterns.
   */
  readonly expression: string;

  /**
   * What to say when it does not hold.
   *
   * @default - the expression itself
   */
  readonly message?: string;
}

/**
 * What every requirement on an attestation may say, whoever vouches for it and whatever it is about.
 *
 * @internal
 */
export interface AttestationOptions {
  /**
   * How many different attestors must vouch.
   *
   * @default 1
   */
  readonly threshold?: number;

  /**
   * What must be attested where the image is an index of images for several platforms.
   *
   * @default - what the policy says
   */
  readonly multiPlatform?: MultiPlatform;

  /**
   * Whether the attestation must name the repository that the image is asked for from.
   *
   * @default - what the policy says
   */
  readonly repository?: Demand;

  /**
   * What must moreover be true of the predicate; all of them. An error, and anything but true, is a refusal.
   *
   * @default - nothing
   */
  readonly conditions?: PredicateCondition[];
}

const CONDITION: Properties<PredicateCondition> = { expression: required(inDocument), message: optional(inDocument) };

export const ATTESTATION_OPTIONS: Properties<AttestationOptions> = {
  threshold: optional(inDocument), ...SUBJECT_RULES, conditions: optional(list(struct(CONDITION))),
};

/** The document of a requirement on one predicate type. */
export function attestationDocument(
  name: string, attestors: readonly string[], options: AttestationOptions, predicateType: string, checks?: PredicateChecks,
): AttestationRequirement {
  return defined<AttestationRequirement>({
    type: 'attestation',
    name,
    attestors: [...attestors],
    threshold: options.threshold,
    multiPlatform: options.multiPlatform,
    repository: options.repository,
    predicateType,
    checks,
    conditions: options.conditions?.map(({ expression, message }) => defined<PredicateConditionDocument>({ expression, message })),
  });
}
