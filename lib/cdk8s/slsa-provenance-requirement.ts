import { Construct } from 'constructs';
import { AttestationRequirement, Json, SlsaLevel, SlsaProvenanceChecks } from '../policy/document';
import { Attestor } from './attestor';
import { anyAttestors } from './attestor-names';
import { defined } from './defined';
import { inDocument, optional, Properties, required, requireProperties } from './properties';
import { register, Requirement } from './requirement';

/** What the provenance must say. */
export interface SlsaProvenanceRequirementProps {
  /** Whose provenance counts. */
  readonly attestors: Attestor[];

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

const PROPERTIES: Properties<SlsaProvenanceRequirementProps> = {
  attestors: required(anyAttestors),
  threshold: optional(inDocument),
  source: required(inDocument),
  sourceRefs: optional(inDocument),
  builderIds: optional(inDocument),
  buildTypes: optional(inDocument),
  level: optional(inDocument),
  externalParameters: optional(inDocument),
};

/**
 * A SLSA v1 provenance: which builder made the image, from which source. What the job wrote itself must agree with its certificate.
 *
 * @example
 *
 * new SlsaProvenanceRequirement(this, 'provenance', {
 *   attestors: [release],
 *   source: 'https://github.com/acme/payments',
 * });
 */
export class SlsaProvenanceRequirement extends Requirement {
  /** @internal */
  public readonly _attestors: Attestor[];

  /** @internal */
  public readonly _document: AttestationRequirement;

  constructor(scope: Construct, id: string, props: SlsaProvenanceRequirementProps) {
    super(scope, id);
    requireProperties(this.node.path, props, PROPERTIES);
    this._attestors = [...props.attestors];
    this._document = defined<AttestationRequirement>({
      type: 'attestation',
      name: this.name,
      attestors: this._attestors.map((attestor) => attestor.name),
      threshold: props.threshold,
      predicateType: 'https://slsa.dev/provenance/v1',
      checks: defined<SlsaProvenanceChecks>({
        type: 'slsa-provenance',
        source: props.source,
        sourceRefs: props.sourceRefs,
        builderIds: props.builderIds,
        buildTypes: props.buildTypes,
        level: props.level as SlsaLevel | undefined,
        externalParameters: props.externalParameters as { readonly [name: string]: Json } | undefined,
      }),
    });
    register(this);
  }
}
