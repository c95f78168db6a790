import * as pulumi from '@pulumi/pulumi';
import { SBOM, SbomDemand, sbomRequirement } from '../authoring/sbom';
import { Requirement, VouchedFor } from './requirement';

/**
 * Which bill of materials must be there.
 *
 * @example
 *
 * const props: SbomRequirementArgs = { attestors: [release], format: SbomFormat.SPDX_2_3 };
 */
export interface SbomRequirementArgs extends VouchedFor, SbomDemand {}

/**
 * A bill of materials, by somebody whose word counts, in the format that it is said to have; what it lists is not looked at.
 *
 * @example
 *
 * new SbomRequirement('sbom', {
 *   attestors: [release],
 *   format: SbomFormat.SPDX,
 * });
 */
export class SbomRequirement extends Requirement {
  constructor(name: string, args: SbomRequirementArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, args, opts, { what: 'SbomRequirement', properties: SBOM, document: (own, attestors) => sbomRequirement(own, attestors, args) });
  }
}
