import { Construct } from 'constructs';
import { documentName } from './document-name';
import { enforcementOf } from './enforcement';
import { engineFor } from './engine-choice';
import { EXEMPTION, ExemptionDemand, imageExemption } from '../authoring/image-exemption';
import { places } from '../authoring/place';
import { optional, Properties, requireProperties } from '../authoring/properties';
import { anEngine, PolicyEngine } from './policy-engine';
import { EnforcementRoll } from './roll';

/**
 * Which digests may run without proof, why, and until when.
 *
 * @example
 *
 * const props: ExemptionProps = {
 *   image: 'docker.io/vendor/agent',
 *   digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 *   reason: 'The vendor does not sign yet, ticket SEC-1234',
 *   owner: 'platform@acme.example',
 *   until: '2027-03-31',
 * };
 */
export interface ExemptionProps extends ExemptionDemand {
  /**
   * The engine that it relaxes.
   *
   * @default - the bundled verifier of this chart
   */
  readonly engine?: PolicyEngine;
}

const PROPERTIES: Properties<ExemptionProps> = { ...EXEMPTION, engine: optional(anEngine) };

/**
 * Exactly these digests may run without proof until a date, whatever policies match them; from then on the policies decide, and synthesis
 * refuses. Alone it is refused: without a policy there is nothing that it could exempt from.
 *
 * @example
 *
 * new Exemption(this, 'vendor-agent', {
 *   image: 'docker.io/vendor/agent',
 *   digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 *   reason: 'The vendor does not sign yet, ticket SEC-1234',
 *   owner: 'platform@acme.example',
 *   until: '2027-03-31',
 * });
 */
export class Exemption extends Construct {
  /** Name of the exemption in messages and logs. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: ExemptionProps) {
    super(scope, id);
    EnforcementRoll.of(this).begin(this);
    const path = this.node.path;
    requireProperties(path, props, PROPERTIES);
    this.name = documentName(path, id, props.name);
    enforcementOf(engineFor(this, props.engine)).enforce(this, imageExemption(path, this.name, props), [], places(path));
  }
}
