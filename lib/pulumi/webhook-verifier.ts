import * as pulumi from '@pulumi/pulumi';
import { requireProperties } from '../authoring/properties';
import { frozen } from '../authoring/frozen';
import { verifierSettings } from '../authoring/verifier-settings';
import { WEBHOOK_VERIFIER, WebhookVerifierProps } from '../authoring/webhook-verifier-props';
import { EnginePlace } from '../engines/engine';
import { webhookEngine } from '../engines/webhook';
import { enforcementOf, PolicyEngine } from './policy-engine';

/**
 * The Service that the API server asks.
 *
 * @example
 *
 * const service: pulumi.Output<VerifierService> = verifier.verifierService;
 */
export interface VerifierService {
  /** The verifier's own. */
  readonly namespace: string;
  /** Its name in that namespace. */
  readonly name: string;
}

/**
 * What enforces policies: the bundled verifier with its certificates, permissions and admission webhooks, in a namespace of its own.
 *
 * The first policy of a stack makes one with the defaults; make it yourself to change them. Its objects are registered at the end of the turn in
 * which it is declared, so that all its policies are declared without an `await` in between. The webhook configurations are created when the
 * verifier answers, and deleted before it is.
 *
 * @example
 *
 * const verifier = new WebhookVerifier('verifier', { replicas: 5 });
 *
 * new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine: verifier });
 */
export class WebhookVerifier extends PolicyEngine {
  /** Namespace of the verifier; it is made for it. */
  public readonly namespace: string;

  /** The Service that the API server asks. Known once everything is enforced. */
  public readonly verifierService: pulumi.Output<VerifierService>;

  constructor(name: string, args: WebhookVerifierProps = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super('WebhookVerifier', name, opts, () => {
      requireProperties(name, args, WEBHOOK_VERIFIER);
      return webhookEngine(frozen(verifierSettings(name, args)));
    });
    const { namespace, service } = placeOf(this);
    this.namespace = namespace;
    this.verifierService = this.policyDigest.apply(() => ({ namespace, name: service }));
  }
}

function placeOf(engine: PolicyEngine): EnginePlace {
  const { engine: { id, place } } = enforcementOf(engine);
  if (place === undefined) {
    throw new Error(`the engine ${id} runs nowhere`);
  }
  return place;
}
