import { ImageContent } from '../decide/content';
import { decide } from '../decide/decide';
import { isOnlyWarned } from '../decide/only-warned';
import { Plan, plan } from '../decide/plan';
import { Reason } from '../decide/reason';
import { Verdict, Warning } from '../decide/verdict';
import { imagesOf, ImagesError } from '../kubernetes/images';
import { ImageReference, ImageReferenceError, parseReference } from '../kubernetes/reference';
import { NamespaceContext, PolicySet } from '../policy/normal';
import { coversNamespace, DEFAULT_NAMESPACES } from '../policy/namespaces';
import { textDigest } from '../policy/sha256';
import { describeFindings } from './findings';
import { Enforcement, readEnforcement, VerifierPolicies } from './enforcement';
import { ImageEvidence, unsigned } from './evidence';
import { evidenceFor, EvidenceOfImages } from './evidence-of-images';
import { placed, PlacedObject, Workload } from './workload';

/**
 * What a cluster would answer to a workload, and why.
 *
 * @example
 *
 * const { outcome, reasons }: Admission = admissionOf(chart, 'ghcr.io/acme/payments/api:v1');
 */
export interface Admission {
  /**
   * `uncovered`: it would run, but no policy covers its namespace, so that nothing was verified. `warned`: of an image nothing was verified, and it
   * would run only until an audit window ends.
   */
  readonly outcome: 'admitted' | 'warned' | 'refused' | 'uncovered';
  /** Where it was to run. */
  readonly namespace: string;
  /** Why it is refused. */
  readonly reasons: readonly ImageReason[];
  /** What policies in their audit window would refuse. */
  readonly warnings: ReadonlyArray<ImageReason & Pick<Warning, 'until'>>;
  /** Of each verifier and image. */
  readonly verdicts: readonly Verdict[];
}

/**
 * A reason, and the image it is about.
 *
 * @example
 *
 * const codes = admissionOf(chart, pod).reasons.map(({ image, code }: ImageReason) => `${image}: ${code}`);
 */
export interface ImageReason extends Reason {
  /** Empty where the object as a whole is refused. */
  readonly image: string;
}

/** A Pod that names more is not described by a test. */
const MOST_IMAGES = 100;

/**
 * What a cluster in which all of this is applied would answer to the creation of a workload, or to its update, whose images have this evidence.
 *
 * The verdict is that of `decide`, as in the verifier. Tags stand for one digest each; a Pod's are pinned to it first, where the policies say so.
 *
 * @example
 *
 * const { outcome, warnings } = admissionOf(chart, 'ghcr.io/acme/ledger/api:v1', unsigned());
 *
 * @throws Error for what does not synthesize or would not be enforced, and for a test that says too little
 */
export function admissionOf(enforcement: Enforcement, workload: Workload, evidence: EvidenceOfImages = unsigned()): Admission {
  const now = Date.now();
  const { documents, verifiers, others, findings } = readEnforcement(enforcement, now);
  if (findings.length > 0) {
    throw new Error(`it would not be enforced as it is:\n${describeFindings(findings)}`);
  }
  if (!documents.some(({ kind }) => kind === 'ImagePolicy')) {
    throw new Error(`its policies are enforced by ${others.map(({ engine }) => engine).join(' and ')}, which this kit does not judge: test them on a cluster`);
  }
  const object = placed(workload);
  const { namespace } = object;
  if (verifiers.some((verifier) => verifier.namespace === namespace.name)) {
    throw new Error(`${namespace.name} is the verifier's own namespace, where no policy holds and its guard lets nothing run but the verifier: put the workload into another one`);
  }
  for (const { engine, documents: unjudged } of others) {
    const covering = unjudged.find(({ spec }) => coversNamespace(spec.namespaces ?? DEFAULT_NAMESPACES, namespace) !== false);
    if (covering !== undefined) {
      throw new Error(`${covering.kind} ${covering.metadata.name} of ${engine} holds in the namespace ${namespace.name}, and the kit does not judge what that engine refuses:`
        + ' test it on a cluster, or leave it out of what is tested');
    }
  }
  const asked = verifiers.filter(({ set }) => set.policies.some(({ namespaces }) => coversNamespace(namespaces, namespace) !== false));
  if (asked.length === 0) {
    return { outcome: 'uncovered', namespace: namespace.name, reasons: [], warnings: [], verdicts: [] };
  }
  const references = referencesOf(object);
  if ('code' in references) {
    return { outcome: 'refused', namespace: namespace.name, reasons: [{ ...references, image: '' }], warnings: [], verdicts: [] };
  }
  const described = evidenceFor(references, evidence);
  const isPod = object.kind.kind === 'Pod';
  const verdicts = [...described].flatMap(([text, lies]) => judgeImage({ text, evidence: lies, asked, namespace, now, isPod }));
  return {
    outcome: !verdicts.every(({ allowed }) => allowed) ? 'refused' : verdicts.some(isOnlyWarned) ? 'warned' : 'admitted',
    namespace: namespace.name,
    reasons: verdicts.flatMap(({ image, reasons }) => reasons.map((reason) => ({ ...reason, image }))),
    warnings: verdicts.flatMap(({ image, warnings }) => warnings.map((warning) => ({ ...warning, image }))),
    verdicts,
  };
}

