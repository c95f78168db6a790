import * as pulumi from '@pulumi/pulumi';
import { ATTESTATION, AttestationDemand, attestationRequirement } from '../authoring/attestation';
import { Requirement, VouchedFor } from './requirement';

/**
 * Which attestation must be there.
 *
 * @example
 *
 * const props: AttestationRequirementArgs = {
 *   attestors: [release],
 *   predicateType: 'https://acme.example/review/v1',
 *   conditions: [{ expression: 'size(predicate.reviewers) >= 2', message: 'two reviews' }],
 * };
 */
export interface AttestationRequirementArgs extends VouchedFor, AttestationDemand {}

/**
 * An attestation of one predicate type, by somebody whose word counts, of whose predicate the conditions are true; without conditions what it
 * says is not looked at.
 *
 * @example
 *
 * new AttestationRequirement('review', {
 *   attestors: [release],
 *   predicateType: 'https://acme.example/review/v1',
 *   conditions: [{ expression: 'predicate.reviewers.exists(r, r.team == "security")', message: 'a review by the security team' }],
 * });
 */
export class AttestationRequirement extends Requirement {
  constructor(name: string, args: AttestationRequirementArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, args, opts, { what: 'AttestationRequirement', properties: ATTESTATION, document: (own, attestors) => attestationRequirement(own, attestors, args) });
  }
}
