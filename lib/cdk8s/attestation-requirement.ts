import { Construct } from 'constructs';
import { AttestationRequirement as AttestationRequirementDocument } from '../policy/document';
import { Attestor } from './attestor';
import { defined } from './defined';
import { requirePlain } from './input';
import { register, Requirement } from './requirement';

/** Which attestation must be there. */
export interface AttestationRequirementProps {
  /** Whose attestation counts. */
  readonly attestors: Attestor[];

  /** The in-toto predicate type, compared byte for byte, for example `https://spdx.dev/Document`. */
  readonly predicateType: string;

  /**
   * How many different attestors must vouch.
   *
   * @default 1
   */
  readonly threshold?: number;
}

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
    requirePlain(this.node.path, props);
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
