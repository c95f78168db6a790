import { Reason, REASONS } from './reason';
import { Verdict, Warning } from './verdict';

/** Reasons that are shown of one image; the log has all. */
const SHOWN = 4;

/** Characters that they share; the first one is shown whatever its length. */
const ROOM = 900;

/** Characters of one reason's message. */
const LONGEST = 320;

/**
 * Why an image was refused, for the person whose Pod it is: image, code, policy, what was expected and found, what to do.
 *
 * A few lines, at most about 1 KiB beside the name of the image; the empty string for an image that is allowed.
 */
export function explain(verdict: Verdict): string {
  return verdict.allowed ? '' : [`${verdict.image} may not run here:`, ...explainReasons(verdict)].join('\n');
}

/** The same without the name of the image, line by line. */
export function explainReasons(verdict: Verdict): string[] {
  const shown = verdict.reasons.slice(0, fitting(verdict.reasons.map((reason) => line(reason).length)));
  const hidden = verdict.reasons.length - shown.length;
  const more = hidden > 0 ? [`  ... and ${hidden} more ${hidden === 1 ? 'reason' : 'reasons'}`] : [];
  const remedies = [...new Set(shown.map((reason) => REASONS[reason.code].remedy))].slice(0, 2);
  return [...shown.map(line), ...more, `What to do: ${remedies.join(' ')}`];
}

function fitting(lengths: readonly number[]): number {
  let room = ROOM;
  const over = lengths.findIndex((length) => (room -= length) < 0);
  return Math.max(1, Math.min(SHOWN, over < 0 ? lengths.length : over));
}

function line(reason: Reason): string {
  return `  ${describe(reason, reason.policy === undefined ? [] : [`policy ${reason.policy}`])}`;
}

/** What a policy in its audit window would refuse, and from when on, in one line. */
export function explainWarning(warning: Warning): string {
  return warning.until === undefined ? line(warning).trimStart() : `policy ${warning.policy ?? ''} would refuse this from ${warning.until}: ${describe(warning, [])}`;
}

function describe({ code, message, requirement, attestor, child }: Reason, before: readonly string[]): string {
  const place = [...before, ...(requirement === undefined ? [] : [requirement]), ...(child === undefined ? [] : [`${child.platform} (${child.digest})`]), ...(attestor === undefined ? [] : [`by ${attestor}`])].join(', ');
  return `[${code}] ${place === '' ? '' : `${place}: `}${message.length > LONGEST ? `${message.slice(0, LONGEST)}...` : message}`;
}
