import { AttestationRequirement } from '../policy/document';
import { READABLE } from '../policy/predicate-types';
import { ATTESTATION_OPTIONS, attestationDocument, AttestationOptions } from './attestation-options';
import { Check, Properties, required } from './properties';

/**
 * Which attestation must be there, whoever vouches for it.
 *
 * @internal
 */
export interface AttestationDemand extends AttestationOptions {
  /**
   * The in-toto predicate type, compared byte for byte, for example `https://acme.example/review/v1`. Types whose predicates are read have
   * requirements of their own: `SlsaProvenanceRequirement`, `SbomRequirement`, `VulnerabilityScanRequirement`, `VerificationSummaryRequirement`.
   */
  readonly predicateType: string;
}

/** What is only there may say anything: a provenance of any source, a summary that did not pass. */
const checkPredicateType: Check = (field) => {
  const { value } = field;
  const is = (type: keyof typeof READABLE): boolean => typeof value === 'string' && READABLE[type].includes(value);
  if (is('slsa-provenance') || is('slsa-provenance-v0.2')) {
    field.problem('is that of a SLSA provenance, whose builder and source nothing here would look at: use an SlsaProvenanceRequirement');
  } else if (is('verification-summary')) {
    field.problem('is that of a verification summary, whose result nothing here would look at: use a VerificationSummaryRequirement');
  } else if (is('vulnerability-scan')) {
    field.problem('is that of a vulnerability scan, whose result nothing here would look at: use a VulnerabilityScanRequirement');
  } else if (is('sbom')) {
    field.problem('is that of a bill of materials, whose form nothing here would look at: use an SbomRequirement');
  }
};

export const ATTESTATION: Properties<AttestationDemand> = { ...ATTESTATION_OPTIONS, predicateType: required(checkPredicateType) };

/** The document's form. */
export function attestationRequirement(name: string, attestors: readonly string[], demand: AttestationDemand): AttestationRequirement {
  return attestationDocument(name, attestors, demand, demand.predicateType);
}
