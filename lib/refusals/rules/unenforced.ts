import { Rule } from '../rule';
import { isOwn, ownEntries } from '../webhook-entries';

export const unenforced: Rule = {
  code: 'UNENFORCED',
  title: 'A policy that nobody enforces',
  why: 'A policy ConfigMap without an enforcing webhook entry looks strict and refuses nothing.',
  remedy: 'Keep the ValidatingWebhookConfiguration and its entries as the synthesis renders them; a policy for the verifier\'s own namespace alone holds nowhere.',
  check: (subject) => {
    const isEnforcing = ownEntries(subject).some(({ object, role }) => object.kind === 'ValidatingWebhookConfiguration' && role === 'enforce');
    const deployed = subject.objects.some((object) => object.kind === 'Deployment' && isOwn(object));
    return subject.documents.filter(({ document }) => deployed && !isEnforcing && document.kind === 'ImagePolicy' && document.spec.action?.type !== 'Audit')
      .map(({ object }) => ({ object, path: '', message: 'No webhook entry with the path /validate calls the verifier.' }));
  },
};
