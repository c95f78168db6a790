import * as pulumi from '@pulumi/pulumi';
import { SUMMARY, VerificationSummaryDemand, verificationSummaryRequirement } from '../authoring/verification-summary';
import { Requirement, VouchedFor } from './requirement';

/**
 * Whose judgement about what must be there.
 *
 * @example
 *
 * const props: VerificationSummaryRequirementArgs = {
 *   attestors: [release],
 *   verifierId: 'https://acme.example/verifier',
 *   resourceUris: ['oci://ghcr.io/acme/payments/api'],
 *   levels: ['SLSA_BUILD_LEVEL_3'],
 *   maxAge: '30d',
 * };
 */
export interface VerificationSummaryRequirementArgs extends VouchedFor, VerificationSummaryDemand {}

/**
 * A SLSA verification summary (VSA): a verifier judged the image under a policy of its own, and it passed. The newest one decides.
 *
 * @example
 *
 * const verifier = KeylessAttestor.googleServiceAccount('verifier', { email: 'verifier@acme-prod.iam.gserviceaccount.com' });
 *
 * new VerificationSummaryRequirement('verified', {
 *   attestors: [verifier],
 *   verifierId: 'https://verifier.acme.example',
 *   resourceUris: ['oci://ghcr.io/acme/payments/api'],
 *   levels: ['SLSA_BUILD_LEVEL_2'],
 *   maxAge: '30d',
 * });
 */
export class VerificationSummaryRequirement extends Requirement {
  constructor(name: string, args: VerificationSummaryRequirementArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, args, opts, { what: 'VerificationSummaryRequirement', properties: SUMMARY, document: (own, attestors) => verificationSummaryRequirement(own, attestors, args) });
  }
}
