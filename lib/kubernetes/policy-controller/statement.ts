import { NormalAttestationRequirement, NormalRequirement } from '../../policy/normal';
import { CYCLONE_DX_TYPE } from '../../policy/predicate-types';

/**
 * What must be true of a statement, as a module of Rego over it. Nothing that a document says stands in it.
 *
 * policy-controller compares a subject's sha256 alone; a statement that names anything beside sha256 in lower case is about nothing, since nobody could confirm the rest.
 * What is missing makes a line undefined, and the statement is refused.
 *
 * @see https://www.openpolicyagent.org/docs/v0.70.0/policy-language (version 0, which it reads)
 */
export function statementModule(requirement: NormalRequirement): string {
  const lines = [
    'statement_types[input._type]',
    'count(input.subject) <= 1024',
    'not unconfirmed',
    ...requirement.type === 'signature' ? [] : checksOf(requirement),
  ];
  return `package sigstore

default isCompliant = false

statement_types := {"https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"}

unconfirmed {
  digest := input.subject[_].digest
  object.keys(digest) != {"sha256"}
}

unconfirmed {
  digest := input.subject[_].digest
  not regex.match("^[a-f0-9]{64}$", digest.sha256)
}

isCompliant {
${lines.map((line) => `  ${line}\n`).join('')}}
`;
}

/** How many different authorities must have vouched, as a module of Rego over what policy-controller found. */
export function thresholdModule(threshold: number): string {
  return `package sigstore

default isCompliant = false

isCompliant {
  count(input.authorityMatches) >= ${threshold}
}
`;
}

function checksOf({ checks, conditions, predicateType }: NormalAttestationRequirement): string[] {
  if (conditions !== undefined || (checks !== undefined && checks.type !== 'sbom')) {
    throw new RangeError(`${conditions === undefined ? `checks of the type ${checks?.type ?? ''}` : 'conditions'} are not rendered for policy-controller`);
  }
  if (checks === undefined) {
    return [];
  }
  return predicateType === CYCLONE_DX_TYPE
    ? ['input.predicate.bomFormat == "CycloneDX"', 'regex.match("^1\\\\.[0-9]+$", input.predicate.specVersion)']
    : ['regex.match("^SPDX-2\\\\.[0-9]+$", input.predicate.spdxVersion)'];
}
