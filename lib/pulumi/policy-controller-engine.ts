import * as pulumi from '@pulumi/pulumi';
import { frozen } from '../authoring/frozen';
import { POLICY_CONTROLLER_ENGINE, PolicyControllerEngineProps, policyControllerSettings } from '../authoring/policy-controller-engine-props';
import { requireProperties } from '../authoring/properties';
import { policyControllerEngine } from '../engines/policy-controller';
import { PolicyEngine } from './policy-engine';

/**
 * The Sigstore policy-controller as what enforces policies: a ClusterImagePolicy for each requirement, its configuration, and admission policies that keep
 * both and refuse what it does not look at.
 *
 * policy-controller has to be installed and running, and the namespaces labelled `policy.sigstore.dev/include: "true"`; until they are, no Pod is admitted there. What it
 * cannot express is refused, see docs/engines.md.
 *
 * @example
 *
 * const controller = new PolicyControllerEngine('policy-controller', { version: '0.15.1' });
 *
 * new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine: controller });
 */
export class PolicyControllerEngine extends PolicyEngine {
  constructor(name: string, args: PolicyControllerEngineProps, opts: pulumi.ComponentResourceOptions = {}) {
    super('PolicyControllerEngine', name, opts, () => {
      requireProperties(name, args, POLICY_CONTROLLER_ENGINE);
      return policyControllerEngine(frozen(policyControllerSettings(args)));
    });
  }
}
