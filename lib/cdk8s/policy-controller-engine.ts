import { Construct } from 'constructs';
import { frozen } from '../authoring/frozen';
import { POLICY_CONTROLLER_ENGINE, PolicyControllerEngineProps, policyControllerSettings } from '../authoring/policy-controller-engine-props';
import { requireProperties } from '../authoring/properties';
import { policyControllerEngine } from '../engines/policy-controller';
import { enforceBy } from './enforcement';
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
 * const controller = new PolicyControllerEngine(this, 'policy-controller', { version: '0.15.1' });
 *
 * new SignedImagePolicy(this, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine: controller });
 */
export class PolicyControllerEngine extends PolicyEngine {
  /** Begins the names of what is rendered. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: PolicyControllerEngineProps) {
    super(scope, id);
    requireProperties(this.node.path, props, POLICY_CONTROLLER_ENGINE);
    const settings = frozen(policyControllerSettings(props));
    this.name = settings.name;
    enforceBy(this, policyControllerEngine(settings));
  }
}
