import * as pulumi from '@pulumi/pulumi';
import { PROVENANCE, ProvenanceDemand, provenanceRequirement } from '../authoring/provenance';
import { Requirement, VouchedFor } from './requirement';

/**
 * What the provenance must say.
 *
 * @example
 *
 * const props: SlsaProvenanceRequirementArgs = {
 *   attestors: [release],
 *   level: 3,
 *   source: 'https://github.com/acme/payments',
 * };
 */
export interface SlsaProvenanceRequirementArgs extends VouchedFor, ProvenanceDemand {}

/**
 * A SLSA provenance: which builder made the image, from which source. What the job wrote itself must agree with its certificate.
 *
 * @example
 *
 * new SlsaProvenanceRequirement('provenance', {
 *   attestors: [release],
 *   source: 'https://github.com/acme/payments',
 * });
 */
export class SlsaProvenanceRequirement extends Requirement {
  constructor(name: string, args: SlsaProvenanceRequirementArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, args, opts, { what: 'SlsaProvenanceRequirement', properties: PROVENANCE, document: (own, attestors) => provenanceRequirement(own, attestors, args) });
  }
}
