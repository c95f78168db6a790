import { anchorOf } from '../policy/anchor';
import { TagRule } from '../policy/document';
import { matchesImage } from '../policy/image-pattern';
import { isOver } from '../policy/instant';
import { coversNamespace } from '../policy/namespaces';
import { NamespaceContext, NormalAttestor, NormalExemption, NormalPolicy, PolicySet } from '../policy/normal';

/** What has to be known about an image before it can be judged; found without asking anybody. */
export type Plan = UncoveredPlan | ExemptPlan | UnmatchedPlan | UnknownNamespacePlan | JudgePlan;

/** No policy covers the namespace: the image may run. */
export interface UncoveredPlan {
  readonly type: 'uncovered';
}

/** A dated exemption names this digest: the image may run. */
export interface ExemptPlan {
  readonly type: 'exempt';
  readonly exemption: NormalExemption;
}

/** The namespace is guarded and no policy is about this image. */
export interface UnmatchedPlan {
  readonly type: 'unmatched';
  /** Only policies in their audit window guard the namespace: a violation is said aloud, not refused. */
  readonly auditOnly: boolean;
}

/** Which policies cover the namespace depends on labels that are not known. */
export interface UnknownNamespacePlan {
  readonly type: 'unknown-namespace';
}

/** Evidence decides. */
export interface JudgePlan {
  readonly type: 'judge';
  /** Policies whose violation is refused. */
  readonly policies: readonly NormalPolicy[];
  /** Policies in their audit window. */
  readonly audited: readonly NormalPolicy[];
  /** Everybody whose word may count, one for each trust anchor. */
  readonly attestors: readonly NormalAttestor[];
  /** `deny` when an enforced policy wants it, or when only audited ones are left and one of them does. */
  readonly tags: TagRule;
}

export interface PlanInput {
  readonly set: PolicySet;
  /** Canonical repository name. */
  readonly name: string;
  /** Without one, no exemption can apply. */
  readonly digest?: string;
  readonly namespace: NamespaceContext;
  readonly now: number;
}

/** Finds the policies that matter to an image in a namespace. An audit window that is over counts for nothing. */
export function plan({ set, name, digest, namespace, now }: PlanInput): Plan {
  const exemption = set.exemptions.find((candidate) => digest !== undefined && candidate.image === name && candidate.digests.includes(digest)
    && !isOver(candidate.until, now) && coversNamespace(candidate.namespaces, namespace) === true);
  const covering = set.policies.filter((policy) => coversNamespace(policy.namespaces, namespace) === true);
  const unsure = set.policies.some((policy) => coversNamespace(policy.namespaces, namespace) === 'unknown');
  if (unsure) {
    return exemption === undefined ? { type: 'unknown-namespace' } : { type: 'exempt', exemption };
  }
  if (covering.length === 0) {
    return { type: 'uncovered' };
  }
  if (exemption !== undefined) {
    return { type: 'exempt', exemption };
  }
  const isAudited = (policy: NormalPolicy): boolean => policy.action.type === 'Audit' && !isOver(policy.action.until, now);
  const matching = covering.filter((policy) => policy.images.some((pattern) => matchesImage(pattern, name)));
  if (matching.length === 0) {
    return { type: 'unmatched', auditOnly: covering.every(isAudited) };
  }
  const policies = matching.filter((policy) => !isAudited(policy));
  const audited = matching.filter(isAudited);
  const deciding = policies.length > 0 ? policies : audited;
  return { type: 'judge', policies, audited, attestors: distinctAttestors(matching), tags: deciding.some((policy) => policy.tags === 'deny') ? 'deny' : 'pin' };
}

function distinctAttestors(policies: readonly NormalPolicy[]): NormalAttestor[] {
  const attestors = policies.flatMap((policy) => Object.values(policy.attestors));
  return [...new Map(attestors.map((attestor) => [anchorOf(attestor), attestor])).values()];
}
