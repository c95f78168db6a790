import { AttestationRequirement, VerificationSummaryChecks } from '../policy/document';
import { VERIFICATION_SUMMARY } from '../policy/predicate-types';
import { ATTESTATION_OPTIONS, attestationDocument, AttestationOptions } from './attestation-options';
import { defined } from './defined';
import { inDocument, optional, Properties, required } from './properties';

/**
 * Whose judgement about what must be there, whoever vouches for it.
 *
 * @internal
 */
export interface VerificationSummaryDemand extends AttestationOptions {
  /** The verifier's id, exact: together with the attestor it says whose judgement counts. */
  readonly verifierId: string;

  /** What the verifier may have judged, exact values of `resourceUri`. */
  readonly resourceUris: string[];

  /** Levels that must have been verified, such as `SLSA_BUILD_LEVEL_2`; a higher level of the same SLSA track stands for the lower ones. */
  readonly levels: string[];

  /** How long ago the verifier may have judged, such as `12h` or `30d`; 366 days at most. */
  readonly maxAge: string;

  /**
   * Digest of the policy that the verifier applied, `sha256:…`.
   *
   * @default - whichever it applied
   */
  readonly policyDigest?: string;
}

export const SUMMARY: Properties<VerificationSummaryDemand> = {
  ...ATTESTATION_OPTIONS,
  verifierId: required(inDocument),
  resourceUris: required(inDocument),
  levels: required(inDocument),
  maxAge: required(inDocument),
  policyDigest: optional(inDocument),
};

/** The document's form. */
export function verificationSummaryRequirement(name: string, attestors: readonly string[], demand: VerificationSummaryDemand): AttestationRequirement {
  return attestationDocument(name, attestors, demand, VERIFICATION_SUMMARY, defined<VerificationSummaryChecks>({
    type: 'verification-summary',
    verifierId: demand.verifierId,
    resourceUris: demand.resourceUris,
    levels: demand.levels,
    maxAge: demand.maxAge,
    policyDigest: demand.policyDigest,
  }));
}
