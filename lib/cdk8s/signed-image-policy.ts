import { Construct } from 'constructs';
import { ImagePolicy, ImagePolicySpec, SignatureRequirement } from '../policy/document';
import { Attestor } from './attestor';
import { anyAttestors, namedAttestors } from './attestor-names';
import { AuditWindow } from './audit-window';
import { defined } from './defined';
import { refuseInput } from './input';
import { NamespaceSelection } from './namespace-selection';
import { inDocument, instance, list, oneOf, optional, Properties, required, requireProperties } from './properties';
import { readDocument } from './read-document';
import { Requirement } from './requirement';
import { EnforcementRoll } from './roll';
import { verifierFor } from './verifier-choice';
import { WebhookVerifier } from './webhook-verifier';

/** What an image tag means. */
export enum TagRule {
  /** Pods are pinned to the digest that was verified; what a workload template's tag points to now is verified as early feedback. */
  PIN = 'pin',
  /** Tags are refused everywhere: images are named by digest. */
  DENY = 'deny',
}

/** Which images need which proof, and where. */
export interface SignedImagePolicyProps {
  /**
   * Patterns over fully qualified repositories, such as `ghcr.io/acme/payments/**`: `**` stands for one or more whole path segments, `*` for
   * characters within one. Names that the container runtime completes are written out: `docker.io/library/nginx` instead of `nginx`.
   */
  readonly images: string[];

  /** Who must have signed the image. */
  readonly attestors: Attestor[];

  /**
   * How many of `attestors` must have signed.
   *
   * @default 1
   */
  readonly threshold?: number;

  /**
   * What must be proven beside the signature; all of them. Their attestors need not be listed in `attestors`.
   *
   * @default - the signature alone
   */
  readonly requirements?: Requirement[];

  /**
   * Where the policy holds.
   *
   * @default - every namespace except kube-system
   */
  readonly namespaces?: NamespaceSelection;

  /**
   * What an image tag means.
   *
   * @default TagRule.PIN
   */
  readonly tags?: TagRule;

  /**
   * Admits violations with a warning until a date.
   *
   * @default - violations are refused
   */
  readonly audit?: AuditWindow;

  /**
   * What enforces the policy.
   *
   * @default - the verifier of this chart, made by its first policy; an App with policies in several charts has to pass one
   */
  readonly verifier?: WebhookVerifier;

  /**
   * Name of the policy in messages, logs and metrics: a DNS-1123 label, unique for its verifier.
   *
   * @default - the construct's id
   */
  readonly name?: string;
}

const PROPERTIES: Properties<SignedImagePolicyProps> = {
  images: required(inDocument),
  attestors: required(anyAttestors),
  threshold: optional(inDocument),
  requirements: optional(list(instance(Requirement, 'pass an SlsaProvenanceRequirement or an AttestationRequirement, made by the same copy of the package'))),
  namespaces: optional(instance(NamespaceSelection)),
  tags: optional(oneOf('TagRule', TagRule)),
  audit: optional(instance(AuditWindow)),
  verifier: optional(instance(WebhookVerifier)),
  name: optional(inDocument),
};

/**
 * Only images with this proof may run: the unit of policy. It brings everything that enforces it.
 *
 * The images must be signed by `attestors` and meet every requirement. Where several policies match an image, all of them must hold; an
 * `Exemption` for its digest is stronger than all of them. In a namespace that any policy covers, images that no policy matches are refused.
 *
 * Everything is written in the chart of the verifier: the file of another chart that only holds policies is empty.
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
  public readonly verifier: WebhookVerifier;

  constructor(scope: Construct, id: string, props: SignedImagePolicyProps) {
    super(scope, id);
    EnforcementRoll.of(this).begin(this);
    const path = this.node.path;
    requireProperties(path, props, PROPERTIES);
    this.name = props.name ?? id;
    const requirements = requireRequirements(path, props.requirements ?? []);
    const signers = namedAttestors(path, props.attestors);
    const attestors = namedAttestors(path, [...signers.values(), ...requirements.flatMap((requirement) => requirement._attestors)]);
    const document = readDocument(path, policyDocument(this.name, props, [...signers.keys()], attestors, requirements));
    const roll = EnforcementRoll.of(this);
    [...attestors.values(), ...requirements].forEach((construct) => roll.use(construct));
    this.verifier = verifierFor(this, props.verifier);
    this.verifier._enforcement.enforce(this, document, [...attestors.values()].flatMap(({ _trustRoot: { _file } }) => _file ?? []));
  }
}

function policyDocument(
  name: string, props: SignedImagePolicyProps, signers: string[], attestors: ReadonlyMap<string, Attestor>, requirements: readonly Requirement[],
): ImagePolicy {
  const signature = defined<SignatureRequirement>({ type: 'signature', name: SIGNATURE, attestors: signers, threshold: props.threshold });
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name },
    spec: defined<ImagePolicySpec>({
      images: props.images,
      namespaces: props.namespaces?._document,
      action: props.audit?._document,
      tags: props.tags,
      attestors: Object.fromEntries([...attestors].map(([key, attestor]) => [key, attestor._document])),
      requirements: [signature, ...requirements.map((requirement) => requirement._document)],
    }),
  };
}

/** Name of the requirement that every policy has. */
const SIGNATURE = 'signature';

function requireRequirements(path: string, requirements: readonly Requirement[]): readonly Requirement[] {
  for (const [index, requirement] of requirements.entries()) {
    if (requirement.name === SIGNATURE) {
      refuseInput(path, `requirements[${index}] is called "${SIGNATURE}", as the requirement is that every policy has`,
        'Give the construct another id.');
    }
  }
  return requirements;
}