/** Every image that the object names and that was not there before, each once; or why that cannot be told. */
function referencesOf({ kind, object, running }: PlacedObject): readonly string[] | Reason {
  try {
    const before = new Map(running === undefined ? [] : imagesOf(kind, running).map(({ position, reference }) => [position, reference]));
    const changed = imagesOf(kind, object).filter(({ position, reference }) => before.get(position) !== reference);
    const references = [...new Set(changed.map(({ reference }) => reference))];
    if (references.length > MOST_IMAGES) {
      throw new Error(`the workload names ${references.length} images, more than ${MOST_IMAGES}: describe a smaller one`);
    }
    return references;
  } catch (error) {
    if (error instanceof ImagesError) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
}

interface ImageQuestion {
  readonly text: string;
  readonly evidence: ImageEvidence;
  readonly asked: readonly VerifierPolicies[];
  readonly namespace: NamespaceContext;
  readonly now: number;
  readonly isPod: boolean;
}

/** The way from a reference to a verdict is that of the verifier's `ImageJudge`, for each verifier that is asked. */
function judgeImage(question: ImageQuestion): Verdict[] {
  const { text, asked, namespace, now, isPod, evidence } = question;
  let reference: ImageReference;
  try {
    reference = parseReference(text);
  } catch (error) {
    if (!(error instanceof ImageReferenceError)) {
      throw error;
    }
    const { code, message } = error;
    return asked.map(({ set }) => ({ allowed: false, image: text, policies: [], reasons: [{ code, message }], proof: [], warnings: [], policyDigest: set.digest }));
  }
  const pinned = isPod && !evidence._unanswered && asked.some(({ set }) => isPinned(set, reference, namespace, now)) ? { ...reference, digest: digestOf(reference) } : reference;
  return asked.map(({ set }) => judgeReference(question, set, pinned));
}

function judgeReference({ evidence, namespace, now, isPod }: ImageQuestion, set: PolicySet, reference: ImageReference): Verdict {
  const known = plan({ set, name: reference.name, namespace, now, ...(reference.digest === undefined ? {} : { digest: reference.digest }) });
  if (reference.digest === undefined && (isPod || !isLookedUp(known, set, reference))) {
    // What the kubelet would pull by tag is refused wherever evidence decides.
    return decide({ set, reference, digest: '', content: ONE_IMAGE, namespace, now, evidence: { status: 'unavailable', code: 'TAG_NOT_PINNED', message: 'the image is named by a tag and was not pinned to a digest' } });
  }
  if (evidence._unanswered) {
    const unanswered = { status: 'unavailable', code: 'REGISTRY_UNAVAILABLE', message: 'the registry does not answer' } as const;
    return decide({ set, reference, digest: reference.digest ?? '', content: ONE_IMAGE, namespace, now, evidence: unanswered });
  }
  const digest = reference.digest ?? digestOf(reference);
  const judged = plan({ set, name: reference.name, digest, namespace, now });
  const pieces = judged.type === 'judge' ? evidence._pieces({ digest, now }, judged.attestors) : [];
  return decide({ set, reference, digest, content: ONE_IMAGE, namespace, now, evidence: { status: 'found', pieces } });
}

/** An index of images for several platforms is not what a test describes. */
const ONE_IMAGE: ImageContent = { status: 'manifest' };

/** Whether the pinning webhook of a verifier replaces a tag in a Pod. */
function isPinned(set: PolicySet, reference: ImageReference, namespace: NamespaceContext, now: number): boolean {
  const known = plan({ set, name: reference.name, namespace, now });
  return reference.digest === undefined && (known.type === 'judge' ? known.tags === 'pin' : isLookedUp(known, set, reference));
}

/** Whether the registry is asked what a tag points to: for evidence, or for an exemption, which speaks of digests. */
function isLookedUp(known: Plan, { exemptions }: PolicySet, { name }: ImageReference): boolean {
  return known.type === 'judge' || (known.type === 'unmatched' && exemptions.some(({ image }) => image === name));
}

/** What a tag points to; the same in every test. */
function digestOf({ name, tag = 'latest' }: ImageReference): string {
  return textDigest(`${name}:${tag}`);
}
