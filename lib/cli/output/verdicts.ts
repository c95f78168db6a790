import pc from 'picocolors';
import { explain } from '../../decide/explain';
import { Proof, Verdict } from '../../decide/verdict';

/**
 * One JSON object: the verdict over all images, then each image with its own.
 *
 * `reasons` at the top is the concatenation of the images' reasons.
 */
export function verdictsAsJson(verdicts: readonly Verdict[], policyDigest: string): string {
  return `${JSON.stringify({
    verdict: word(verdicts.every((verdict) => verdict.allowed)),
    policyDigest,
    reasons: verdicts.flatMap((verdict) => verdict.reasons),
    images: verdicts.map((verdict) => ({
      image: verdict.image,
      verdict: word(verdict.allowed),
      policies: verdict.policies,
      reasons: verdict.reasons,
      warnings: verdict.warnings,
      evidence: verdict.proof,
    })),
  }, undefined, 2)}\n`;
}

/** For people: one block per image. */
export function verdictsAsText(verdicts: readonly Verdict[], colour: boolean): string {
  const paint = pc.createColors(colour);
  return verdicts.map((verdict) => {
    const lines = verdict.allowed
      ? [`${paint.green('allowed')}  ${verdict.image}`, ...verdict.proof.map((proof) => `         ${describe(proof)}`)]
      : [`${paint.red('denied')}   ${verdict.image}`, ...indent(explain(verdict))];
    const warnings = verdict.warnings.map((warning) => `         ${paint.yellow('warning')} [${warning.code}] ${warning.message}`);
    return `${[...lines, ...warnings].join('\n')}\n`;
  }).join('');
}

function word(allowed: boolean): 'allowed' | 'denied' {
  return allowed ? 'allowed' : 'denied';
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => `         ${line}`);
}

function describe(proof: Proof): string {
  switch (proof.type) {
    case 'requirement': return `${proof.policy}/${proof.requirement}: ${proof.attestor} vouches in ${proof.evidence} (${proof.checks.length} checks)`;
    case 'exemption': return `exempted by ${proof.exemption} until ${proof.until}: ${proof.reason} (${proof.owner})`;
    case 'uncovered': return `no policy covers the namespace ${proof.namespace}`;
    case 'unchanged': return 'unchanged';
  }
}
