import * as pulumi from '@pulumi/pulumi';
import { requireProperties } from '../authoring/properties';
import { verifierSettings } from '../authoring/verifier-settings';
import { WEBHOOK_VERIFIER, WebhookVerifierProps } from '../authoring/webhook-verifier-props';
import { Declarations } from './declarations';
import { Enforcement } from './enforcement';
import { enforcingHook } from './enforcing-hook';
import { registerObject } from './kubernetes-resource';
import { Registered, whenEnforced } from './registered';
import { rollout } from './rollout';
import { said } from './said';

/** The Service that the API server asks. */
export interface VerifierService {
  readonly namespace: string;
  readonly name: string;
}

/** Of this type, all that tells is which cluster the objects of this library go to. */
export const KUBERNETES = 'kubernetes:core/v1:ConfigMap';

/** What is known when everything that enforces is registered. */
interface Outputs {
  readonly policyDigest: pulumi.Output<string>;
  readonly verifierService: pulumi.Output<VerifierService>;
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
 * new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], verifier });
 */
export class WebhookVerifier extends pulumi.ComponentResource<Outputs> {
  /** Namespace of the verifier; it is made for it. */
  public readonly namespace: string;

  /** Digest of all policies that it enforces; every verdict names it. Known once they are enforced. */
  public readonly policyDigest: pulumi.Output<string>;

  /** The Service that the API server asks. Known once everything is enforced. */
  public readonly verifierService: pulumi.Output<VerifierService>;

  /** @internal */
  public readonly _enforcement: Enforcement;

  private readonly declarations: Declarations;

  constructor(name: string, args: WebhookVerifierProps = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super('proofgate:index:WebhookVerifier', name, {}, opts);
    this.declarations = Declarations.current();
    const declared = this.declarations.begin({ path: name, what: 'WebhookVerifier' });
    requireProperties(name, args, WEBHOOK_VERIFIER);
    this._enforcement = new Enforcement(name, verifierSettings(name, args));
    this.namespace = this._enforcement.settings.namespace;
    const outputs = pulumi.output(this.getData());
    this.policyDigest = outputs.apply(({ policyDigest }) => policyDigest);
    this.verifierService = outputs.apply(({ verifierService }) => verifierService);
    this.declarations.verifiers.push({ component: this, enforcement: this._enforcement, provider: this.getProvider(KUBERNETES) });
    this.declarations.done(declared);
  }

  /** Called by the base class while this is still being constructed. */
  protected override async initialize(): Promise<Outputs> {
    await Declarations.current().endOfTurn();
    const { settings, policyDigest } = this._enforcement;
    const manifests = said(this, () => this._enforcement.render(this.declarations));
    const registered: Registered[] = [];
    for (const step of rollout(manifests)) {
      const dependsOn = registered.map(({ resource }) => resource);
      registered.push(...step.map((manifest) => ({
        manifest, resource: registerObject(manifest, { parent: this, dependsOn, hooks: enforcingHook(manifest, manifests) }),
      })));
    }
    const digest = whenEnforced(this, registered, policyDigest);
    const outputs = { policyDigest: digest, verifierService: digest.apply(() => ({ namespace: settings.namespace, name: settings.name })) };
    this.registerOutputs(outputs);
    return outputs;
  }
}
