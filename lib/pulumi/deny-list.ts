import * as pulumi from '@pulumi/pulumi';
import { DENY_LIST, DenyListDemand, imageDenyList } from '../authoring/image-deny-list';
import { places } from '../authoring/place';
import { optional, Properties, requireProperties } from '../authoring/properties';
import { Declarations } from './declarations';
import { engineFor } from './engine-choice';
import { anEngine, enforcementOf, PolicyEngine } from './policy-engine';

/**
 * What is denied, why, and who answers for it; at least one of the four lists.
 *
 * @example
 *
 * const props: DenyListArgs = {
 *   reason: 'The release key leaked on 2027-02-03, ticket SEC-2345',
 *   owner: 'security@acme.example',
 *   keys: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 * };
 */
export interface DenyListArgs extends DenyListDemand {
  /**
   * The engine that it belongs to.
   *
   * @default - the bundled verifier of this stack
   */
  readonly engine?: PolicyEngine;
}

const PROPERTIES: Properties<DenyListArgs> = { ...DENY_LIST, engine: optional(anEngine) };

/**
 * These images, and what these signers vouch for, run nowhere, whatever policies, exemptions and audit windows say.
 *
 * It acts as soon as the verifier's new replicas have taken over, on images that are asked for anew; what runs already is not stopped. A
 * signature by a denied signer does not count, and takes nothing away from another one.
 *
 * @example
 *
 * new DenyList('leaked-key', {
 *   reason: 'The release key leaked on 2027-02-03, ticket SEC-2345',
 *   owner: 'security@acme.example',
 *   keys: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 * });
 */
export class DenyList extends pulumi.ComponentResource {
  /** Name of the list in messages and logs. */
  public readonly denyListName: string;

  constructor(name: string, args: DenyListArgs, opts?: pulumi.ComponentResourceOptions) {
    super('proofgate:index:DenyList', name, {}, opts);
    const document = Declarations.current().declare(this, { path: name, what: 'DenyList' }, () => {
      requireProperties(name, args, PROPERTIES);
      const made = imageDenyList(name, args.name ?? name, args);
      enforcementOf(engineFor(name, this, args.engine)).enforce(name, made, [], places(name));
      return made;
    });
    this.denyListName = document.metadata.name;
    this.registerOutputs({ document });
  }
}
