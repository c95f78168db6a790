import { AttestationRequirement, Json, SlsaLevel, SlsaProvenanceChecks } from '../policy/document';
import { SLSA_PROVENANCE_V02, SLSA_PROVENANCE_V1 } from '../policy/predicate-types';
import { ATTESTATION_OPTIONS, attestationDocument, AttestationOptions } from './attestation-options';
import { defined } from './defined';
import { inDocument, oneOf, optional, Properties, required } from './properties';

/**
 * Versions of the SLSA provenance, which are different predicates: each is read only where it is asked for.
 *
 * @example
 *
 * new SlsaProvenanceRequirement(this, 'provenance', {
 *   attestors: [release], source: 'https://github.com/acme/payments', version: SlsaProvenanceVersion.V0_2,
 * });
 */
export enum SlsaProvenanceVersion {
  /** `https://slsa.dev/provenance/v1`: GitHub's attest actions and most others. */
  V1 = 'v1',
  /** `https://slsa.dev/provenance/v0.2`: the container and generic builders of slsa-github-generator. */
  V0_2 = 'v0.2',
}

/**
 * What the provenance must say, whoever vouches for it.
 *
 * @internal
 */
export interface ProvenanceDemand extends AttestationOptions {
  /**
   * The version of the provenance.
   *
   * @default SlsaProvenanceVersion.V1
   */
  readonly version?: SlsaProvenanceVersion;

  /** The repository the image was built from, exact and as certificates name it, for example `https://github.com/acme/payments`. */
  readonly source: string;

  /**
   * Refs the source may come from, such as `refs/heads/main` or `refs/tags/v*`; `*` does not cross `/`.
   *
   * @default - whatever the attestor's certificate vouches for
   */
  readonly sourceRefs?: string[];

  /**
   * Exact builder ids. A `KeyAttestor` or `CertificateAttestor` names no builder, so that they have to be written beside one.
   *
   * @default - the attestor itself: the workflow that signed
   */
  readonly builderIds?: string[];

  /**
   * Exact build types. They have to be written beside any attestor that is no workflow of GitHub.
   *
   * @default - `https://actions.github.io/buildtypes/workflow/v1`; for v0.2 the `container@v1` and `generic@v1` of slsa-github-generator
   */
  readonly buildTypes?: string[];

  /**
   * SLSA build level to reach: 1, 2 or 3. Level 2 takes a hosted runner and a builder that is the signer. Level 3 moreover takes a builder that
   * those who write the source cannot change: a reusable workflow of another repository, at a tag or commit
   * (`KeylessAttestor.githubReusableWorkflow`); a workflow of the source itself, a person, a key or a certificate of your own
   * authority is refused. Of the last two, no level is judged.
   *
   * @default 2
   */
  readonly level?: number;

  /**
   * External parameters (v0.2: the parameters of the invocation) beyond the build type's own, each with the value it must have; one that is not
   * named is refused.
   *
   * @default - none
   */
  readonly externalParameters?: { readonly [name: string]: unknown };
}

export const PROVENANCE: Properties<ProvenanceDemand> = {
  ...ATTESTATION_OPTIONS,
  version: optional(oneOf('SlsaProvenanceVersion', SlsaProvenanceVersion)),
  source: required(inDocument),
  sourceRefs: optional(inDocument),
  builderIds: optional(inDocument),
  buildTypes: optional(inDocument),
  level: optional(inDocument),
  externalParameters: optional(inDocument),
};

/** The document's form. */
export function provenanceRequirement(name: string, attestors: readonly string[], demand: ProvenanceDemand): AttestationRequirement {
  const isV02 = demand.version === SlsaProvenanceVersion.V0_2;
  return attestationDocument(name, attestors, demand, isV02 ? SLSA_PROVENANCE_V02 : SLSA_PROVENANCE_V1, defined<SlsaProvenanceChecks>({
    type: isV02 ? 'slsa-provenance-v0.2' : 'slsa-provenance',
    source: demand.source,
    sourceRefs: demand.sourceRefs,
    builderIds: demand.builderIds,
    buildTypes: demand.buildTypes,
    level: demand.level as SlsaLevel | undefined,
    externalParameters: demand.externalParameters as { readonly [name: string]: Json } | undefined,
  }));
}
