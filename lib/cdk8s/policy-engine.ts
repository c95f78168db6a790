import { Construct } from 'constructs';
import { Check, instance } from '../authoring/properties';
import { EnforcementRoll } from './roll';

/**
 * What enforces policies: a `WebhookVerifier`, or another engine that the same policies are compiled to.
 *
 * An engine that cannot express what a policy, exemption or deny list says refuses it: it leaves nothing out.
 *
 * @example
 *
 * const engine: PolicyEngine = new WebhookVerifier(this, 'verifier', { replicas: 5 });
 *
 * new SignedImagePolicy(this, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine });
 */
export abstract class PolicyEngine extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    EnforcementRoll.of(this).begin(this);
  }
}

/** Where a policy, exemption or deny list takes one. */
export const anEngine: Check = instance(PolicyEngine, 'PolicyEngine', 'pass a WebhookVerifier or another engine');
