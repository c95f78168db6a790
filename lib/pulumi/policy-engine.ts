import * as pulumi from '@pulumi/pulumi';
import { refuseInput } from '../authoring/input';
import { Check, instance } from '../authoring/properties';
import { Engine } from '../engines/engine';
import { Declarations } from './declarations';
import { Enforcement } from './enforcement';
import { enforcingHook } from './enforcing-hook';
import { registerObject } from './kubernetes-resource';
import { Registered, whenEnforced } from './registered';
import { rollout } from './rollout';
import { said } from './said';

/** Of this type, all that tells is which cluster the objects of this library go to. */
export const KUBERNETES = 'kubernetes:core/v1:ConfigMap';

/** Beside the engines, so that nothing that a program holds leads to what judges it. */
const enforcements = new WeakMap<PolicyEngine, Enforcement>();

/** What an engine enforces. */
export function enforcementOf(engine: PolicyEngine): Enforcement {
  return enforcements.get(engine) ?? refuseInput('engine', 'it is one that this package did not make', 'Make one of its engines, and have the package installed once.');
}

/** What is known when everything that enforces is registered. */
interface Outputs {
  readonly policyDigest: pulumi.Output<string>;
}

/**
 * What enforces policies: a `WebhookVerifier`, or another engine that the same policies are compiled to.
 *
 * An engine that cannot express what a policy, exemption or deny list says refuses it: it leaves nothing out. Its objects are registered at the end
 * of the turn in which it is declared.
 *
 * @example
 *
 * const engine: PolicyEngine = new WebhookVerifier('verifier', { replicas: 5 });
 *
 * new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine });
 */
export abstract class PolicyEngine extends pulumi.ComponentResource<Outputs> {
  /** Digest of all policies that it enforces. Known once they are enforced. */
  public readonly policyDigest: pulumi.Output<string>;

  readonly #declarations: Declarations;

  /** What this would be without a parent: objects follow it when it moves below one, as in a program that grows. */
  readonly #atTheTop: pulumi.Output<pulumi.URN>;

  /**
   * @param what - its class, as messages and type tokens say it
   * @param setUp - checks what the program says and makes the engine of it
   *
   * @internal
   */
  constructor(what: string, name: string, opts: pulumi.ComponentResourceOptions, setUp: () => Engine) {
    const type = `proofgate:index:${what}`;
    super(type, name, {}, opts);
    this.#atTheTop = pulumi.createUrn(name, type);
    this.#declarations = Declarations.current();
    const enforcement = this.#declarations.declare(this, { path: name, what }, () => new Enforcement(name, setUp()));
    enforcements.set(this, enforcement);
    this.policyDigest = pulumi.output(this.getData()).apply(({ policyDigest }) => policyDigest);
    this.#declarations.engines.push({ component: this, enforcement, provider: this.getProvider(KUBERNETES) });
  }

  /** Called by the base class while this is still being constructed. */
  protected override async initialize(): Promise<Outputs> {
    await Declarations.current().endOfTurn();
    // Refused when it was made, which the engine has been told; there is nothing to register.
    const enforcement = enforcements.get(this);
    if (enforcement === undefined) {
      return new Promise(() => undefined);
    }
    const { engine: { place }, policyDigest } = enforcement;
    const manifests = said(this, () => enforcement.render(this.#declarations));
    const registered: Registered[] = [];
    const aliases = [{ parent: this.#atTheTop }];
    for (const step of rollout(manifests)) {
      const dependsOn = registered.map(({ resource }) => resource);
      registered.push(...step.map((manifest) => ({
        manifest, resource: registerObject(manifest, { parent: this, aliases, dependsOn, hooks: enforcingHook(manifest, manifests) }),
      })));
    }
    const digest = whenEnforced(this, registered, policyDigest);
    const service = place && { namespace: place.namespace, name: place.service };
    this.registerOutputs({ policyDigest: digest, ...(service === undefined ? {} : { verifierService: digest.apply(() => service) }) });
    return { policyDigest: digest };
  }
}

/** Where a policy, exemption or deny list takes one. */
export const anEngine: Check = instance(PolicyEngine, 'PolicyEngine', 'pass a WebhookVerifier or another engine');
