import * as pulumi from '@pulumi/pulumi';
import { EXEMPTION, ExemptionDemand, imageExemption } from '../authoring/image-exemption';
import { places } from '../authoring/place';
import { optional, Properties, requireProperties } from '../authoring/properties';
import { Declarations } from './declarations';
import { engineFor } from './engine-choice';
import { anEngine, enforcementOf, PolicyEngine } from './policy-engine';

/**
 * Which digests may run without proof, why, and until when.
 *
 * @example
 *
 * const props: ExemptionArgs = {
 *   image: 'docker.io/vendor/agent',
 *   digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 *   reason: 'The vendor does not sign yet, ticket SEC-1234',
 *   owner: 'platform@acme.example',
 *   until: '2027-03-31',
 * };
 */
export interface ExemptionArgs extends ExemptionDemand {
  /**
   * The engine that it relaxes.
   *
   * @default - the bundled verifier of this stack
   */
  readonly engine?: PolicyEngine;
}

const PROPERTIES: Properties<ExemptionArgs> = { ...EXEMPTION, engine: optional(anEngine) };

/**
 * Exactly these digests may run without proof until a date, whatever policies match them; from then on the policies decide, and previews and
 * updates are refused. Alone it is refused: without a policy there is nothing that it could exempt from.
 *
 * @example
 *
 * new Exemption('vendor-agent', {
 *   image: 'docker.io/vendor/agent',
 *   digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 *   reason: 'The vendor does not sign yet, ticket SEC-1234',
 *   owner: 'platform@acme.example',
 *   until: '2027-03-31',
 * });
 */
export class Exemption extends pulumi.ComponentResource {
  /** Name of the exemption in messages and logs. */
  public readonly exemptionName: string;

  constructor(name: string, args: ExemptionArgs, opts?: pulumi.ComponentResourceOptions) {
    super('proofgate:index:Exemption', name, {}, opts);
    const document = Declarations.current().declare(this, { path: name, what: 'Exemption' }, () => {
      requireProperties(name, args, PROPERTIES);
      const made = imageExemption(name, args.name ?? name, args);
      enforcementOf(engineFor(name, this, args.engine)).enforce(name, made, [], places(name));
      return made;
    });
    this.exemptionName = document.metadata.name;
    this.registerOutputs({ document });
  }
}
