import { DEFAULT_NAMESPACES, mayMeet } from '../../policy/namespaces';
import { NamespaceSelection } from '../../policy/document';
import { LocatedDocument, Rule } from '../rule';
import { verifierDocuments } from '../verifier-documents';

export const exemptionWithoutEffect: Rule = {
  code: 'EXEMPTION_WITHOUT_EFFECT',
  title: 'An exemption where no policy holds',
  why: 'Where nothing is refused, there is nothing to exempt from: the exemption was meant for other namespaces, or the policy was.',
  remedy: 'Name namespaces that a policy covers, or remove the exemption.',
  check: (subject) => verifierDocuments(subject).flatMap(({ policies, exemptions }) => exemptions
    .filter((exemption) => policies.length > 0 && !policies.some((policy) => mayMeet(namespacesOf(exemption), namespacesOf(policy))))
    .map(({ object }) => ({ object, path: 'spec.namespaces', message: 'No policy holds in any of its namespaces.' }))),
};

function namespacesOf({ document }: LocatedDocument): NamespaceSelection {
  return document.spec.namespaces ?? DEFAULT_NAMESPACES;
}
