import { JudgedImage, JudgedReview } from './judge-review';
import { AdmissionAnswer } from './response';

/** A review that was refused where a refusal binds nobody: allowed, and what would have been refused is said aloud. */
export function observe(judged: JudgedReview): JudgedReview {
  return { ...judged, answer: observeAnswer(judged.answer), images: judged.images.map(observeImage) };
}

/** The same for an answer without a review: overload, end of time, an error of our own. */
export function observeAnswer({ message = '', warnings = [], auditAnnotations: { reasons, ...annotations } = {} }: AdmissionAnswer): AdmissionAnswer {
  const told = message.split('\n').map((line) => line.trim()).find((line) => /^\[[A-Z_]+\]/.test(line)) ?? message;
  return {
    allowed: true,
    warnings: [...warnings, `proofgate: ${told}`.slice(0, 256)],
    auditAnnotations: { ...annotations, ...(reasons === undefined ? {} : { 'would-deny': [...new Set([...reasons.split(','), ...(annotations['would-deny']?.split(',') ?? [])])].sort().join(',') }) },
  };
}

function observeImage(image: JudgedImage): JudgedImage {
  const { verdict } = image;
  return verdict.allowed ? image : { ...image, verdict: { ...verdict, allowed: true, reasons: [], warnings: [...verdict.warnings, ...verdict.reasons] } };
}
