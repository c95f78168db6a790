import { explain, explainWarning } from '../../decide/explain';
import { Reason, ReasonCode, REASONS } from '../../decide/reason';
import { Verdict, Warning } from '../../decide/verdict';
import { ImagesError, pullSecretsOf } from '../../kubernetes/images';
import { NamespaceContext } from '../../policy/normal';
import { ImageAnswer, ImageJudge } from '../judge/image-judge';
import { inParallel } from '../in-parallel';
import { Deadline } from '../ports';
import { ImageChange, imageChanges } from './image-changes';
import { AT_ONCE, REVIEW_LIMITS, ReviewLimits } from './limits';
import { AdmissionAnswer } from './response';
import { AdmissionRequest } from './review';

/** Where the labels of namespaces come from: never from the request. */
export interface NamespaceDirectory {
  /** `undefined` when the namespace or its labels are not known. */
  contextOf(name: string): NamespaceContext;
}

/** The judgement of one review: what to answer, and what to log about each image. */
export interface JudgedReview {
  readonly answer: AdmissionAnswer;
  readonly images: readonly JudgedImage[];
  /** Set when the request was refused as a whole, before its images were looked at. */
  readonly refusal?: Reason;
}

export interface JudgedImage extends ImageAnswer {
  /** Every field that names this reference. */
  readonly fields: readonly string[];
}

export interface ReviewJudgeParts {
  readonly images: ImageJudge;
  readonly namespaces: NamespaceDirectory;
  readonly limits?: ReviewLimits;
}

/** `enforce` answers for the entries that fail closed, `audit` for the entry that only warns while a window is open. */
export type ReviewMode = 'enforce' | 'audit';

/**
 * Judges every image that the object of a review would make a kubelet pull.
 *
 * DELETE and CONNECT pull nothing and are allowed; what is not a known operation, kind or shape is refused.
 */
export async function judgeReview(parts: ReviewJudgeParts, request: AdmissionRequest, mode: ReviewMode, deadline: Deadline): Promise<JudgedReview> {
  if (request.operation === 'DELETE' || request.operation === 'CONNECT' || SUBRESOURCES_WITHOUT_IMAGES.has(request.subResource)) {
    return { answer: { allowed: true }, images: [] };
  }
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') {
    return refuse('UNSUPPORTED', `operation ${JSON.stringify(request.operation.slice(0, 40))} is not one of CREATE, UPDATE, DELETE, CONNECT`);
  }
  if (request.namespace === '') {
    return refuse('MALFORMED', `a ${request.kind.kind} without a namespace cannot be judged`);
  }
  let changes: ImageChange[];
  let pullSecrets: string[];
  try {
    changes = imageChanges(request);
    pullSecrets = pullSecretsOf(request.kind, request.object, request.subResource);
  } catch (error) {
    if (error instanceof ImagesError) {
      return refuse(error.code, error.message);
    }
    throw error;
  }
  const limits = parts.limits ?? REVIEW_LIMITS;
  const wanted = byReference(changes.filter((change) => !change.unchanged));
  if (changes.length > limits.images || wanted.size > limits.references) {
    return refuse('LIMIT', `the object names ${changes.length} images, ${wanted.size} different ones new; `
      + `at most ${limits.images} and ${limits.references} are judged in one request`);
  }
  const namespace = parts.namespaces.contextOf(request.namespace);
  if (mode === 'enforce' && wanted.size > 0 && !parts.images.enforcedIn(namespace)) {
    return refuse('NAMESPACE_UNKNOWN', `the API server asks about namespace ${request.namespace}, which no enforced policy of this verifier covers: `
      + 'its labels are newer than those the verifier knows, or the webhook configuration belongs to other policies');
  }
  const judged = await inParallel([...wanted], AT_ONCE, async ([reference, fields]): Promise<JudgedImage> => {
    const answer = await parts.images.judge({
      reference,
      namespace,
      pullSecrets,
      tags: request.kind.kind === 'Pod' ? 'refuse' : 'resolve',
      policies: mode === 'enforce' ? 'enforced' : 'all',
      remember: !request.dryRun,
    }, deadline);
    return { ...answer, fields };
  });
  return { answer: summarize(judged, parts.images.policyDigest), images: judged };
}

/** Neither can change what a kubelet pulls: the API server keeps the rest of the object as it is. */
const SUBRESOURCES_WITHOUT_IMAGES = new Set(['status', 'scale']);

function byReference(changes: readonly ImageChange[]): Map<string, string[]> {
  const references = new Map<string, string[]>();
  for (const { use } of changes) {
    const fields = references.get(use.reference);
    if (fields === undefined) {
      references.set(use.reference, [use.field]);
    } else {
      fields.push(use.field);
    }
  }
  return references;
}

function summarize(images: readonly JudgedImage[], policyDigest: string): AdmissionAnswer {
  const denied = images.filter((image) => !image.verdict.allowed);
  const warnings = images.flatMap((image) => image.verdict.warnings.map((warning) => describe(warning, image.verdict)));
  const codes = [...new Set(denied.flatMap((image) => image.verdict.reasons.map((reason) => reason.code)))].sort();
  return {
    allowed: denied.length === 0,
    ...(denied.length === 0 ? {} : { message: denialMessage(denied) }),
    warnings: boundWarnings(warnings),
    auditAnnotations: {
      'policy-digest': policyDigest,
      ...(codes.length === 0 ? {} : { reasons: codes.join(',') }),
      ...(warnings.length === 0 ? {} : { 'would-deny': [...new Set(images.flatMap((image) => image.verdict.warnings.map((w) => w.code)))].sort().join(',') }),
    },
  };
}

/** A status message may be long, but nobody reads past the first few images. */
function denialMessage(denied: readonly JudgedImage[]): string {
  const shown = denied.slice(0, 5).map((image) => `${image.fields.slice(0, 3).join(', ')}: ${explain(image.verdict)}`);
  const more = denied.length > shown.length ? [`… and ${denied.length - shown.length} more images`] : [];
  return [...shown, ...more].join('\n');
}

/** What cannot do without stands first: the name of the image may take all the room that a warning has. */
function describe(warning: Warning, verdict: Verdict): string {
  return `proofgate: ${explainWarning({ ...warning, message: `${verdict.image}: ${warning.message}` })}`;
}

/** The API server cuts off single warnings at 256 characters and drops what goes beyond 4 KiB in all. */
function boundWarnings(warnings: readonly string[]): string[] {
  const bounded: string[] = [];
  let total = 0;
  for (const warning of new Set(warnings)) {
    const line = warning.length > 256 ? `${warning.slice(0, 253)}...` : warning;
    total += line.length;
    if (total > 4_000) {
      break;
    }
    bounded.push(line);
  }
  return bounded;
}

function refuse(code: ReasonCode, message: string): JudgedReview {
  const refusal: Reason = { code, message };
  return { answer: { allowed: false, message: `[${code}] ${message}. ${REASONS[code].remedy}`, auditAnnotations: { reasons: code } }, images: [], refusal };
}
