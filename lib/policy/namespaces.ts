import { NamespaceSelection } from './document';
import { NamespaceContext } from './normal';

/** Where a document holds that does not say so: everywhere but where the cluster's own static Pods are. */
export const DEFAULT_NAMESPACES: NamespaceSelection = { except: ['kube-system'] };

/** Whether a document holds in a namespace; `unknown` when that takes labels and they are absent. */
export function coversNamespace(selection: NamespaceSelection, namespace: NamespaceContext): boolean | 'unknown' {
  if ('except' in selection) {
    return !selection.except.includes(namespace.name);
  }
  if ('names' in selection) {
    return selection.names.includes(namespace.name);
  }
  const { labels } = namespace;
  if (labels === undefined) {
    return 'unknown';
  }
  return Object.entries(selection.labels).every(([key, value]) => labels[key] === value);
}
