import { KyvernoInstallation } from '../kubernetes/kyverno/policy';
import { checkName } from '../policy/check-scope';
import { installedVersion } from './engine-version';
import { Check, objectName, optional, Properties, required } from './properties';

/**
 * How Kyverno is installed.
 *
 * @example
 *
 * new KyvernoEngine(this, 'kyverno', { version: '1.19.1', namespace: 'kyverno-system' });
 */
export interface KyvernoEngineProps {
  /** The oldest version that will read the policy, at least `1.19.0`: before that image policies let through what they should refuse. */
  readonly version: string;

  /**
   * Name of the policy; unique in the cluster.
   *
   * @default proofgate
   */
  readonly name?: string;

  /**
   * Namespace in which Kyverno runs; it is not asked about images there.
   *
   * @default kyverno
   */
  readonly namespace?: string;

  /**
   * What the API server waits for Kyverno's answer: 1–30 seconds.
   *
   * @default 30
   */
  readonly timeoutSeconds?: number;
}

const MAX_TIMEOUT_SECONDS = 30;

const version = installedVersion({
  product: 'Kyverno',
  /** The first version that does on this kind of policy what is asked of it. */
  oldest: [1, 19, 0],
  example: '1.19.1',
  lacking: 'in which ImageValidatingPolicy does not pin, does not want a digest and is not asked about ephemeral containers',
});

const seconds: Check = (field) => {
  const value = field.count();
  if (value !== undefined && value > MAX_TIMEOUT_SECONDS) {
    field.problem(`is ${value}: write 1 to ${MAX_TIMEOUT_SECONDS}, the API server waits no longer`);
  }
};

export const KYVERNO_ENGINE: Properties<KyvernoEngineProps> = {
  version: required(version),
  name: optional(objectName),
  namespace: optional(checkName),
  timeoutSeconds: optional(seconds),
};

/** The engine's settings: the defaults and what was said otherwise. */
export function kyvernoSettings(props: KyvernoEngineProps): KyvernoInstallation {
  return {
    name: props.name ?? 'proofgate',
    version: props.version.replace(/^v/, ''),
    namespace: props.namespace ?? 'kyverno',
    timeoutSeconds: props.timeoutSeconds ?? MAX_TIMEOUT_SECONDS,
  };
}
