import { NAMESPACE_NAME_LABEL } from '../../kubernetes/labels';
import { PolicyDocument } from '../../policy/document';
import { coversNamespace, DEFAULT_NAMESPACES } from '../../policy/namespaces';
import { Rule } from '../rule';
import { fieldsOf, list, ownEntries, WebhookEntry } from '../webhook-entries';

export const namespaceUnjudged: Rule = {
  code: 'NAMESPACE_UNJUDGED',
  title: 'A namespace that a policy covers is not judged',
  why: 'In a namespace that no webhook entry selects, every image runs: those that break the policy, and those that no policy matches.',
  remedy: 'Keep the namespaceSelector of the entries as the synthesis renders it; say in spec.namespaces of the policies where they hold.',
  check: (subject) => {
    const entries = ownEntries(subject).filter(({ object }) => object.kind === 'ValidatingWebhookConfiguration');
    if (entries.length === 0) {
      // Bare documents, or nothing that enforces at all, which is another rule's.
      return [];
    }
    const names = namesIn(subject.documents.map(({ document }) => document), entries);
    return subject.documents.flatMap(({ object, document }) => {
      const left = document.kind === 'ImagePolicy' ? names.filter((name) => isLeftOut(name, document, entries)) : [];
      return left.length === 0 ? [] : [{
        object, path: 'spec.namespaces', message: `Nobody judges ${left.map((name) => (name === ANY_OTHER ? 'the namespaces that are named nowhere' : name)).slice(0, 4).join(', ')}.`,
      }];
    });
  },
};

/** Stands for every namespace that neither documents nor selectors name. */
const ANY_OTHER = 'any-other-namespace';

function namesIn(documents: readonly PolicyDocument[], entries: readonly WebhookEntry[]): string[] {
  const said = documents.flatMap(({ spec: { namespaces } }) => (namespaces === undefined ? [] : 'names' in namespaces ? namespaces.names : 'except' in namespaces ? namespaces.except : []));
  const selected = entries.flatMap(({ fields }) => expressionsOf(fields).filter(({ key }) => key === NAMESPACE_NAME_LABEL).flatMap(({ values }) => list(values)));
  const texts = selected.filter((name): name is string => typeof name === 'string');
  return [...new Set([...said, ...texts, ANY_OTHER])].sort();
}

function isLeftOut(name: string, { spec }: PolicyDocument & { kind: 'ImagePolicy' }, entries: readonly WebhookEntry[]): boolean {
  const selection = spec.namespaces ?? DEFAULT_NAMESPACES;
  // The API server sets this label itself, whatever a policy asks for.
  const labels = { ...'labels' in selection ? selection.labels : {}, [NAMESPACE_NAME_LABEL]: name };
  const roles: readonly string[] = spec.action?.type === 'Audit' ? ['enforce', 'audit'] : ['enforce'];
  const isOwn = entries.some(({ fields }) => fieldsOf(fieldsOf(fields.clientConfig).service).namespace === name);
  return !isOwn && coversNamespace(selection, { name, labels }) === true
    && !entries.some(({ role, fields }) => roles.includes(role) && selects(fields, labels));
}

type Fields = WebhookEntry['fields'];

/** Kubernetes' label selector; an expression that it would not take selects nothing. */
function selects(fields: Fields, labels: { readonly [key: string]: string }): boolean {
  const { matchLabels } = fieldsOf(fields.namespaceSelector);
  return Object.entries(fieldsOf(matchLabels)).every(([key, value]) => labels[key] === value) && expressionsOf(fields).every(({ key, operator, values }) => {
    const value = typeof key === 'string' && Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'In': return value !== undefined && list(values).includes(value);
      case 'NotIn': return value === undefined || !list(values).includes(value);
      case 'Exists': return value !== undefined;
      case 'DoesNotExist': return value === undefined;
      default: return false;
    }
  });
}

function expressionsOf(fields: Fields): Fields[] {
  return list(fieldsOf(fields.namespaceSelector).matchExpressions).map(fieldsOf);
}
