import * as pulumi from '@pulumi/pulumi';
import { ATTESTATION, AttestationDemand, attestationRequirement } from '../authoring/attestation';
import { Requirement, VouchedFor } from './requirement';

export interface AttestationRequirementArgs extends VouchedFor, AttestationDemand {}

/**
 * An attestation of one predicate type, by somebody whose word counts; what its predicate says is not looked at.
 *
 * @example
 *
 * new AttestationRequirement('review', {
 *   attestors: [release],
 *   predicateType: 'https://acme.example/review/v1',
 * });
 */
export class AttestationRequirement extends Requirement {
  constructor(name: string, args: AttestationRequirementArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, args, opts, { what: 'AttestationRequirement', properties: ATTESTATION, document: (own, attestors) => attestationRequirement(own, attestors, args) });
  }
}
