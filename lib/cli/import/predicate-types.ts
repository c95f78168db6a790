import { COSIGN_VULNERABILITIES, CYCLONE_DX_TYPE, SLSA_PROVENANCE_V02, SLSA_PROVENANCE_V1, SPDX_TYPES } from '../../policy/predicate-types';

/** The short names of cosign (`PredicateTypeMap` of `pkg/cosign/attestation`). */
const SHORT: { readonly [name: string]: string } = {
  custom: 'https://cosign.sigstore.dev/attestation/v1',
  cyclonedx: CYCLONE_DX_TYPE,
  link: 'https://in-toto.io/Link/v1',
  slsaprovenance: SLSA_PROVENANCE_V02,
  slsaprovenance02: SLSA_PROVENANCE_V02,
  slsaprovenance1: SLSA_PROVENANCE_V1,
  spdx: SPDX_TYPES[0],
  spdxjson: SPDX_TYPES[0],
  vuln: COSIGN_VULNERABILITIES,
};

/** A predicate type written out. */
export function predicateType(text: string): string {
  return Object.hasOwn(SHORT, text) ? SHORT[text] ?? text : text;
}
