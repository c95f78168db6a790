import { Attestor, PolicyDocument } from '../../policy/document';
import { isSlsa } from '../../policy/predicate-types';
import { member } from '../../policy/problem';
import { Rule } from '../rule';

export const branchWildcard: Rule = {
  code: 'BRANCH_WILDCARD',
  title: 'A pattern takes in branches that anybody can make',
  why: 'Everybody who may push can create a branch, so a wildcard right below refs/heads/ lets each of them sign.',
  remedy: 'Name the branches (refs/heads/main) or put them below a name of their own that is protected (refs/heads/release/*); tags may keep a wildcard.',
  check: ({ documents }) => documents.flatMap(({ object, document }) => refsOf(document).filter(({ ref }) => /^refs\/heads\/[^/]*\*/.test(ref))
    .map(({ path, ref }) => ({ object, path, message: `${ref} matches branches that are new.` }))),
};

interface LocatedRef {
  readonly path: string;
  readonly ref: string;
}

/** Every pattern over refs. */
function refsOf(document: PolicyDocument): LocatedRef[] {
  if (document.kind !== 'ImagePolicy') {
    return [];
  }
  const { attestors, requirements } = document.spec;
  return [
    ...Object.entries(attestors).flatMap(([name, attestor]) => refsOfAttestor(member('spec.attestors', name), attestor)),
    ...requirements.flatMap((requirement, index) => (requirement.type === 'attestation' && requirement.checks !== undefined && isSlsa(requirement.checks) ? requirement.checks.sourceRefs ?? [] : [])
      .map((ref, at) => ({ path: `spec.requirements[${index}].checks.sourceRefs[${at}]`, ref }))),
  ];
}

function refsOfAttestor(path: string, attestor: Attestor): LocatedRef[] {
  if (attestor.type !== 'keyless') {
    return [];
  }
  const { subject, certificate: { sourceRepositoryRef } = {} } = attestor;
  return [
    ...(typeof subject === 'string' ? [] : subject.refs.map((ref, index) => ({ path: `${path}.subject.refs[${index}]`, ref }))),
    ...(sourceRepositoryRef === undefined ? [] : [{ path: `${path}.certificate.sourceRepositoryRef`, ref: sourceRepositoryRef }]),
  ];
}
