import { issuerNamespace } from '../guards';
import { holdsIn } from '../holds-in';
import { Rule } from '../rule';
import { verifiers } from '../verifiers';

export const issuerLockedOut: Rule = {
  code: 'ISSUER_LOCKED_OUT',
  title: 'A policy holds where cert-manager runs, which makes the verifier\'s certificate',
  why: 'When the certificate is over, nobody can ask the verifier, so that no Pod of cert-manager could start to renew it, and whatever policies cover would stay refused. Where a selection by label holds is not known.',
  remedy: 'Leave the namespace of cert-manager out, NamespaceSelection.except(\'cert-manager\'), or name the namespaces that are covered; where it runs in another one, say certManagerNamespace.',
  check: (subject) => verifiers(subject).flatMap((verifier) => {
    const { namespace } = verifier.object;
    const issuer = issuerNamespace(verifier, subject);
    // The webhook leaves the verifier's own namespace out.
    return issuer === undefined || issuer === namespace ? [] : subject.documents
      .filter(({ source, document }) => source.kind === 'ConfigMap' && source.namespace === namespace && document.kind === 'ImagePolicy' && document.spec.action?.type !== 'Audit'
        && holdsIn(document, { name: issuer }) === true)
      .map(({ object }) => ({ object, path: 'spec.namespaces', message: `It holds in ${issuer}, where cert-manager could then not start to renew the certificate of the verifier ${verifier.object.name}.` }));
  }),
};
