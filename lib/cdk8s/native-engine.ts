import { Construct } from 'constructs';
import { NATIVE_ENGINE, NativeEngineProps, nativeSettings } from '../authoring/native-engine-props';
import { requireProperties } from '../authoring/properties';
import { nativeEngine } from '../engines/native';
import { enforceBy } from './enforcement';
import { PolicyEngine } from './policy-engine';

/**
 * The API server itself as engine: a ValidatingAdmissionPolicy, which needs no program, no network and no certificate, and nobody to answer.
 *
 * It sees the names of images and nothing behind them. So it holds an `Exemption`, as a list of the only digests that may run in its namespaces, and the digests of a
 * `DenyList`; a `SignedImagePolicy`, whose signatures it cannot see, it refuses with `ENGINE_CANNOT`. Tags are refused everywhere. An exemption ends for Pods that are
 * created from its end on. To have it under a `WebhookVerifier`, give that one `floor: true`.
 *
 * @example
 *
 * const engine = new NativeEngine(this, 'native');
 *
 * new Exemption(this, 'vendor-agent', {
 *   image: 'docker.io/vendor/agent',
 *   digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 *   reason: 'The only image of this namespace, reviewed in SEC-1234',
 *   owner: 'platform@acme.example',
 *   until: '2027-03-31',
 *   namespaces: NamespaceSelection.names('agents'),
 *   engine,
 * });
 */
export class NativeEngine extends PolicyEngine {
  /** Name of the ValidatingAdmissionPolicy. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: NativeEngineProps = {}) {
    super(scope, id);
    requireProperties(this.node.path, props, NATIVE_ENGINE);
    const settings = nativeSettings(props);
    this.name = settings.name;
    enforceBy(this, nativeEngine(settings));
  }
}
