import { NAMESPACE_NAME_LABEL } from '../../kubernetes/labels';
import { fieldsOf, list } from '../fields';
import { Rule } from '../rule';
import { verifierNamespaces } from '../verifiers';
import { ownEntries } from '../webhook-entries';

export const ownNamespace: Rule = {
  code: 'OWN_NAMESPACE',
  title: 'The webhook guards its own namespace',
  why: 'When the verifier is down, its own Pods would be refused as well, and nothing could start it again. Its namespace is closed by the admission policy instead.',
  remedy: `Exclude the verifier's namespace: {key: ${NAMESPACE_NAME_LABEL}, operator: NotIn, values: [<namespace>]}.`,
  check: (subject) => {
    const own = [...verifierNamespaces(subject)];
    return ownEntries(subject).filter(({ fields }) => own.some((name) => !isLeftOutByName(fields.namespaceSelector, name)))
      .map(({ object, path }) => ({ object: object.id, path: `${path}.namespaceSelector`, message: 'The verifier\'s own namespace is not left out.' }));
  },
};

/** Whatever other labels it has: they can be changed. */
function isLeftOutByName(selector: unknown, name: unknown): boolean {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  const { [NAMESPACE_NAME_LABEL]: wanted = name } = fieldsOf(matchLabels);
  return wanted !== name || list(matchExpressions).map(fieldsOf).some(({ key, operator, values }) => key === NAMESPACE_NAME_LABEL
    && ((operator === 'NotIn' && list(values).includes(name)) || (operator === 'In' && !list(values).includes(name))));
}
