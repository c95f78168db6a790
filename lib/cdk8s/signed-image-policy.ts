import { Construct } from 'constructs';
import { documentName } from './document-name';
import { enforcementOf } from './enforcement';
import { engineFor } from './engine-choice';
import { IMAGE_POLICY, imagePolicy, ImagePolicyDemand } from '../authoring/image-policy';
import { places } from '../authoring/place';
import { instance, list, optional, Properties, required, requireProperties } from '../authoring/properties';
import { Attestor } from './attestor';
import { anyAttestors, namedAttestors } from './attestor-names';
import { anEngine, PolicyEngine } from './policy-engine';
import { Requirement } from './requirement';
import { EnforcementRoll } from './roll';

/**
 * Which images need which proof, and where.
 *
 * @example
 *
 * const props: SignedImagePolicyProps = {
 *   images: ['ghcr.io/acme/payments/**'],
 *   namespaces: NamespaceSelection.names('payments'),
 *   attestors: [release],
 *   tags: TagRule.DENY,
 * };
 */
export interface SignedImagePolicyProps extends ImagePolicyDemand {
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
   * @default - the bundled verifier of this chart, made by its first policy; an App with policies in several charts has to pass one
   */
  readonly engine?: PolicyEngine;
}

const PROPERTIES: Properties<SignedImagePolicyProps> = {
  ...IMAGE_POLICY,
  attestors: required(anyAttestors),
  requirements: optional(list(instance(Requirement, 'Requirement', 'pass an SlsaProvenanceRequirement, an SbomRequirement or another one'))),
  engine: optional(anEngine),
};

/**
 * Only images with this proof may run: the unit of policy. It brings everything that enforces it.
 *
 * The images must be signed by `attestors` and meet every requirement. Where several policies match an image, all of them must hold; an
 * `Exemption` for its digest is stronger than all of them. In a namespace that any policy covers, images that no policy matches are refused.
 *
 * Everything is written in the chart of the engine: the file of another chart that only holds policies is empty.
 *
 * @example
 *
 * const release = KeylessAttestor.githubWorkflow(this, 'release', {
 *   repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
 * });
 *
 * new SignedImagePolicy(this, 'payments', {
 *   images: ['ghcr.io/acme/payments/**'],
 *   attestors: [release],
 *   requirements: [
 *     new SlsaProvenanceRequirement(this, 'provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
 *   ],
 * });
 */
export class SignedImagePolicy extends Construct {
  /** Name of the policy in messages, logs and metrics. */
  public readonly name: string;

  /** What enforces the policy. */
  public readonly engine: PolicyEngine;

  constructor(scope: Construct, id: string, props: SignedImagePolicyProps) {
    super(scope, id);
    const roll = EnforcementRoll.of(this);
    roll.begin(this);
    const path = this.node.path;
    requireProperties(path, props, PROPERTIES);
    this.name = documentName(path, id, props.name);
    const requirements = props.requirements ?? [];
    const signers = namedAttestors(path, props.attestors);
    const attestors = namedAttestors(path, [...signers.values(), ...requirements.flatMap((requirement) => requirement._attestors)]);
    const document = imagePolicy(path, this.name, props, {
      signers: [...signers.keys()],
      attestors: new Map([...attestors].map(([name, attestor]) => [name, attestor._document])),
      requirements: requirements.map((requirement) => requirement._document),
    });
    [...attestors.values(), ...requirements].forEach((construct) => roll.use(construct));
    this.engine = engineFor(this, props.engine);
    enforcementOf(this.engine).enforce(this, document, [...attestors.values()].flatMap(({ _trustRoot: { _file } }) => _file ?? []), places(path, {
      attestors: new Map([...attestors].map(([name, attestor]) => [name, { path: attestor.node.path, names: attestor._names }])),
      requirements: requirements.map((requirement) => requirement.node.path),
    }));
  }
}
