import { AttestationRequirement } from '../policy/document';
import { defined } from './defined';
import { Check, inDocument, optional, Properties, required } from './properties';

/**
 * Which attestation must be there, whoever vouches for it.
 *
 * @internal
 */
export interface AttestationDemand {
  /**
   * The in-toto predicate type, compared byte for byte, for example `https://spdx.dev/Document`. For a SLSA provenance use an
   * `SlsaProvenanceRequirement`, which also looks at what it says.
   */
  readonly predicateType: string;

  /**
   * How many different attestors must vouch.
   *
   * @default 1
   */
  readonly threshold?: number;
}

/** A provenance that is only there may be that of any build of any source. */
const checkPredicateType: Check = (field) => {
  if (field.value === 'https://slsa.dev/provenance/v1') {
    field.problem('is that of a SLSA provenance, whose builder and source nothing here would look at: use an SlsaProvenanceRequirement');
  }
};

export const ATTESTATION: Properties<AttestationDemand> = { predicateType: required(checkPredicateType), threshold: optional(inDocument) };

/** The document's form. */
export function attestationRequirement(name: string, attestors: readonly string[], { predicateType, threshold }: AttestationDemand): AttestationRequirement {
  return defined<AttestationRequirement>({ type: 'attestation', name, attestors: [...attestors], threshold, predicateType, checks: undefined });
}
