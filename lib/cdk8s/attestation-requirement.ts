import { Construct } from 'constructs';
import { ATTESTATION, AttestationDemand, attestationRequirement } from '../authoring/attestation';
import { Properties, required, requireProperties } from '../authoring/properties';
import { AttestationRequirement as AttestationRequirementDocument } from '../policy/document';
import { Attestor } from './attestor';
import { anyAttestors } from './attestor-names';
import { register, Requirement } from './requirement';

/**
 * Which attestation must be there.
 *
 * @example
 *
 * const props: AttestationRequirementProps = {
 *   attestors: [release],
 *   predicateType: 'https://acme.example/review/v1',
 *   conditions: [{ expression: 'size(predicate.reviewers) >= 2', message: 'two reviews' }],
 * };
 */
export interface AttestationRequirementProps extends AttestationDemand {
  /** Whose attestation counts. */
  readonly attestors: Attestor[];
}

const PROPERTIES: Properties<AttestationRequirementProps> = { attestors: required(anyAttestors), ...ATTESTATION };

/**
 * An attestation of one predicate type, by somebody whose word counts, of whose predicate the conditions are true; without conditions what it
 * says is not looked at.
 *
 * @example
 *
 * new AttestationRequirement(this, 'review', {
 *   attestors: [release],
 *   predicateType: 'https://acme.example/review/v1',
 *   conditions: [{ expression: 'predicate.reviewers.exists(r, r.team == "security")', message: 'a review by the security team' }],
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
    this._document = attestationRequirement(this.name, this._attestors.map((attestor) => attestor.name), props);
    register(this);
  }
}
