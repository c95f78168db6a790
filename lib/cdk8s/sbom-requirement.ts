import { Construct } from 'constructs';
import { SBOM, SbomDemand, sbomRequirement } from '../authoring/sbom';
import { Properties, required, requireProperties } from '../authoring/properties';
import { AttestationRequirement } from '../policy/document';
import { Attestor } from './attestor';
import { anyAttestors } from './attestor-names';
import { register, Requirement } from './requirement';

/**
 * Which bill of materials must be there.
 *
 * @example
 *
 * const props: SbomRequirementProps = { attestors: [release], format: SbomFormat.SPDX_2_3 };
 */
export interface SbomRequirementProps extends SbomDemand {
  /** Whose attestation counts. */
  readonly attestors: Attestor[];
}

const PROPERTIES: Properties<SbomRequirementProps> = { attestors: required(anyAttestors), ...SBOM };

/**
 * A bill of materials, by somebody whose word counts, in the format that it is said to have; what it lists is not looked at.
 *
 * @example
 *
 * new SbomRequirement(this, 'sbom', {
 *   attestors: [release],
 *   format: SbomFormat.SPDX,
 * });
 */
export class SbomRequirement extends Requirement {
  /** @internal */
  public readonly _attestors: Attestor[];

  /** @internal */
  public readonly _document: AttestationRequirement;

  constructor(scope: Construct, id: string, props: SbomRequirementProps) {
    super(scope, id);
    requireProperties(this.node.path, props, PROPERTIES);
    this._attestors = [...props.attestors];
    this._document = sbomRequirement(this.name, this._attestors.map((attestor) => attestor.name), props);
    register(this);
  }
}
