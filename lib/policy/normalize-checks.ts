import { formatAge, parseAge } from './age';
import { asSet, compare, sortedRecord } from './canonical-order';
import { PredicateChecks, PredicateCondition, SlsaChecksType } from './document';
import { formatInstant, parseInstant } from './instant';
import { NormalPredicateChecks, NormalPredicateCondition } from './normal';

/** How GitHub's own attestations, and those of slsa-github-generator, say that something was built. */
const BUILD_TYPES: { readonly [type in SlsaChecksType]: readonly string[] } = {
  'slsa-provenance': ['https://actions.github.io/buildtypes/workflow/v1'],
  'slsa-provenance-v0.2': ['https://github.com/slsa-framework/slsa-github-generator/container@v1', 'https://github.com/slsa-framework/slsa-github-generator/generic@v1'],
};

/** Checks with every default written out. @throws InstantError, AgeError for what `validateDocument` would refuse */
export function normalChecks(checks: PredicateChecks): NormalPredicateChecks {
  switch (checks.type) {
    case 'slsa-provenance':
    case 'slsa-provenance-v0.2':
      return {
        type: checks.type,
        source: checks.source,
        sourceRefs: asSet(checks.sourceRefs ?? []),
        builderIds: asSet(checks.builderIds ?? []),
        buildTypes: asSet(checks.buildTypes ?? BUILD_TYPES[checks.type]),
        level: checks.level ?? 2,
        externalParameters: sortedRecord(checks.externalParameters ?? {}, (value) => value),
      };
    case 'verification-summary':
      return {
        type: checks.type,
        verifierId: checks.verifierId,
        resourceUris: asSet(checks.resourceUris),
        levels: asSet(checks.levels),
        policyDigest: checks.policyDigest ?? '',
        maxAge: normalAge(checks.maxAge),
      };
    case 'sbom':
      return { type: checks.type };
    case 'vulnerability-scan':
      return {
        type: checks.type,
        maxSeverity: checks.maxSeverity,
        maxAge: normalAge(checks.maxAge),
        maxDatabaseAge: checks.maxDatabaseAge === undefined ? '' : normalAge(checks.maxDatabaseAge),
        ignored: (checks.ignored ?? [])
          .map(({ id, reason, owner, until }) => ({ id, reason, owner, until: formatInstant(parseInstant(until)) }))
          .sort((a, b) => compare(a.id, b.id)),
      };
  }
}

export function normalConditions(conditions: readonly PredicateCondition[]): NormalPredicateCondition[] {
  return conditions.map(({ expression, message = '' }) => ({ expression, message })).sort((a, b) => compare(a.expression, b.expression));
}

function normalAge(text: string): string {
  return formatAge(parseAge(text));
}
