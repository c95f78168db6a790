import { PolicyControllerInstallation } from '../kubernetes/policy-controller/objects';
import { checkName } from '../policy/check-scope';
import { describe } from '../policy/field';
import { Check, objectName, optional, Properties, required } from './properties';

/**
 * How policy-controller is installed.
 *
 * @example
 *
 * new PolicyControllerEngine(this, 'policy-controller', { version: '0.15.1', namespace: 'cosign-system' });
 */
export interface PolicyControllerEngineProps {
  /** The oldest version that will read the policies, at least `0.15.0`: before that it verifies no bundles whose log says no time. */
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

/** The first version with cosign 3, whose bundles it verifies. */
const OLDEST = [0, 15, 0] as const;

const version: Check = (field) => {
  const written = field.text();
  if (written === undefined) {
    return;
  }
  const parts = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(written)?.slice(1).map(Number);
  if (parts === undefined) {
    field.problem(`is ${describe(written)}, which is no version of policy-controller: write the oldest one in use, for example 0.15.1`);
  } else if (isOlder(parts)) {
    field.problem(`is ${describe(written)}, which does not verify what cosign 3 signs: upgrade policy-controller to ${OLDEST.join('.')} or newer`);
  }
};

function isOlder(parts: readonly number[]): boolean {
  const different = OLDEST.findIndex((part, index) => part !== parts[index]);
  return different >= 0 && (parts[different] ?? 0) < (OLDEST[different] ?? 0);
}

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
