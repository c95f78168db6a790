import { KyvernoInstallation } from '../kubernetes/kyverno/policy';
import { checkName } from '../policy/check-scope';
import { describe } from '../policy/field';
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

/** The first version that does on this kind of policy what is asked of it. */
const OLDEST = [1, 19, 0] as const;

const MAX_TIMEOUT_SECONDS = 30;

const version: Check = (field) => {
  const written = field.text();
  if (written === undefined) {
    return;
  }
  const parts = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(written)?.slice(1).map(Number);
  if (parts === undefined) {
    field.problem(`is ${describe(written)}, which is no version of Kyverno: write the oldest one in use, for example 1.19.1`);
  } else if (isOlder(parts)) {
    field.problem(`is ${describe(written)}, in which ImageValidatingPolicy does not pin, does not want a digest and is not asked about ephemeral containers: upgrade Kyverno to ${OLDEST.join('.')} or newer`);
  }
};

function isOlder(parts: readonly number[]): boolean {
  const different = OLDEST.findIndex((part, index) => part !== parts[index]);
  return different >= 0 && (parts[different] ?? 0) < (OLDEST[different] ?? 0);
}

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
