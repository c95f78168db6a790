import { parseAge } from './age';
import { checkDigest } from './check-digest';
import { discriminate } from './check-scope';
import { PredicateChecks } from './document';
import { exactText, exactUri, exactUrl, parsed } from './exact';
import { describe, Field } from './field';
import { parseInstant } from './instant';
import { READABLE } from './predicate-types';
import { parseRefPattern } from './ref-pattern';

const FORMS: { readonly [type in PredicateChecks['type']]: (field: Field) => void } = {
  'slsa-provenance': checkSlsa,
  'slsa-provenance-v0.2': checkSlsa,
  'verification-summary': checkSummary,
  'sbom': (field) => void field.members(['type']),
  'vulnerability-scan': checkScan,
};

/** `PredicateChecks`, and that they can read the predicate type. */
export function checkPredicateChecks(field: Field, predicateType: string | undefined): void {
  const type = discriminate(field, Object.keys(FORMS) as PredicateChecks['type'][]);
  if (type === undefined) {
    return;
  }
  const readable = READABLE[type];
  if (predicateType !== undefined && !readable.includes(predicateType)) {
    field.problem(`reads only predicates of type ${readable.join(' or ')}, not ${describe(predicateType)}: correct one of the two`);
  }
  FORMS[type](field);
}

/** `SlsaProvenanceChecks`. */
function checkSlsa(field: Field): void {
  const fields = field.members(['type', 'source'], ['sourceRefs', 'builderIds', 'buildTypes', 'level', 'externalParameters']);
  if (fields === undefined) {
    return;
  }
  const source = exactUrl(fields.source);
  if (source?.endsWith('/') === true) {
    fields.source.problem(`is ${describe(source)}, which no provenance names: remove the slash at the end`);
  }
  fields.sourceRefs.elements().forEach((ref) => parsed(ref, parseRefPattern));
  fields.builderIds.elements().forEach(exactUri);
  fields.buildTypes.elements().forEach(exactUri);
  fields.level.word([1, 2, 3]);
  for (const [name, value] of fields.externalParameters.entries() ?? []) {
    if (name === '') {
      value.problem('has an empty name: write the name of the parameter');
    }
  }
}

/** `VerificationSummaryChecks`. */
function checkSummary(field: Field): void {
  const fields = field.members(['type', 'verifierId', 'resourceUris', 'levels', 'maxAge'], ['policyDigest']);
  if (fields === undefined) {
    return;
  }
  exactUri(fields.verifierId);
  fields.resourceUris.elements().forEach(exactUri);
  fields.levels.elements().forEach(exactText);
  checkDigest(fields.policyDigest, 'a policy');
  parsed(fields.maxAge, parseAge);
}

/** `VulnerabilityScanChecks`. */
function checkScan(field: Field): void {
  const fields = field.members(['type', 'maxSeverity', 'maxAge'], ['maxDatabaseAge', 'ignored']);
  if (fields === undefined) {
    return;
  }
  fields.maxSeverity.word(['none', 'low', 'medium', 'high']);
  parsed(fields.maxAge, parseAge);
  parsed(fields.maxDatabaseAge, parseAge);
  const seen = new Set<string>();
  for (const ignored of fields.ignored.elements()) {
    const parts = ignored.members(['id', 'reason', 'owner', 'until']);
    const id = parts === undefined ? undefined : exactText(parts.id);
    parts?.reason.text();
    parts?.owner.text();
    if (parts !== undefined) {
      parsed(parts.until, parseInstant);
    }
    if (id !== undefined && seen.has(id)) {
      parts?.id.problem(`is ${describe(id)} a second time: keep the entry that holds`);
    }
    seen.add(id ?? '');
  }
}
