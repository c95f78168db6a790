import { NativeSettings } from '../engines/native';
import { checkName } from '../policy/check-scope';
import { optional, Properties } from './properties';

/**
 * How the API server's own admission policy is called.
 *
 * @example
 *
 * new NativeEngine(this, 'native', { name: 'acme-native' });
 */
export interface NativeEngineProps {
  /**
   * Name of the ValidatingAdmissionPolicy, with which the names of its bindings begin.
   *
   * @default proofgate-native
   */
  readonly name?: string;
}

export const NATIVE_ENGINE: Properties<NativeEngineProps> = { name: optional(checkName) };

export function nativeSettings({ name = 'proofgate-native' }: NativeEngineProps): NativeSettings {
  return { name };
}
