import { AttestationRequirement } from '../policy/document';
import { CYCLONE_DX_TYPE, SPDX_TYPES } from '../policy/predicate-types';
import { ATTESTATION_OPTIONS, attestationDocument, AttestationOptions } from './attestation-options';
import { oneOf, Properties, required } from './properties';

/**
 * Formats of a bill of materials, with the predicate type that it is attested under.
 *
 * @example
 *
 * new SbomRequirement(this, 'sbom', { attestors: [release], format: SbomFormat.CYCLONE_DX });
 */
export enum SbomFormat {
  /** SPDX 2.x under `https://spdx.dev/Document`, as cosign attests it, in JSON (`--type spdxjson`) or as text (`--type spdx`). */
  SPDX = 'spdx',
  /** SPDX 2.2 under `https://spdx.dev/Document/v2.2`. */
  SPDX_2_2 = 'spdx-2.2',
  /** SPDX 2.3 under `https://spdx.dev/Document/v2.3`, as GitHub's attest actions attest it. */
  SPDX_2_3 = 'spdx-2.3',
  /** CycloneDX 1.x in JSON under `https://cyclonedx.org/bom`. */
  CYCLONE_DX = 'cyclonedx',
}

const PREDICATE_TYPES: { readonly [format in SbomFormat]: string } = {
  [SbomFormat.SPDX]: SPDX_TYPES[0],
  [SbomFormat.SPDX_2_2]: SPDX_TYPES[1],
  [SbomFormat.SPDX_2_3]: SPDX_TYPES[2],
  [SbomFormat.CYCLONE_DX]: CYCLONE_DX_TYPE,
};

/**
 * Which bill of materials must be there, whoever vouches for it.
 *
 * @internal
 */
export interface SbomDemand extends AttestationOptions {
  /** Its format, and the predicate type that it is attested under. */
  readonly format: SbomFormat;
}

export const SBOM: Properties<SbomDemand> = { ...ATTESTATION_OPTIONS, format: required(oneOf('SbomFormat', SbomFormat)) };

/** The document's form. */
export function sbomRequirement(name: string, attestors: readonly string[], demand: SbomDemand): AttestationRequirement {
  return attestationDocument(name, attestors, demand, PREDICATE_TYPES[demand.format], { type: 'sbom' });
}
