import { Rule, Subject } from '../rule';
import { fieldsOf, isOwn, list, ownEntries } from '../webhook-entries';

export const timeout: Rule = {
  code: 'TIMEOUT',
  title: 'The API server does not wait for the verifier\'s answer',
  why: 'The verifier answers at its own deadline with a reason; an API server that gives up earlier refuses without one, and one that waits longer than 30 s does not exist.',
  remedy: 'Set timeoutSeconds from 1 to 30 and above the verifier\'s --deadline.',
  check: (subject) => ownEntries(subject)
    .filter(({ fields: { timeoutSeconds = 10 } }) => typeof timeoutSeconds !== 'number' || timeoutSeconds < 1 || timeoutSeconds > 30 || timeoutSeconds <= deadlineOf(subject))
    .map(({ object, path, fields }) => ({
      object: object.id, path: `${path}.timeoutSeconds`, message: `timeoutSeconds is ${String(fields.timeoutSeconds)} and the verifier's deadline is ${deadlineOf(subject)}.`,
    })),
};

/** What the Deployment's arguments say; 0 where there is none to compare with. */
function deadlineOf({ objects }: Subject): number {
  const deployment = objects.find((object) => object.kind === 'Deployment' && isOwn(object));
  const { containers } = fieldsOf(fieldsOf(fieldsOf(fieldsOf(deployment?.content).spec).template).spec);
  const args = list(containers).flatMap((container) => list(fieldsOf(container).args));
  return deployment === undefined ? 0 : Number(args[args.indexOf('--deadline') + 1] ?? 8);
}
