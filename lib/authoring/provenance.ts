import { AttestationRequirement, Json, SlsaLevel, SlsaProvenanceChecks } from '../policy/document';
import { defined } from './defined';
import { inDocument, optional, Properties, required } from './properties';

/**
 * What the provenance must say, whoever vouches for it.
 *
 * @internal
 */
export interface ProvenanceDemand {
  /**
   * How many different attestors must vouch.
   *
   * @default 1
   */
  readonly threshold?: number;

  /** The repository the image was built from, exact and as certificates name it, for example `https://github.com/acme/payments`. */
  readonly source: string;

  /**
   * Refs the source may come from, such as `refs/heads/main` or `refs/tags/v*`; `*` does not cross `/`.
   *
   * @default - whatever the attestor's certificate vouches for
   */
  readonly sourceRefs?: string[];

  /**
   * Exact builder ids. A `KeyAttestor` names no builder, so that they have to be written beside one.
   *
   * @default - the attestor itself: the workflow that signed
   */
  readonly builderIds?: string[];

  /**
   * Exact build types. They have to be written beside any attestor that is no workflow of GitHub.
   *
   * @default - `https://actions.github.io/buildtypes/workflow/v1`
   */
  readonly buildTypes?: string[];

  /**
   * SLSA build level to reach: 1, 2 or 3. Level 2 takes a hosted runner and a builder that is the signer. Level 3 moreover takes a builder that
   * those who write the source cannot change: a reusable workflow of another repository, at a tag or commit
   * (`KeylessAttestor.githubReusableWorkflow`); a workflow of the source itself, a person or a key is refused. Of a key, no level is judged.
   *
   * @default 2
   */
  readonly level?: number;

  /**
   * External parameters beyond the build type's own, each with the value it must have; one that is not named is refused.
   *
   * @default - none
   */
  readonly externalParameters?: { readonly [name: string]: unknown };
}

export const PROVENANCE: Properties<ProvenanceDemand> = {
  threshold: optional(inDocument),
  source: required(inDocument),
  sourceRefs: optional(inDocument),
  builderIds: optional(inDocument),
  buildTypes: optional(inDocument),
  level: optional(inDocument),
  externalParameters: optional(inDocument),
};

/** The document's form. */
export function provenanceRequirement(name: string, attestors: readonly string[], demand: ProvenanceDemand): AttestationRequirement {
  return defined<AttestationRequirement>({
    type: 'attestation',
    name,
    attestors: [...attestors],
    threshold: demand.threshold,
    predicateType: 'https://slsa.dev/provenance/v1',
    checks: defined<SlsaProvenanceChecks>({
      type: 'slsa-provenance',
      source: demand.source,
      sourceRefs: demand.sourceRefs,
      builderIds: demand.builderIds,
      buildTypes: demand.buildTypes,
      level: demand.level as SlsaLevel | undefined,
      externalParameters: demand.externalParameters as { readonly [name: string]: Json } | undefined,
    }),
  });
}
