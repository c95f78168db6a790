import { canonicalJson } from '../policy/canonical-json';
import { Action, TagRule } from '../policy/document';
import { ImagePattern, matchesImage, parseImagePattern } from '../policy/image-pattern';
import { isOver, parseInstant } from '../policy/instant';
import { coversNamespace } from '../policy/namespaces';
import { NamespaceContext, NormalAttestor, NormalDenyList, NormalExemption, NormalPolicy, PolicySet } from '../policy/normal';
import { denyListsIn } from './deny-list';

/** What has to be known about an image before it can be judged; found without asking anybody. */
export type Plan = DeniedPlan | UncoveredPlan | ExemptPlan | UnmatchedPlan | UnknownNamespacePlan | JudgePlan;

/** A deny list names this digest: the image may not run, whatever else holds. */
export interface DeniedPlan {
  readonly type: 'denied';
  readonly denyList: NormalDenyList;
}

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
  /**
   * Where only policies in their audit window guard the namespace, the one whose window ends first: until then a violation is said aloud,
   * not refused.
   */
  readonly observer?: AuditedPolicy;
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
  readonly audited: readonly AuditedPolicy[];
  /** Everybody whose word may count, each once. */
  readonly attestors: readonly NormalAttestor[];
  /** `deny` when an enforced policy wants it, or when only audited ones are left and one of them does. */
  readonly tags: TagRule;
}

/** A policy in its audit window. */
export type AuditedPolicy = NormalPolicy & { readonly action: Extract<Action, { readonly type: 'Audit' }> };

export interface PlanInput {
  readonly set: PolicySet;
  /** Canonical repository name. */
  readonly name: string;
  /** Without one, no deny list and no exemption can apply. */
  readonly digest?: string;
  readonly namespace: NamespaceContext;
  readonly now: number;
}

/** Finds the policies that matter to an image in a namespace. An audit window that is over counts for nothing. */
export function plan({ set, name, digest, namespace, now }: PlanInput): Plan {
  const denyList = digest === undefined ? undefined : denyListsIn(set, namespace).find(({ digests }) => digests.includes(digest));
  if (denyList !== undefined) {
    return { type: 'denied', denyList };
  }
  const exemption = set.exemptions.find((candidate) => digest !== undefined && candidate.image === name && candidate.digests.includes(digest)
    && !isOver(candidate.until, now) && coversNamespace(candidate.namespaces, namespace) === true);
  const covered = set.policies.map((policy) => coversNamespace(policy.namespaces, namespace));
  const covering = set.policies.filter((_, index) => covered[index] === true);
  if (covered.includes('unknown')) {
    return exemption === undefined ? { type: 'unknown-namespace' } : { type: 'exempt', exemption };
  }
  if (covering.length === 0) {
    return { type: 'uncovered' };
  }
  if (exemption !== undefined) {
    return { type: 'exempt', exemption };
  }
  const isAudited = (policy: NormalPolicy): policy is AuditedPolicy => policy.action.type === 'Audit' && !isOver(policy.action.until, now);
  const matching = covering.filter((policy) => compile(policy).patterns.some((pattern) => matchesImage(pattern, name)));
  if (matching.length === 0) {
    return { type: 'unmatched', ...(covering.every(isAudited) ? { observer: firstToEnd(covering) } : {}) };
  }
  const policies = matching.filter((policy) => !isAudited(policy));
  const audited = matching.filter(isAudited);
  const deciding = policies.length > 0 ? policies : audited;
  return { type: 'judge', policies, audited, attestors: distinctAttestors(matching), tags: deciding.some((policy) => policy.tags === 'deny') ? 'deny' : 'pin' };
}

function firstToEnd(policies: readonly AuditedPolicy[]): AuditedPolicy {
  return policies.reduce((first, policy) => (parseInstant(policy.action.until) < parseInstant(first.action.until) ? policy : first));
}

function distinctAttestors(policies: readonly NormalPolicy[]): NormalAttestor[] {
  return [...new Map(policies.flatMap((policy) => compile(policy).attestors)).values()];
}

/** What follows from a policy alone, so that it is not worked out for every image. */
interface Compiled {
  readonly patterns: readonly ImagePattern[];
  /** By what they are, whatever the policy calls them. */
  readonly attestors: readonly (readonly [text: string, attestor: NormalAttestor])[];
}

const compiled = new WeakMap<NormalPolicy, Compiled>();

function compile(policy: NormalPolicy): Compiled {
  const known = compiled.get(policy) ?? {
    patterns: policy.images.map(parseImagePattern),
    attestors: Object.values(policy.attestors).map((attestor) => [canonicalJson(attestor), attestor] as const),
  };
  compiled.set(policy, known);
  return known;
}
