import { Rule } from '../rule';
import { ownEntries } from '../webhook-entries';

export const unenforced: Rule = {
  code: 'UNENFORCED',
  title: 'A policy that nobody enforces',
  why: 'A policy ConfigMap without an enforcing webhook entry looks strict and refuses nothing.',
  remedy: 'Keep the ValidatingWebhookConfiguration and its entries as the synthesis renders them; a policy for the verifier\'s own namespace alone holds nowhere.',
  check: (subject) => {
    const isEnforcing = ownEntries(subject).some(({ role }) => role === 'enforce');
    // Bare documents, and a ConfigMap that is judged alone, are only part of what is applied.
    const isApplied = subject.objects.some(({ own, kind }) => own && kind !== 'ConfigMap');
    return subject.documents.filter(({ document, source }) => isApplied && !isEnforcing && source.kind === 'ConfigMap' && document.kind === 'ImagePolicy' && document.spec.action?.type !== 'Audit')
      .map(({ object }) => ({ object, path: '', message: 'No webhook entry with the path /validate calls the verifier.' }));
  },
};
