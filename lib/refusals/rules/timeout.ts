import { Rule, Subject } from '../rule';
import { show } from '../show';
import { valuesOf, verifiers } from '../verifiers';
import { ownEntries } from '../webhook-entries';

export const timeout: Rule = {
  code: 'TIMEOUT',
  title: 'The API server does not wait for the verifier\'s answer',
  why: 'The verifier answers at its own deadline with a reason; an API server that gives up earlier refuses without one, and one that waits longer than 30 s does not exist.',
  remedy: 'Set timeoutSeconds from 1 to 30 and above the verifier\'s --deadline.',
  check: (subject) => ownEntries(subject)
    .filter(({ fields: { timeoutSeconds = 10 } }) => !Number.isInteger(timeoutSeconds) || typeof timeoutSeconds !== 'number' || timeoutSeconds < 1 || timeoutSeconds > 30 || !(timeoutSeconds > deadlineOf(subject)))
    .map(({ object, path, fields }) => ({
      object: object.id, path: `${path}.timeoutSeconds`, message: `timeoutSeconds is ${show(fields.timeoutSeconds)} and the verifier's deadline is ${deadlineOf(subject)}.`,
    })),
};

/** What the Deployments' arguments say, or the default; 0 where there is none to compare with. */
function deadlineOf(subject: Subject): number {
  return Math.max(0, ...verifiers(subject).map(({ args }) => Number(valuesOf(args, '--deadline')[0] ?? 8)));
}
