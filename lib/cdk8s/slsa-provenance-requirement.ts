import { Construct } from 'constructs';
import { PROVENANCE, ProvenanceDemand, provenanceRequirement } from '../authoring/provenance';
import { Properties, required, requireProperties } from '../authoring/properties';
import { AttestationRequirement } from '../policy/document';
import { Attestor } from './attestor';
import { anyAttestors } from './attestor-names';
import { register, Requirement } from './requirement';

/**
 * What the provenance must say.
 *
 * @example
 *
 * const props: SlsaProvenanceRequirementProps = {
 *   attestors: [release],
 *   level: 3,
 *   source: 'https://github.com/acme/payments',
 * };
 */
export interface SlsaProvenanceRequirementProps extends ProvenanceDemand {
  /** Whose provenance counts. */
  readonly attestors: Attestor[];
}

const PROPERTIES: Properties<SlsaProvenanceRequirementProps> = { attestors: required(anyAttestors), ...PROVENANCE };

/**
 * A SLSA provenance: which builder made the image, from which source. What the job wrote itself must agree with its certificate.
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
    this._document = provenanceRequirement(this.name, this._attestors.map((attestor) => attestor.name), props);
    register(this);
  }
}
