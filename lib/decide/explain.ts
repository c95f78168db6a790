import { Reason, REASONS } from './reason';
import { Verdict } from './verdict';

/** Reasons that are shown of one image; the log has all. */
const SHOWN = 4;

/**
 * Why an image was refused, for the person whose Pod it is: image, code, policy, what was expected and found, what to do.
 *
 * A few lines, at most about 1 KiB; the empty string for an image that is allowed.
 */
export function explain(verdict: Verdict): string {
  if (verdict.allowed) {
    return '';
  }
  const shown = verdict.reasons.slice(0, SHOWN);
  const more = verdict.reasons.length > SHOWN ? [`… and ${verdict.reasons.length - SHOWN} more reasons`] : [];
  const remedies = [...new Set(shown.map((reason) => REASONS[reason.code].remedy))].slice(0, 2);
  return [`${verdict.image} may not run here:`, ...shown.map(line), ...more, `What to do: ${remedies.join(' ')}`].join('\n');
}

function line({ code, message, policy, requirement, attestor }: Reason): string {
  const place = [policy === undefined ? '' : `policy ${policy}`, requirement ?? '', attestor === undefined ? '' : `by ${attestor}`].filter((part) => part !== '').join(', ');
  return `  [${code}] ${place === '' ? '' : `${place}: `}${message.slice(0, 320)}`;
}
