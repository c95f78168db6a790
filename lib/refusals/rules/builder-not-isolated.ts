import { Attestor, KeylessAttestor } from '../../policy/document';
import { levelThreeBuilders } from '../level-three';
import { Rule } from '../rule';

export const builderNotIsolated: Rule = {
  code: 'BUILDER_NOT_ISOLATED',
  title: 'A level 3 builder that the source controls, or that nobody knows',
  why: 'Build level 3 rests on a builder that those who write the source cannot change. A workflow of the same repository is source itself, a person is no builder, and a key or a certificate of your own authority says nothing about where it was used.',
  remedy: 'Have a reusable workflow of another repository, at a tag or commit, build and sign (KeylessAttestor.githubReusableWorkflow), or ask for level 2.',
  check: (subject) => levelThreeBuilders(subject).flatMap(({ object, path, name, attestor, source }) => {
    const what = notIsolated(attestor, source);
    return what === undefined ? [] : [{ object, path, message: `The attestor ${name} is ${what}.` }];
  }),
};

function notIsolated(attestor: Attestor | undefined, source: string): string | undefined {
  if (attestor === undefined) {
    return undefined;
  }
  if (attestor.type !== 'keyless') {
    return attestor.type === 'key' ? 'a key' : 'a certificate of an authority of its own';
  }
  if (buildersOf(attestor).some((builder) => builder.startsWith(`${source}/`))) {
    return `a workflow of the source itself, ${source}`;
  }
  return isWorkflow(attestor) ? undefined : 'no workflow at a tag or commit';
}

function buildersOf({ subject, certificate }: KeylessAttestor): string[] {
  return [typeof subject === 'string' ? subject : subject.workflow, ...(certificate?.buildSignerUri === undefined ? [] : [certificate.buildSignerUri])];
}

/** Branches are another rule's. */
function isWorkflow({ subject }: KeylessAttestor): boolean {
  return typeof subject !== 'string' || (subject.includes('://') && /@(?:refs\/.+|[0-9a-f]{40})$/.test(subject));
}
