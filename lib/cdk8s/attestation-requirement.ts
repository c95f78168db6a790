import { Construct } from 'constructs';
import { AttestationRequirement as AttestationRequirementDocument } from '../policy/document';
import { Attestor } from './attestor';
import { anyAttestors } from './attestor-names';
import { defined } from './defined';
import { Check, inDocument, optional, Properties, required, requireProperties } from './properties';
import { register, Requirement } from './requirement';

/** Which attestation must be there. */
export interface AttestationRequirementProps {
  /** Whose attestation counts. */
  readonly attestors: Attestor[];

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

const PROPERTIES: Properties<AttestationRequirementProps> = {
  attestors: required(anyAttestors),
  predicateType: required(checkPredicateType),
  threshold: optional(inDocument),
};

/**
 * An attestation of one predicate type, by somebody whose word counts; what its predicate says is not looked at.
 *
 * @example
 *
 * new AttestationRequirement(this, 'sbom', {
 *   attestors: [release],
 *   predicateType: 'https://spdx.dev/Document',
 * });
 */
export class AttestationRequirement extends Requirement {
  /** @internal */
  public readonly _attestors: Attestor[];

  /** @internal */
  public readonly _document: AttestationRequirementDocument;

  constructor(scope: Construct, id: string, props: AttestationRequirementProps) {
    super(scope, id);
    requireProperties(this.node.path, props, PROPERTIES);
    this._attestors = [...props.attestors];
    this._document = defined<AttestationRequirementDocument>({
      type: 'attestation',
      name: this.name,
      attestors: this._attestors.map((attestor) => attestor.name),
      threshold: props.threshold,
      predicateType: props.predicateType,
      checks: undefined,
    });
    register(this);
  }
}
