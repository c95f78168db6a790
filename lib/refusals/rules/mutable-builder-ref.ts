import { levelThreeBuilders } from '../level-three';
import { Rule } from '../rule';

export const mutableBuilderRef: Rule = {
  code: 'MUTABLE_BUILDER_REF',
  title: 'A level 3 builder is named by a branch',
  why: 'Build level 3 rests on a builder that nobody can change unnoticed; a branch is changed by every push.',
  remedy: 'Name the reusable workflow at a tag (refs/tags/…) or a commit.',
  check: (subject) => levelThreeBuilders(subject).filter(({ attestor }) => isOnBranch(attestor))
    .map(({ object, path, name }) => ({ object, path, message: `The attestor ${name} is a workflow at a branch.` })),
};

function isOnBranch(attestor: { readonly type: string; readonly subject?: unknown } | undefined): boolean {
  const subject = attestor?.subject;
  // A file name or a branch may hold an "@", so every reading counts.
  const refs = typeof subject === 'string' ? subject.split('@').slice(1)
    : typeof subject === 'object' && subject !== null && 'refs' in subject && Array.isArray(subject.refs) ? subject.refs : [];
  return refs.some((ref) => typeof ref === 'string' && ref.startsWith('refs/heads/'));
}
