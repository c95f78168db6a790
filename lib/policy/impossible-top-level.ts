import { ImagePolicy, KeylessAttestor } from './document';
import { describe } from './field';
import { member, Problem } from './problem';
import { matchesRef } from './ref-pattern';

/** Attestors that have to be called by no other workflow, and whose subject or claims no certificate of such a run has: they would refuse everything. */
export function impossibleTopLevel({ spec }: ImagePolicy): Problem[] {
  return Object.entries(spec.attestors).flatMap(([name, attestor]) => {
    const why = attestor.type === 'keyless' && attestor.topLevel === 'required' ? contradiction(attestor) : undefined;
    return why === undefined ? [] : [{ path: `${member('spec.attestors', name)}.topLevel`, message: `is required, but ${why}, so this can never hold: correct one of the two, or leave topLevel out` }];
  });
}

/** Such a run signs as the workflow that was started, at the ref of the run: three claims agree with the subject. */
function contradiction({ subject, certificate = {} }: KeylessAttestor): string | undefined {
  if (typeof subject === 'string' && !WORKFLOW_AT_REF.test(subject)) {
    return `the subject ${describe(subject)} names no workflow at a ref (https://…@refs/…)`;
  }
  const wrong = (['buildSignerUri', 'buildConfigUri'] as const).find((claim) => certificate[claim] !== undefined && !isNamed(subject, certificate[claim]));
  if (wrong !== undefined) {
    return `the certificate's ${wrong} ${describe(certificate[wrong])} is another workflow than the subject`;
  }
  if (certificate.buildSignerUri !== undefined && certificate.buildConfigUri !== undefined && certificate.buildSignerUri !== certificate.buildConfigUri) {
    return 'the certificate\'s buildSignerUri and buildConfigUri are not the same workflow';
  }
  const ref = [subject, certificate.buildSignerUri, certificate.buildConfigUri].flatMap((text) => (typeof text === 'string' ? [refOf(text)] : [])).at(0);
  return ref === undefined || certificate.sourceRepositoryRef === undefined || matchesRef(certificate.sourceRepositoryRef, ref)
    ? undefined
    : `the certificate's sourceRepositoryRef ${describe(certificate.sourceRepositoryRef)} is no ref of the subject`;
}

const WORKFLOW_AT_REF = /^https?:\/\/[^@]+@refs\/[^@]+$/;

function refOf(workflow: string): string {
  return workflow.slice(workflow.lastIndexOf('@') + 1);
}

/** Whether a text can be the subject of a certificate that the attestor means. */
function isNamed(subject: KeylessAttestor['subject'], text: string): boolean {
  return typeof subject === 'string'
    ? subject === text
    : text.startsWith(`${subject.workflow}@`) && subject.refs.some((pattern) => matchesRef(pattern, text.slice(subject.workflow.length + 1)));
}
