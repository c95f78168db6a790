import { checkConditions } from './check-condition';
import { checkPredicateChecks } from './check-predicate';
import { checkName, discriminate } from './check-scope';
import { exactText, exactUri } from './exact';
import { describe, Field } from './field';
import { COSIGN_SIGN } from './predicate-types';

/** Types of checks of which the newest statement decides. */
const NEWEST_DECIDES: readonly unknown[] = ['verification-summary', 'vulnerability-scan'];

/** What a requirement says about others, for the checks across the document. */
export interface RequirementUse {
  readonly name?: string;
  /** Names of attestors with their places; absent when they could not be read. */
  readonly attestors?: readonly (readonly [string, Field])[];
}

/** `Requirement`. */
export function checkRequirement(field: Field): RequirementUse {
  const type = discriminate(field, ['signature', 'attestation']);
  const fields = type === undefined ? undefined : field.members(
    type === 'signature' ? ['type', 'name', 'attestors'] : ['type', 'name', 'attestors', 'predicateType'],
    ['threshold', 'multiPlatform', 'repository', ...(type === 'signature' ? ['annotations'] as const : ['checks', 'conditions'] as const)],
  );
  if (fields === undefined) {
    return {};
  }
  const name = checkName(fields.name);
  const voters = checkVoters(fields.attestors);
  checkThreshold(fields.threshold, new Set(voters.map(([attestor]) => attestor)).size);
  const multiPlatform = fields.multiPlatform.word(['index', 'child', 'either']);
  fields.repository.word(['required', 'notRequired']);
  if (type === 'signature') {
    checkAnnotations(fields.annotations);
  } else {
    checkPredicate(fields.predicateType, fields.checks);
    if (multiPlatform === 'either' && NEWEST_DECIDES.includes(fields.checks.at('type').value)) {
      fields.multiPlatform.problem('is "either", but the newest statement decides: an older one about the index would hide a newer one about an image in it: write "index" or "child"');
    }
    checkConditions(fields.conditions);
  }
  return { ...(name === undefined ? {} : { name }), ...(voters.length === 0 ? {} : { attestors: voters }) };
}

function checkVoters(field: Field): [string, Field][] {
  const seen = new Set<string>();
  return field.elements().flatMap((voter): [string, Field][] => {
    const name = voter.text();
    if (name === undefined) {
      return [];
    }
    if (seen.has(name)) {
      voter.problem(`is ${describe(name)} a second time; one attestor counts once: remove it`);
    }
    seen.add(name);
    return [[name, voter]];
  });
}

function checkThreshold(field: Field, voters: number): void {
  const threshold = field.count();
  if (threshold !== undefined && voters > 0 && threshold > voters) {
    const named = voters === 1 ? '1 attestor is' : `${voters} different attestors are`;
    field.problem(`is ${threshold}, but ${named} named, so it can never hold: lower it or name more`);
  }
}

function checkAnnotations(field: Field): void {
  const entries = field.entries();
  if (entries?.length === 0) {
    field.problem('is empty, which demands nothing: name at least one annotation, or remove it');
  }
  for (const [name, value] of entries ?? []) {
    if (name.trim() === '') {
      value.problem('has an empty name: write the name of the annotation');
    }
    exactText(value);
  }
}

function checkPredicate(predicate: Field, checks: Field): void {
  const predicateType = exactUri(predicate);
  if (predicateType === COSIGN_SIGN) {
    predicate.problem('is what a signature says, which is no attestation: use a requirement of type "signature"');
  }
  if (!checks.absent) {
    checkPredicateChecks(checks, predicateType);
  }
}
