import { NormalAttestationRequirement, NormalRequirement } from '../policy/normal';
import { Check } from './check';
import { conditionChecks } from './conditions';
import { Examined } from './examined';
import { Newest } from './newest';
import { provenanceChecks } from './provenance';
import { sbomChecks } from './sbom';
import { newestScan, scanChecks } from './scan';
import { newestSummary, summaryChecks } from './summary';

/** What a predicate must say, and whether an older one that says it is none the less out of date. */
export interface PredicateJudgement {
  readonly checks: readonly Check<Examined>[];
  /** Absent where every statement speaks for itself. */
  readonly newest?: Newest;
}

/** The judgement that a requirement asks for; without checks the predicate type is all that counts. */
export function predicateJudgement({ checks, conditions = [] }: NormalAttestationRequirement): PredicateJudgement {
  const judgement = judgementOf(checks);
  return { ...judgement, checks: [...judgement.checks, ...conditionChecks(conditions)] };
}

/** Whether the newest of several statements decides, so that a further one can turn an allow into a refusal. */
export function goesByNewest(requirement: NormalRequirement): boolean {
  return requirement.type === 'attestation' && judgementOf(requirement.checks).newest !== undefined;
}

function judgementOf(checks: NormalAttestationRequirement['checks']): PredicateJudgement {
  switch (checks?.type) {
    case undefined:
      return { checks: [] };
    case 'slsa-provenance':
    case 'slsa-provenance-v0.2':
      return { checks: provenanceChecks(checks) };
    case 'sbom':
      return { checks: sbomChecks };
    case 'verification-summary':
      return { checks: summaryChecks(checks), newest: newestSummary(checks) };
    case 'vulnerability-scan':
      return { checks: scanChecks(checks), newest: newestScan };
  }
}
