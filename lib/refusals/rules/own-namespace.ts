import { NAMESPACE_NAME_LABEL } from '../../kubernetes/labels';
import { Rule } from '../rule';
import { fieldsOf, list, ownEntries } from '../webhook-entries';

export const ownNamespace: Rule = {
  code: 'OWN_NAMESPACE',
  title: 'The webhook guards its own namespace',
  why: 'When the verifier is down, its own Pods would be refused as well, and nothing could start it again. Its namespace is closed by the admission policy instead.',
  remedy: `Exclude the verifier's namespace: {key: ${NAMESPACE_NAME_LABEL}, operator: NotIn, values: [<namespace>]}.`,
  check: (subject) => ownEntries(subject).filter(({ fields }) => {
    const { namespace } = fieldsOf(fieldsOf(fields.clientConfig).service);
    const expressions = list(fieldsOf(fields.namespaceSelector).matchExpressions).map(fieldsOf);
    return !expressions.some(({ key, operator, values }) => key === NAMESPACE_NAME_LABEL
      && ((operator === 'NotIn' && list(values).includes(namespace)) || (operator === 'In' && !list(values).includes(namespace))));
  }).map(({ object, path }) => ({ object: object.id, path: `${path}.namespaceSelector`, message: 'The verifier\'s own namespace is not left out.' })),
};
