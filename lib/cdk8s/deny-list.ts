import { Construct } from 'constructs';
import { DENY_LIST, DenyListDemand, imageDenyList } from '../authoring/image-deny-list';
import { places } from '../authoring/place';
import { optional, Properties, requireProperties } from '../authoring/properties';
import { documentName } from './document-name';
import { enforcementOf } from './enforcement';
import { engineFor } from './engine-choice';
import { anEngine, PolicyEngine } from './policy-engine';
import { EnforcementRoll } from './roll';

/**
 * What is denied, why, and who answers for it; at least one of the four lists.
 *
 * @example
 *
 * const props: DenyListProps = {
 *   reason: 'The release key leaked on 2027-02-03, ticket SEC-2345',
 *   owner: 'security@acme.example',
 *   keys: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 * };
 */
export interface DenyListProps extends DenyListDemand {
  /**
   * The engine that it belongs to.
   *
   * @default - the bundled verifier of this chart
   */
  readonly engine?: PolicyEngine;
}

const PROPERTIES: Properties<DenyListProps> = { ...DENY_LIST, engine: optional(anEngine) };

/**
 * These images, and what these signers vouch for, run nowhere, whatever policies, exemptions and audit windows say.
 *
 * It acts as soon as the verifier's new replicas have taken over, on images that are asked for anew; what runs already is not stopped. A
 * signature by a denied signer does not count, and takes nothing away from another one.
 *
 * @example
 *
 * new DenyList(this, 'leaked-key', {
 *   reason: 'The release key leaked on 2027-02-03, ticket SEC-2345',
 *   owner: 'security@acme.example',
 *   keys: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 * });
 */
export class DenyList extends Construct {
  /** Name of the list in messages and logs. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: DenyListProps) {
    super(scope, id);
    EnforcementRoll.of(this).begin(this);
    const path = this.node.path;
    requireProperties(path, props, PROPERTIES);
    this.name = documentName(path, id, props.name);
    enforcementOf(engineFor(this, props.engine)).enforce(this, imageDenyList(path, this.name, props), [], places(path));
  }
}
