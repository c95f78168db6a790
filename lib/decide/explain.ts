import { Reason, REASONS } from './reason';
import { Verdict } from './verdict';

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
  if (verdict.allowed) {
    return '';
  }
  const shown = verdict.reasons.slice(0, fitting(verdict.reasons.map((reason) => line(reason).length)));
  const hidden = verdict.reasons.length - shown.length;
  const more = hidden > 0 ? [`  ... and ${hidden} more ${hidden === 1 ? 'reason' : 'reasons'}`] : [];
  const remedies = [...new Set(shown.map((reason) => REASONS[reason.code].remedy))].slice(0, 2);
  return [`${verdict.image} may not run here:`, ...shown.map(line), ...more, `What to do: ${remedies.join(' ')}`].join('\n');
}

function fitting(lengths: readonly number[]): number {
  let room = ROOM;
  const over = lengths.findIndex((length) => (room -= length) < 0);
  return Math.max(1, Math.min(SHOWN, over < 0 ? lengths.length : over));
}

function line({ code, message, policy, requirement, attestor }: Reason): string {
  const place = [policy === undefined ? '' : `policy ${policy}`, requirement ?? '', attestor === undefined ? '' : `by ${attestor}`].filter((part) => part !== '').join(', ');
  return `  [${code}] ${place === '' ? '' : `${place}: `}${message.length > LONGEST ? `${message.slice(0, LONGEST)}...` : message}`;
}
