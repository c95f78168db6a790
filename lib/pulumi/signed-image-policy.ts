import * as pulumi from '@pulumi/pulumi';
import { IMAGE_POLICY, imagePolicy, ImagePolicyDemand } from '../authoring/image-policy';
import { places } from '../authoring/place';
import { instance, list, optional, Properties, required, requireProperties } from '../authoring/properties';
import { anyAttestors, Attestor, namedAttestors } from './attestor';
import { Declarations } from './declarations';
import { Requirement } from './requirement';
import { engineFor } from './engine-choice';
import { anEngine, enforcementOf, PolicyEngine } from './policy-engine';

/**
 * Which images need which proof, and where. Plain values: what decides enforcement is known in every preview.
 *
 * @example
 *
 * const props: SignedImagePolicyArgs = {
 *   images: ['ghcr.io/acme/payments/**'],
 *   namespaces: NamespaceSelection.names('payments'),
 *   attestors: [release],
 *   tags: TagRule.DENY,
 * };
 */
export interface SignedImagePolicyArgs extends ImagePolicyDemand {
  /** Who must have signed the image. */
  readonly attestors: Attestor[];

  /**
   * What must be proven beside the signature; all of them. Their attestors need not be listed in `attestors`.
   *
   * @default - the signature alone
   */
  readonly requirements?: Requirement[];

  /**
   * What enforces the policy.
   *
   * @default - the bundled verifier of this stack, made by its first policy
   */
  readonly engine?: PolicyEngine;
}

const PROPERTIES: Properties<SignedImagePolicyArgs> = {
  ...IMAGE_POLICY,
  attestors: required(anyAttestors),
  requirements: optional(list(instance(Requirement, 'Requirement', 'pass a requirement of proofgate/pulumi'))),
  engine: optional(anEngine),
};

/**
 * Only images with this proof may run: the unit of policy. It brings everything that enforces it.
 *
 * The images must be signed by `attestors` and meet every requirement. Where several policies match an image, all of them must hold; an
 * `Exemption` for its digest is stronger than all of them. In a namespace that any policy covers, images that no policy matches are refused.
 *
 * What enforces it is registered by its engine: a resource that has to wait for it says `dependsOn: policy.engine`.
 *
 * @example
 *
 * const release = KeylessAttestor.githubWorkflow('release', {
 *   repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
 * });
 *
 * new SignedImagePolicy('payments', {
 *   images: ['ghcr.io/acme/payments/**'],
 *   attestors: [release],
 * });
 */
export class SignedImagePolicy extends pulumi.ComponentResource {
  /** Name of the policy in messages, logs and metrics. */
  public readonly policyName: string;

  /** What enforces the policy. */
  public readonly engine: PolicyEngine;

  /** Digest of all policies that are enforced with this one; every verdict names it. Known once they are. */
  public readonly policyDigest: pulumi.Output<string>;

  constructor(name: string, args: SignedImagePolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    super('proofgate:index:SignedImagePolicy', name, {}, opts);
    const declarations = Declarations.current();
    const { document, engine } = declarations.declare(this, { path: name, what: 'SignedImagePolicy' }, () => {
      requireProperties(name, args, PROPERTIES);
      const requirements = args.requirements ?? [];
      const signers = namedAttestors(name, args.attestors);
      const attestors = namedAttestors(name, [...signers.values(), ...requirements.flatMap((requirement) => requirement._attestors)]);
      const made = imagePolicy(name, args.name ?? name, args, {
        signers: [...signers.keys()],
        attestors: new Map([...attestors].map(([key, attestor]) => [key, attestor._document])),
        requirements: requirements.map((requirement) => requirement._document),
      });
      [...attestors.values(), ...requirements].forEach((part) => declarations.use(part));
      const chosen = engineFor(name, this, args.engine);
      enforcementOf(chosen).enforce(name, made, [...attestors.values()].flatMap(({ _trustRoot: { _file } }) => _file ?? []), places(name, {
        attestors: new Map([...attestors].map(([key, attestor]) => [key, { path: attestor.attestorName, names: attestor._names }])),
        requirements: requirements.map(({ requirementName }) => requirementName),
      }));
      return { document: made, engine: chosen };
    });
    this.policyName = document.metadata.name;
    this.engine = engine;
    this.policyDigest = engine.policyDigest;
    this.registerOutputs({ document, policyDigest: this.policyDigest });
  }
}
