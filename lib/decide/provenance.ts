import { NormalSlsaProvenanceChecks } from '../policy/normal';
import { matchesRef } from '../policy/ref-pattern';
import { canonicalJson } from '../policy/canonical-json';
import { levelShortfall, ownBuilder } from './build-level';
import { Check } from './check';
import { CheckName, CHECKS } from './check-names';
import { Examined } from './examined';
import { claimOf } from './identity';
import { predicateCheck } from './predicate-check';
import { Agreement, AGREEMENTS, agreementShortfall } from './provenance-agreement';
import { show, showList } from './show';
import { provenanceOf, readProvenance, statedRefs, statedRepositories } from './slsa-predicate';
import { Provenance } from './slsa-provenance';

/**
 * SLSA provenance of v1 or v0.2, in the order of the specification ("Verifying artifacts", build track): shape, builder, build type,
 * parameters, source; then what the certificate says, too, must be the same there.
 *
 * Whoever runs the build writes the predicate; only the certificate speaks for the identity provider. With a certificate,
 * every part therefore needs its word; with a key, the predicate's own word is all there is. What is left out, or has another
 * type, is never taken for what should be there: no denial becomes an allow by saying less.
 */
export function provenanceChecks(checks: NormalSlsaProvenanceChecks): Check<Examined>[] {
  return [
    check(CHECKS.provenanceShape, ({ statement }) => (readProvenance(statement) === undefined
      ? `expected a SLSA ${checks.type === 'slsa-provenance' ? 'v1 predicate with buildDefinition and runDetails' : 'v0.2 predicate with builder, buildType and invocation'}, found another shape`
      : undefined)),
    check(CHECKS.builderId, (examined) => {
      const { builderId } = provenanceOf(examined);
      const expected = expectedBuilders(checks, examined);
      return expected.includes(builderId) ? undefined : `expected the builder ${showList(expected)}, found ${show(builderId)}`;
    }),
    check(CHECKS.buildType, (examined) => {
      const { buildType } = provenanceOf(examined);
      return checks.buildTypes.includes(buildType) ? undefined : `expected the build type ${showList(checks.buildTypes)}, found ${show(buildType)}`;
    }),
    check(CHECKS.externalParameters, (examined) => parametersShortfall(checks, provenanceOf(examined))),
    check(CHECKS.source, (examined) => sourceShortfall(checks, examined)),
    {
      ...check(CHECKS.sourceRef, (examined) => refShortfall(checks, examined)),
      applies: () => checks.sourceRefs.length > 0,
    },
    ...AGREEMENTS.map((agreement: Agreement) => ({
      ...check(CHECKS.agreement(agreement.claim), (examined) => agreementShortfall(agreement, examined)),
      applies: agreement.applies,
    })),
    {
      ...check(CHECKS.level(checks.level), (examined) => levelShortfall(checks.level, examined)),
      // A key, or a certificate of one's own, says nothing about the platform it is used on; level 1 is what the checks before this one show.
      applies: ({ fact: { signer } }) => checks.level > 1 && signer.type === 'certificate',
    },
  ];
}

/** A key or one's own certificate has no builder of its own, so a policy names those that use it. */
function expectedBuilders({ builderIds }: NormalSlsaProvenanceChecks, examined: Examined): readonly string[] {
  return builderIds.length > 0 ? builderIds : ownBuilder(examined);
}

/** "Unknown external parameters reject": each one is either the build type's own and compared elsewhere, or named in the policy. */
function parametersShortfall({ externalParameters }: NormalSlsaProvenanceChecks, { external, ownParameters: own, isGithub, workflow }: Provenance): string | undefined {
  const unknown = Object.keys(external).filter((name) => !own.includes(name) && !Object.hasOwn(externalParameters, name));
  if (unknown.length > 0) {
    return `expected no external parameters but those of the policy, found ${showList(unknown)}`;
  }
  if (isGithub && workflow === undefined) {
    return own.length > 0
      ? 'expected the external parameter "workflow" to be the texts ref, repository and path, found another shape'
      : 'expected configSource to have the texts uri (with a ref) and entryPoint, found another shape';
  }
  const different = Object.entries(externalParameters).find(([name, value]) => !Object.hasOwn(external, name) || canonicalJson(external[name]) !== canonicalJson(value));
  return different === undefined ? undefined : `expected the external parameter ${show(different[0])} to be as the policy says, found ${Object.hasOwn(external, different[0]) ? 'another value' : 'none'}`;
}

function sourceShortfall({ source }: NormalSlsaProvenanceChecks, examined: Examined): string | undefined {
  const { signer } = examined.fact;
  if (signer.type === 'certificate') {
    const claimed = claimOf(signer, 'sourceRepositoryUri');
    if (claimed !== source) {
      return `expected a certificate for the source ${show(source)}, found ${claimed === undefined ? 'one that names none' : show(claimed)}`;
    }
  }
  const stated = statedRepositories(provenanceOf(examined));
  if (stated.every((repository) => repository === source)) {
    return undefined;
  }
  const other = stated.find((repository) => repository !== source);
  return `expected the source ${show(source)}, found ${other === undefined ? 'none' : show(other)}`;
}

function refShortfall({ sourceRefs }: NormalSlsaProvenanceChecks, examined: Examined): string | undefined {
  const { signer } = examined.fact;
  const stated = statedRefs(provenanceOf(examined));
  const refs = signer.type === 'certificate' ? [claimOf(signer, 'sourceRepositoryRef'), ...stated] : stated;
  const holds = (ref: string | undefined): boolean => ref !== undefined && sourceRefs.some((pattern) => matchesRef(pattern, ref));
  if (refs.every(holds)) {
    return undefined;
  }
  const wrong = refs.find((ref) => !holds(ref));
  return `expected the source at ${showList(sourceRefs)}, found ${wrong === undefined ? 'no ref' : show(wrong)}`;
}

function check(name: CheckName, problem: (examined: Examined) => string | undefined): Check<Examined> {
  return predicateCheck('WRONG_PROVENANCE', name, problem);
}
