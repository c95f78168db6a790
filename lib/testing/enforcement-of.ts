import { outlineByName, outlineOf } from '../explain';
import { describeFindings } from './findings';
import { Enforcement, readEnforcement } from './enforcement';

/**
 * What a chart or App demands, as text for a snapshot: who must sign what, where, what happens otherwise, and until when anything is relaxed.
 *
 * Everything that changes what a policy means changes it, and nothing else does, so that a change of policy is a few lines of a review. It does
 * not depend on the day. What is written beside the policies is not in it: snapshot the manifests where that matters, too.
 *
 * What engines other than the bundled verifier enforce stands below, under the engine's name.
 *
 * @example
 *
 * expect(enforcementOf(chart)).toMatchSnapshot();
 *
 * @throws Error for what does not synthesize, or would not be enforced
 */
export function enforcementOf(enforcement: Enforcement): string {
  const { documents, others, findings } = readEnforcement(enforcement, Date.now());
  if (findings.length > 0) {
    throw new Error(`it would not be enforced as it is:\n${describeFindings(findings)}`);
  }
  const own = documents.length === 0 ? [] : [outlineOf(documents)];
  return [...own, ...others.map(({ engine, byName, documents: enforced }) => `enforced by ${engine}:\n\n${(byName ? outlineByName : outlineOf)(enforced)}`)].join('\n');
}
