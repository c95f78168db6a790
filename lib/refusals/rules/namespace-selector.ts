import { NAMESPACE_NAME_LABEL } from '../../kubernetes/labels';
import { fieldsOf, list } from '../fields';
import { Rule } from '../rule';
import { show } from '../show';
import { ownEntries } from '../webhook-entries';

export const namespaceSelector: Rule = {
  code: 'NAMESPACE_EXEMPTION',
  title: 'Namespaces can leave a webhook by a label',
  why: 'Only kubernetes.io/metadata.name is set by the API server and cannot be changed; every other label can be written by whoever may edit the namespace.',
  remedy: `Exempt namespaces by name: {key: ${NAMESPACE_NAME_LABEL}, operator: NotIn, values: [...]}.`,
  check: (subject) => ownEntries(subject).flatMap(({ object, path, fields }) => list(fieldsOf(fields.namespaceSelector).matchExpressions)
    .map((expression, index) => ({ expression: fieldsOf(expression), index }))
    .filter(({ expression: { key, operator } }) => key !== NAMESPACE_NAME_LABEL && operator !== 'In' && operator !== 'Exists')
    .map(({ expression, index }) => ({
      object: object.id,
      path: `${path}.namespaceSelector.matchExpressions[${index}]`,
      message: `The label ${show(expression.key)} exempts a namespace.`,
    }))),
};
