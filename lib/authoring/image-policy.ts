import { Attestor, ImagePolicy, ImagePolicySpec, Requirement, SignatureRequirement } from '../policy/document';
import { anAuditWindow, AuditWindow } from './audit-window';
import { defined } from './defined';
import { refuseInput } from './input';
import { MultiPlatform } from './multi-platform';
import { aNamespaceSelection, NamespaceSelection } from './namespace-selection';
import { inDocument, oneOf, optional, Properties, required } from './properties';
import { readDocument } from './read-document';
import { SUBJECT_RULES } from './subject-rules';
import { Demand } from './transparency';

/**
 * What an image tag means.
 *
 * @example
 *
 * new SignedImagePolicy(this, 'payments', {
 *   images: ['ghcr.io/acme/payments/**'], attestors: [release], tags: TagRule.DENY,
 * });
 */
export enum TagRule {
  /** Pods are pinned to the digest that was verified; what a workload template's tag points to now is verified as early feedback. */
  PIN = 'pin',
  /** Tags are refused everywhere: images are named by digest. */
  DENY = 'deny',
}

/**
 * What makes evidence that of one build, by the word of the certificates.
 *
 * @example
 *
 * new SignedImagePolicy(this, 'payments', {
 *   images: ['ghcr.io/acme/payments/**'], attestors: [release], sameBuild: BuildRule.RUN,
 * });
 */
export enum BuildRule {
  /** The same commit of the same repository: several workflows may have signed. */
  COMMIT = 'commit',
  /** The same run of the same workflow. */
  RUN = 'run',
}

/**
 * Which images a policy is about and how it holds, whoever vouches for them.
 *
 * @internal
 */
export interface ImagePolicyDemand {
  /**
   * Patterns over fully qualified repositories, such as `ghcr.io/acme/payments/**`: `**` stands for one or more whole path segments, `*` for
   * characters within one. Names that the container runtime completes are written out: `docker.io/library/nginx` instead of `nginx`.
   */
  readonly images: string[];

  /**
   * How many of `attestors` must have signed.
   *
   * @default 1
   */
  readonly threshold?: number;

  /**
   * What each signature that counts must be annotated with, all of it on one and the same signature: what `cosign sign -a name=value` writes.
   *
   * @default - annotations do not matter
   */
  readonly signatureAnnotations?: { readonly [name: string]: string };

  /**
   * What must be signed where the image is an index of images for several platforms; the same holds for requirements that do not say it themselves.
   *
   * @default MultiPlatform.INDEX
   */
  readonly multiPlatform?: MultiPlatform;

  /**
   * Whether the signature must name the repository that the image is asked for from, so that one made for another repository does not count; the same
   * holds for requirements that do not say it themselves. The signatures of cosign 3 name none: they are then refused.
   *
   * @default Demand.NOT_REQUIRED
   */
  readonly repository?: Demand;

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
   * Everything that counts was signed by one and the same build. Needs keyless attestors; what is made later, such as scans, belongs to a policy of its own.
   *
   * @default - what is required may come from different builds
   */
  readonly sameBuild?: BuildRule;

  /**
   * Admits violations with a warning until a date.
   *
   * @default - violations are refused
   */
  readonly audit?: AuditWindow;

  /**
   * Name of the policy in messages, logs and metrics: a DNS-1123 label, unique for its verifier.
   *
   * @default - the construct's id
   */
  readonly name?: string;
}

export const IMAGE_POLICY: Properties<ImagePolicyDemand> = {
  images: required(inDocument),
  threshold: optional(inDocument),
  signatureAnnotations: optional(inDocument),
  ...SUBJECT_RULES,
  namespaces: optional(aNamespaceSelection),
  tags: optional(oneOf('TagRule', TagRule)),
  sameBuild: optional(oneOf('BuildRule', BuildRule)),
  audit: optional(anAuditWindow),
  name: optional(inDocument),
};

/** What a policy is made of beside what it says itself. */
export interface PolicyParts {
  /** Names of those who must have signed. */
  readonly signers: readonly string[];
  /** Everybody whom the signature or a requirement names. */
  readonly attestors: ReadonlyMap<string, Attestor>;
  /** What must be proven beside the signature. */
  readonly requirements: readonly Requirement[];
}

/** The document of a policy, valid and a copy that nobody else holds. */
export function imagePolicy(path: string, name: string, demand: ImagePolicyDemand, { signers, attestors, requirements }: PolicyParts): ImagePolicy {
  for (const [index, requirement] of requirements.entries()) {
    if (requirement.name === SIGNATURE) {
      refuseInput(path, `requirements[${index}] is called "${SIGNATURE}", as the requirement is that every policy has`, 'Give it another name.');
    }
  }
  const rules = defined<Pick<Requirement, 'multiPlatform' | 'repository'>>({ multiPlatform: demand.multiPlatform, repository: demand.repository });
  const signature = defined<SignatureRequirement>({
    type: 'signature', name: SIGNATURE, attestors: [...signers], threshold: demand.threshold, annotations: demand.signatureAnnotations, ...rules,
  });
  return readDocument(path, {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name },
    spec: defined<ImagePolicySpec>({
      images: demand.images,
      namespaces: demand.namespaces?._document,
      action: demand.audit?._document,
      tags: demand.tags,
      sameBuild: demand.sameBuild,
      attestors: Object.fromEntries(attestors),
      requirements: [signature, ...requirements.map((requirement): Requirement => ({ ...rules, ...requirement }))],
    }),
  });
}

/** Name of the requirement that every policy has. */
const SIGNATURE = 'signature';
