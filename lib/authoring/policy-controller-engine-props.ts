import { PolicyControllerInstallation } from '../kubernetes/policy-controller/objects';
import { checkName } from '../policy/check-scope';
import { installedVersion } from './engine-version';
import { objectName, optional, Properties, required } from './properties';

/**
 * How policy-controller is installed.
 *
 * @example
 *
 * new PolicyControllerEngine(this, 'policy-controller', { version: '0.15.1', namespace: 'cosign-system' });
 */
export interface PolicyControllerEngineProps {
  /**
   * The oldest version that will read the policies, at least `0.15.1`: the oldest that was seen to judge what is rendered.
   *
   * Before 0.15.0 it verifies no bundles whose log says no time.
   */
  readonly version: string;

  /**
   * Begins the names of what is rendered; unique in the cluster.
   *
   * @default proofgate
   */
  readonly name?: string;

  /**
   * Namespace in which policy-controller runs and is configured; it is not asked about images there.
   *
   * @default cosign-system
   */
  readonly namespace?: string;

  /**
   * Name of the trust root that it was started with, by `--tuf-mirror` and `--tuf-root`: attestors of any other are refused.
   *
   * @default sigstore
   */
  readonly trustRoot?: string;
}

const version = installedVersion({
  product: 'policy-controller',
  /** Of the versions with cosign 3, whose bundles they verify, the first that can still be built and was asked. */
  oldest: [0, 15, 1],
  example: '0.15.1',
  lacking: 'which does not verify what cosign 3 signs, or was never seen to judge what is rendered',
});

export const POLICY_CONTROLLER_ENGINE: Properties<PolicyControllerEngineProps> = {
  version: required(version),
  name: optional(objectName),
  namespace: optional(checkName),
  trustRoot: optional(checkName),
};

/** The engine's settings: the defaults and what was said otherwise. */
export function policyControllerSettings(props: PolicyControllerEngineProps): PolicyControllerInstallation {
  return {
    name: props.name ?? 'proofgate',
    version: props.version.replace(/^v/, ''),
    namespace: props.namespace ?? 'cosign-system',
    trustRoot: props.trustRoot ?? 'sigstore',
  };
}
