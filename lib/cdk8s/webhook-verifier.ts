import { Construct } from 'constructs';
import { enforceBy } from './enforcement';
import { requireProperties } from '../authoring/properties';
import { webhookEngine } from '../engines/webhook';
import { frozen } from '../authoring/frozen';
import { PolicyEngine } from './policy-engine';
import { verifierSettings } from '../authoring/verifier-settings';
import { WEBHOOK_VERIFIER, WebhookVerifierProps } from '../authoring/webhook-verifier-props';

/**
 * What enforces policies: the bundled verifier with its certificates, permissions and admission webhooks, in a namespace of its own.
 *
 * The first policy of a chart makes one with the defaults; make it yourself to change them, or to share it between charts. Everything it
 * enforces is written in its own chart, because the policies and what loads them have to be applied together; files of other charts that hold
 * nothing but policies and exemptions are empty.
 *
 * @example
 *
 * const verifier = new WebhookVerifier(this, 'verifier', { replicas: 5 });
 *
 * new SignedImagePolicy(this, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine: verifier });
 */
export class WebhookVerifier extends PolicyEngine {
  /** Namespace of the verifier; the engine makes it. */
  public readonly namespace: string;

  /** Name of the verifier's objects and of the webhook configurations. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: WebhookVerifierProps = {}) {
    super(scope, id);
    requireProperties(this.node.path, props, WEBHOOK_VERIFIER);
    const settings = frozen(verifierSettings(this.node.path, props));
    this.namespace = settings.namespace;
    this.name = settings.name;
    enforceBy(this, webhookEngine(settings));
  }
}
