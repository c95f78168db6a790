import pc from 'picocolors';
import { explainReasons, explainWarning } from '../../decide/explain';
import { isOnlyWarned } from '../../decide/only-warned';
import { ReasonCode } from '../../decide/reason';
import { Proof, Verdict } from '../../decide/verdict';
import { printable } from './printable';

/**
 * One JSON object: the verdict over all images, then each image with its own.
 *
 * `reasons` at the top is the concatenation of the images' reasons.
 *
 * @param elsewhere - other engines that hold in the namespace and were not asked; they stand beside an image that no policy here covers
 */
export function verdictsAsJson(verdicts: readonly Verdict[], policyDigest: string, elsewhere: readonly string[]): string {
  return `${JSON.stringify({
    verdict: OUTCOMES.find((outcome) => verdicts.some((verdict) => outcomeOf(verdict) === outcome)) ?? 'allowed',
    policyDigest,
    reasons: verdicts.flatMap((verdict) => verdict.reasons),
    images: verdicts.map((verdict) => ({
      image: verdict.image,
      verdict: outcomeOf(verdict),
      policies: verdict.policies,
      reasons: verdict.reasons,
      warnings: verdict.warnings,
      evidence: verdict.proof,
      ...isUncovered(verdict) && elsewhere.length > 0 ? { enforcedBy: elsewhere } : {},
    })),
  }, undefined, 2)}\n`;
}

/** For people: one block per image. @param elsewhere - as in `verdictsAsJson` */
export function verdictsAsText(verdicts: readonly Verdict[], colour: boolean, elsewhere: readonly string[]): string {
  const paint = pc.createColors(colour);
  return verdicts.map((verdict) => {
    const lines = verdict.allowed
      ? [`${admittedWord(verdict, paint)}  ${verdict.image}`, ...verdict.proof.map((proof) => `         ${describe(proof, elsewhere)}`)]
      : [`${paint.red('denied')}   ${verdict.image}${isUnjudged(verdict) ? ` ${paint.yellow('(not judged: there was no answer)')}` : ''}`, ...explainReasons(verdict).map(indent)];
    // What a window would let pass says nothing about an image that is refused already.
    const warnings = (verdict.allowed ? verdict.warnings : []).map((warning) => `         ${paint.yellow('warning')} ${explainWarning(warning)}`);
    return `${[...lines, ...warnings].join('\n')}\n`;
  }).join('');
}

/** The worst first: it is the word for all images together. */
const OUTCOMES = ['denied', 'uncovered', 'warned', 'allowed'] as const;

/** `uncovered` images run in the cluster, but nothing was verified; `warned` ones run only until an audit window ends. */
export function outcomeOf(verdict: Verdict): (typeof OUTCOMES)[number] {
  return !verdict.allowed ? 'denied' : isUncovered(verdict) ? 'uncovered' : isOnlyWarned(verdict) ? 'warned' : 'allowed';
}

function isUncovered({ proof }: Verdict): boolean {
  return proof.some(({ type }) => type === 'uncovered');
}

function admittedWord(verdict: Verdict, paint: ReturnType<typeof pc.createColors>): string {
  switch (outcomeOf(verdict)) {
    case 'uncovered': return paint.yellow('not covered');
    case 'warned': return paint.yellow('warned');
    default: return paint.green('allowed');
  }
}

function indent(line: string): string {
  return `         ${line.trimStart()}`;
}

/** Refusals because somebody did not answer; the image itself may be in order. */
const NO_ANSWER: ReadonlySet<ReasonCode> = new Set(['REGISTRY_UNAVAILABLE', 'DEADLINE', 'OVERLOADED', 'INTERNAL']);

function isUnjudged({ reasons }: Verdict): boolean {
  return reasons.every(({ code }) => NO_ANSWER.has(code));
}

function describe(proof: Proof, elsewhere: readonly string[]): string {
  switch (proof.type) {
    case 'requirement': return `${proof.policy}/${proof.requirement}: ${proof.attestor} vouches${proof.child === undefined ? '' : ` for ${proof.child.platform} (${proof.child.digest})`} in ${proof.evidence} (${proof.checks.length} checks)`;
    case 'exemption': return `exempted by ${proof.exemption} until ${proof.until}: ${proof.reason} (${proof.owner})`;
    case 'uncovered': return elsewhere.length > 0
      ? `the namespace ${proof.namespace} is covered by what is enforced by ${elsewhere.map(printable).join(', ')}, not judged here: nothing was verified`
      : `no policy covers the namespace ${proof.namespace}: any image may run there, and nothing was verified`;
    case 'observed': return `only policies in their audit window cover the namespace ${proof.namespace}`;
    case 'unchanged': return 'unchanged';
  }
}
