import { PredicateChecks, SlsaChecksType } from './document';

/** What cosign 3 writes to say "signed". */
export const COSIGN_SIGN = 'https://sigstore.dev/cosign/sign/v1';

export const SLSA_PROVENANCE_V1 = 'https://slsa.dev/provenance/v1';
export const SLSA_PROVENANCE_V02 = 'https://slsa.dev/provenance/v0.2';
export const VERIFICATION_SUMMARY = 'https://slsa.dev/verification_summary/v1';
export const COSIGN_VULNERABILITIES = 'https://cosign.sigstore.dev/attestation/vuln/v1';
export const IN_TOTO_VULNERABILITIES = 'https://in-toto.io/attestation/vulns/v0.2';
/** cosign writes the first, GitHub's attest actions those with a version. */
export const SPDX_TYPES = ['https://spdx.dev/Document', 'https://spdx.dev/Document/v2.2', 'https://spdx.dev/Document/v2.3'] as const;
export const CYCLONE_DX_TYPE = 'https://cyclonedx.org/bom';

/** The predicate types whose predicates each kind of checks can read. */
export const READABLE: { readonly [type in PredicateChecks['type']]: readonly string[] } = {
  'slsa-provenance': [SLSA_PROVENANCE_V1],
  'slsa-provenance-v0.2': [SLSA_PROVENANCE_V02],
  'verification-summary': [VERIFICATION_SUMMARY],
  'sbom': [...SPDX_TYPES, CYCLONE_DX_TYPE],
  'vulnerability-scan': [COSIGN_VULNERABILITIES, IN_TOTO_VULNERABILITIES],
};

/** Checks of a SLSA provenance of either version. */
export function isSlsa<C extends { readonly type: PredicateChecks['type'] }>(checks: C): checks is Extract<C, { readonly type: SlsaChecksType }> {
  return checks.type === 'slsa-provenance' || checks.type === 'slsa-provenance-v0.2';
}
