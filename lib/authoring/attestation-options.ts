import { AttestationRequirement, PredicateChecks } from '../policy/document';
import { defined } from './defined';
import { inDocument, optional, Properties } from './properties';

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
}

export const ATTESTATION_OPTIONS: Properties<AttestationOptions> = { threshold: optional(inDocument) };

/** The document of a requirement on one predicate type. */
export function attestationDocument(name: string, attestors: readonly string[], options: AttestationOptions, predicateType: string, checks?: PredicateChecks): AttestationRequirement {
  return defined<AttestationRequirement>({
    type: 'attestation',
    name,
    attestors: [...attestors],
    threshold: options.threshold,
    predicateType,
    checks,
  });
}
