import { formatReference, ImageReference } from '../kubernetes/reference';
import { canonicalJson } from '../policy/canonical-json';
import { compare } from '../policy/canonical-order';
import { CEL_BUDGET } from '../policy/cel/condition';
import { BuildRule } from '../policy/document';
import { coversNamespace } from '../policy/namespaces';
import { NamespaceContext, NormalPolicy, PolicySet } from '../policy/normal';
import { CHECKS } from './check-names';
import { deniedImage, denyListsIn } from './deny-list';
import { ImageContent } from './content';
import { Evidence, EvidenceReport } from './evidence';
import { judgeImage, KnownImage, withPieces } from './multi-platform';
import { AuditedPolicy, JudgePlan, plan } from './plan';
import { Reason } from './reason';
import { RequirementInput, RequirementOutcome } from './requirement';
import { imagesByBuild } from './same-build';
import { show } from './show';
import { Proof, Verdict, Warning } from './verdict';

/** Everything a verdict depends on. */
export interface DecideInput {
  readonly set: PolicySet;
  /** As it was written. */
  readonly reference: ImageReference;
  /** Digest that the evidence is about; empty where it could not be learned, which no evidence matches. */
  readonly digest: string;
  readonly namespace: NamespaceContext;
  readonly evidence: EvidenceReport;
  /** What the digest stands for. */
  readonly content: ImageContent;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Judges one image in one namespace: pure, and the same for the webhook, the command line and the test kit.
 *
 * Every policy that covers and matches must hold, in a policy every requirement. Nothing found is not something verified.
 */
export function decide(input: DecideInput): Verdict {
  const { set, reference, digest, namespace, now } = input;
  const found = plan({ set, name: reference.name, ...(digest === '' ? {} : { digest }), namespace, now });
  const verdict = { image: imageOf(reference, digest), policies: [], reasons: [], proof: [], warnings: [], policyDigest: set.digest };
  switch (found.type) {
    case 'denied':
      return { ...verdict, allowed: false, reasons: [deniedImage(found.denyList, digest)] };
    case 'uncovered':
      return { ...verdict, allowed: true, proof: [{ type: 'uncovered', namespace: namespace.name }] };
    case 'exempt': {
      const { name, reason, owner, until } = found.exemption;
      return { ...verdict, allowed: true, proof: [{ type: 'exemption', exemption: name, reason, owner, until }] };
    }
    case 'unknown-namespace':
      return { ...verdict, allowed: false, reasons: [{ code: 'NAMESPACE_UNKNOWN', message: `expected the labels of namespace ${show(namespace.name)}, found none` }] };
    case 'unmatched': {
      const reason: Reason = { code: 'UNMATCHED_IMAGE', message: `expected a policy for ${show(reference.name)} in namespace ${show(namespace.name)}, found none${nearMiss(input) ?? holding(input)}` };
      return found.observer === undefined
        ? { ...verdict, allowed: false, reasons: [reason] }
        : { ...verdict, allowed: true, proof: [{ type: 'observed', namespace: namespace.name }], warnings: [warningOf(reason, found.observer)] };
    }
    case 'judge':
      return { ...verdict, ...judge(input, found) };
  }
}

/** A pattern `x/**` stands for what is below `x`, which people take for `x` as well. */
function nearMiss({ set, reference, namespace }: DecideInput): string | undefined {
  const pattern = `${reference.name}/**`;
  const policy = set.policies.find(({ images, namespaces }) => images.includes(pattern) && coversNamespace(namespaces, namespace) === true);
  return policy === undefined ? undefined : `: policy ${policy.name} names ${show(pattern)}, which does not include the repository itself`;
}

/** Policies of the namespace that a message names. */
const NAMED = 4;

/** To one of them the image may belong; where none held, no image would be unmatched. */
function holding({ set, namespace }: DecideInput): string {
  const names = set.policies.filter(({ namespaces }) => coversNamespace(namespaces, namespace) === true).map(({ name }) => name);
  const more = names.length - NAMED;
  return `; in that namespace hold ${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function judge(input: DecideInput, { policies, audited }: JudgePlan): Pick<Verdict, 'allowed' | 'policies' | 'reasons' | 'proof' | 'warnings'> {
  const shared: Shared = {
    // In one order, whatever order the registry lists the evidence in: the same evidence gives the same verdict to the letter.
    image: withPieces(input, sorted),
    denyLists: denyListsIn(input.set, input.namespace),
    budget: { left: CEL_BUDGET },
  };
  const enforced = policies.map((policy) => judgePolicy(input, policy, shared));
  const observed = audited.map((policy) => ({ policy, ...judgePolicy(input, policy, shared) }));
  const reasons = enforced.flatMap((outcome) => outcome.reasons);
  return {
    allowed: reasons.length === 0,
    policies: [...policies, ...audited].map((policy) => policy.name),
    reasons,
    proof: [...enforced, ...observed].flatMap((outcome) => outcome.proof),
    warnings: observed.flatMap(({ policy, reasons: violations }) => violations.map((reason) => warningOf(reason, policy))),
  };
}

/** What all policies of an image are judged with. */
interface Shared extends Pick<RequirementInput, 'denyLists' | 'budget'> {
  readonly image: KnownImage;
}

function judgePolicy({ reference, digest, now }: DecideInput, policy: NormalPolicy, { image, ...shared }: Shared): { reasons: readonly Reason[]; proof: readonly Proof[] } {
  if (policy.tags === 'deny' && reference.digest === undefined) {
    return { proof: [], reasons: [{ code: 'TAG_NOT_PINNED', policy: policy.name, message: `expected a digest, found ${reference.tag === undefined ? 'no tag either' : `the tag ${show(reference.tag)}`}` }] };
  }
  const judgeAll = (known: KnownImage): readonly RequirementOutcome[] => (
    policy.requirements.map((requirement) => judgeImage({ ...shared, policy, requirement, digest, repository: reference.name, now }, known))
  );
  const outcomes = judgeAll(image);
  if (outcomes.length === 0) {
    // No document says so; were it to happen, a policy that demands nothing must not allow anything.
    return { proof: [], reasons: [{ code: 'INTERNAL', policy: policy.name, message: 'the policy demands nothing, which proves nothing' }] };
  }
  const reasons = once(outcomes.flatMap((outcome) => outcome.reasons));
  return policy.sameBuild === undefined || reasons.length > 0
    ? { proof: outcomes.flatMap((outcome) => outcome.proof), reasons }
    : judgeBuilds(policy, policy.sameBuild, image, judgeAll);
}

/** What holds over all evidence has to hold once more over that of one build. */
function judgeBuilds(
  policy: NormalPolicy, rule: BuildRule, image: KnownImage, judgeAll: (image: KnownImage) => readonly RequirementOutcome[],
): { reasons: readonly Reason[]; proof: readonly Proof[] } {
  for (const ofBuild of imagesByBuild(image, rule)) {
    const outcomes = judgeAll(ofBuild);
    if (outcomes.every(({ reasons }) => reasons.length === 0)) {
      return { reasons: [], proof: outcomes.flatMap(({ proof }) => proof).map((proof) => ({ ...proof, checks: [...proof.checks, CHECKS.sameBuild(rule)] })) };
    }
  }
  return { proof: [], reasons: [{ code: 'DIFFERENT_BUILDS', policy: policy.name, message: `expected one ${rule} to have signed for every requirement, found no ${rule} that did` }] };
}

/** What could not be learned is said once, however many requirements ask for it. */
function once(reasons: readonly Reason[]): Reason[] {
  const isFirst = ({ message }: Reason, index: number): boolean => index === reasons.findIndex((other) => other.requirement === undefined && other.message === message);
  return reasons.filter((reason, index) => reason.requirement !== undefined || isFirst(reason, index));
}

/** By digest; several signatures of the same bytes by all that is known of them. */
function sorted(pieces: readonly Evidence[]): Evidence[] {
  const details = new Map<Evidence, string>();
  const detailsOf = (piece: Evidence): string => {
    const known = details.get(piece) ?? canonicalJson([piece.facts, piece.statement.readable ? null : piece.statement.message]);
    details.set(piece, known);
    return known;
  };
  return [...pieces].sort((a, b) => (a.digest === b.digest ? compare(detailsOf(a), detailsOf(b)) : compare(a.digest, b.digest)));
}

function warningOf(reason: Reason, { name, action }: AuditedPolicy): Warning {
  return { ...reason, policy: name, until: action.until };
}

/** With the digest that was judged, and the tag it was written with. */
export function imageOf(reference: ImageReference, digest: string): string {
  const written = formatReference(reference);
  return reference.digest === undefined && digest !== '' ? `${written}@${digest}` : written;
}
