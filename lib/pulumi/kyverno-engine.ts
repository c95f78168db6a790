import * as pulumi from '@pulumi/pulumi';
import { frozen } from '../authoring/frozen';
import { KYVERNO_ENGINE, KyvernoEngineProps, kyvernoSettings } from '../authoring/kyverno-engine-props';
import { requireProperties } from '../authoring/properties';
import { kyvernoEngine } from '../engines/kyverno';
import { PolicyEngine } from './policy-engine';

/**
 * Kyverno as what enforces policies: one ImageValidatingPolicy for all of them, an admission policy against exceptions from it, and the floor under it.
 *
 * Kyverno has to be installed and running; nothing here installs it. What it cannot express is refused, see docs/engines.md.
 *
 * @example
 *
 * const kyverno = new KyvernoEngine('kyverno', { version: '1.19.1' });
 *
 * new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine: kyverno });
 */
export class KyvernoEngine extends PolicyEngine {
  constructor(name: string, args: KyvernoEngineProps, opts: pulumi.ComponentResourceOptions = {}) {
    super('KyvernoEngine', name, opts, () => {
      requireProperties(name, args, KYVERNO_ENGINE);
      return kyvernoEngine(frozen(kyvernoSettings(args)));
    });
  }
}
