import { Construct } from 'constructs';
import { SUMMARY, VerificationSummaryDemand, verificationSummaryRequirement } from '../authoring/verification-summary';
import { Properties, required, requireProperties } from '../authoring/properties';
import { AttestationRequirement } from '../policy/document';
import { Attestor } from './attestor';
import { anyAttestors } from './attestor-names';
import { register, Requirement } from './requirement';

/**
 * Whose judgement about what must be there.
 *
 * @example
 *
 * const props: VerificationSummaryRequirementProps = {
 *   attestors: [release],
 *   verifierId: 'https://acme.example/verifier',
 *   resourceUris: ['oci://ghcr.io/acme/payments/api'],
 *   levels: ['SLSA_BUILD_LEVEL_3'],
 *   maxAge: '30d',
 * };
 */
export interface VerificationSummaryRequirementProps extends VerificationSummaryDemand {
  /** Whose attestation counts. */
  readonly attestors: Attestor[];
}

const PROPERTIES: Properties<VerificationSummaryRequirementProps> = { attestors: required(anyAttestors), ...SUMMARY };

/**
 * A SLSA verification summary (VSA): a verifier judged the image under a policy of its own, and it passed. The newest one decides.
 *
 * @example
 *
 * const verifier = KeylessAttestor.googleServiceAccount(this, 'verifier', { email: 'verifier@acme-prod.iam.gserviceaccount.com' });
 *
 * new VerificationSummaryRequirement(this, 'verified', {
 *   attestors: [verifier],
 *   verifierId: 'https://verifier.acme.example',
 *   resourceUris: ['oci://ghcr.io/acme/payments/api'],
 *   levels: ['SLSA_BUILD_LEVEL_2'],
 *   maxAge: '30d',
 * });
 */
export class VerificationSummaryRequirement extends Requirement {
  /** @internal */
  public readonly _attestors: Attestor[];

  /** @internal */
  public readonly _document: AttestationRequirement;

  constructor(scope: Construct, id: string, props: VerificationSummaryRequirementProps) {
    super(scope, id);
    requireProperties(this.node.path, props, PROPERTIES);
    this._attestors = [...props.attestors];
    this._document = verificationSummaryRequirement(this.name, this._attestors.map((attestor) => attestor.name), props);
    register(this);
  }
}
