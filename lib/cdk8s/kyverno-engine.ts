import { Construct } from 'constructs';
import { frozen } from '../authoring/frozen';
import { KYVERNO_ENGINE, KyvernoEngineProps, kyvernoSettings } from '../authoring/kyverno-engine-props';
import { requireProperties } from '../authoring/properties';
import { kyvernoEngine } from '../engines/kyverno';
import { enforceBy } from './enforcement';
import { PolicyEngine } from './policy-engine';

/**
 * Kyverno as what enforces policies: one ImageValidatingPolicy for all of them, an admission policy against exceptions from it, and the floor under it.
 *
 * Kyverno has to be installed and running; nothing here installs it. What it cannot express is refused, see docs/engines.md.
 *
 * @example
 *
 * const kyverno = new KyvernoEngine(this, 'kyverno', { version: '1.19.1' });
 *
 * new SignedImagePolicy(this, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine: kyverno });
 */
export class KyvernoEngine extends PolicyEngine {
  /** Name of the policy. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: KyvernoEngineProps) {
    super(scope, id);
    requireProperties(this.node.path, props, KYVERNO_ENGINE);
    const settings = frozen(kyvernoSettings(props));
    this.name = settings.name;
    enforceBy(this, kyvernoEngine(settings));
  }
}
