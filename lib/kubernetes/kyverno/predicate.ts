import { Json } from '../../policy/document';
import { NormalAttestationRequirement, NormalRequirement, NormalSlsaProvenanceChecks } from '../../policy/normal';
import { CYCLONE_DX_TYPE } from '../../policy/predicate-types';
import { celString, celStrings } from '../cel';
import { predicateTypeOf } from '../predicate-type';
import { quoted, refExpression } from '../re2';

const STATEMENT_TYPES = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'];

/** Subjects that are read of one statement. */
const MOST_SUBJECTS = 1024;

/** The members that a predicate of v0.2 has at its top; one of v1 with them could be read in two ways. */
const TOP_LEVEL_V02 = ['builder', 'buildType', 'invocation', 'buildConfig', 'metadata', 'materials'];

/**
 * What must be true of a statement, in CEL over the variables `statement` (the whole in-toto statement) and `image` (its reference, by digest).
 *
 * Kyverno has compared a subject's sha256 alone; one that names another algorithm as well is about nothing, since only the sha256 of the image is known.
 */
export function statementConditions(requirement: NormalRequirement): string[] {
  return [
    `statement._type in ${celStrings(STATEMENT_TYPES)}`,
    `statement.predicateType == ${celString(predicateTypeOf(requirement))}`,
    `size(statement.subject) <= ${MOST_SUBJECTS}`,
    'statement.subject.exists(subject, subject.digest == {\'sha256\': image.substring(size(image) - 64)})',
    ...(requirement.type === 'signature' ? [] : checksOf(requirement)),
  ];
}

function checksOf({ checks, predicateType, conditions }: NormalAttestationRequirement): string[] {
  if (conditions !== undefined) {
    throw new RangeError('conditions are not rendered for Kyverno');
  }
  if (checks === undefined) {
    return [];
  }
  switch (checks.type) {
    case 'sbom': return predicateType === CYCLONE_DX_TYPE
      ? ['statement.predicate.bomFormat == \'CycloneDX\'', `statement.predicate.specVersion.matches(${celString('^1\\.[0-9]+$')})`]
      : [`statement.predicate.spdxVersion.matches(${celString('^SPDX-2\\.[0-9]+$')})`];
    case 'slsa-provenance': return provenanceConditions(checks);
    default: throw new RangeError(`checks of the type ${checks.type} are not rendered for Kyverno`);
  }
}

/**
 * SLSA provenance of v1 by a key, as `lib/decide/provenance.ts` compares it: shape, builder, build type, parameters, source and its ref.
 *
 * The predicate's own word is all there is; a field that is missing or has another type is an error or unequal, and refuses alike.
 */
function provenanceConditions({ source, sourceRefs, builderIds, buildTypes, externalParameters }: NormalSlsaProvenanceChecks): string[] {
  const definition = 'statement.predicate.buildDefinition';
  const uri = `${definition}.resolvedDependencies[0].uri`;
  const refs = sourceRefs.length === 0 ? '(?:@[\\s\\S]*)?' : `@(?:${sourceRefs.map(refExpression).join('|')})`;
  return [
    `!${celStrings(TOP_LEVEL_V02)}.exists(name, name in statement.predicate)`,
    `statement.predicate.runDetails.builder.id in ${celStrings(builderIds)}`,
    `${definition}.buildType in ${celStrings(buildTypes)}`,
    `type(${definition}.externalParameters) == map`,
    `${definition}.externalParameters.all(name, name in ${celStrings(Object.keys(externalParameters))})`,
    ...Object.entries(externalParameters).flatMap(([name, value]) => [
      `${celString(name)} in ${definition}.externalParameters`,
      `${definition}.externalParameters[${celString(name)}] == ${literal(value)}`,
    ]),
    // The repository ends at the first "@", and a source holds none.
    source.includes('@') ? 'false' : `${uri}.matches(${celString(`^(?:git\\+)?${quoted(source)}${refs}$`)})`,
  ];
}

/** A JSON value as CEL has it when it comes out of JSON: numbers are doubles. */
function literal(value: Json): string {
  if (Array.isArray(value)) {
    return `dyn([${value.map(literal).join(', ')}])`;
  }
  if (typeof value === 'object' && value !== null) {
    return `dyn({${Object.entries(value).map(([name, inner]) => `${celString(name)}: ${literal(inner)}`).join(', ')}})`;
  }
  switch (typeof value) {
    case 'string': return `dyn(${celString(value)})`;
    case 'number': return `dyn(double(${celString(String(value))}))`;
    default: return `dyn(${String(value)})`;
  }
}
