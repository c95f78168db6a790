import { canonicalJson } from '../policy/canonical-json';
import { NormalAttestationRequirement, NormalPredicateChecks, NormalRequirement } from '../policy/normal';
import { allOf, anyOf, pairs, word } from './words';

/** What a requirement wants to be there, by whom, and what it must say. */
export function requirementLines(requirement: NormalRequirement): string[] {
  const { attestors, threshold } = requirement;
  const by = attestors.length === 1 ? `by ${allOf(attestors)}` : `by ${threshold} of ${allOf(attestors)}`;
  const scope = [
    ...(requirement.multiPlatform === undefined ? [] : [`of an index: ${requirement.multiPlatform === 'child' ? 'every image in it' : 'it or every image in it'}`]),
    ...(requirement.repository === undefined ? [] : ['naming the repository']),
  ];
  if (requirement.type === 'signature') {
    return [`signature ${by}`, ...scope, ...(requirement.annotations === undefined ? [] : [`annotated ${pairs(requirement.annotations)}`])];
  }
  return [`attestation ${word(requirement.predicateType)} ${by}`, ...scope, ...checkLines(requirement.checks), ...conditionLines(requirement)];
}

function checkLines(checks: NormalPredicateChecks | undefined): string[] {
  switch (checks?.type) {
    case undefined: return ['of any content'];
    case 'sbom': return ['in the format of its type'];
    case 'slsa-provenance':
    case 'slsa-provenance-v0.2': {
      const external = Object.entries(checks.externalParameters).map(([name, value]) => `external parameter ${word(name)} ${canonicalJson(value)}`);
      return [
        `SLSA build level ${checks.level}`,
        `source ${word(checks.source)}${checks.sourceRefs.length === 0 ? '' : ` at ${anyOf(checks.sourceRefs)}`}`,
        `builder ${checks.builderIds.length === 0 ? 'the signer' : anyOf(checks.builderIds)}`,
        `build type ${anyOf(checks.buildTypes)}`,
        ...external,
      ];
    }
    case 'verification-summary': return [
      `verifier ${word(checks.verifierId)}${checks.policyDigest === '' ? '' : ` under the policy ${checks.policyDigest}`}`,
      `resource ${anyOf(checks.resourceUris)}`,
      `levels ${allOf(checks.levels)}`,
      `not older than ${checks.maxAge}`,
    ];
    case 'vulnerability-scan': return [
      `nothing worse than ${checks.maxSeverity}`,
      `not older than ${checks.maxAge}${checks.maxDatabaseAge === '' ? '' : `, its database than ${checks.maxDatabaseAge}`}`,
      ...checks.ignored.map(({ id, until, owner, reason }) => `but for ${word(id)} until ${until} (${pairs({ owner, reason })})`),
    ];
  }
}

function conditionLines({ conditions = [] }: NormalAttestationRequirement): string[] {
  return conditions.map(({ expression, message }) => `condition ${JSON.stringify(expression)}${message === '' ? '' : ` (${JSON.stringify(message)})`}`);
}
