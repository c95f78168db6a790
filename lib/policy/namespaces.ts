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

/** Whether one selection certainly selects no namespace that the other does not. */
export function isWithin(inner: NamespaceSelection, outer: NamespaceSelection): boolean {
  if ('labels' in outer) {
    return 'labels' in inner && Object.entries(outer.labels).every(([key, value]) => inner.labels[key] === value);
  }
  if ('names' in inner) {
    return inner.names.every((name) => coversNamespace(outer, { name }) === true);
  }
  return 'except' in outer && 'except' in inner ? outer.except.every((name) => inner.except.includes(name)) : 'except' in outer && outer.except.length === 0;
}

/** Whether there may be a namespace that both select. */
export function mayMeet(a: NamespaceSelection, b: NamespaceSelection): boolean {
  const meets = (names: readonly string[], other: NamespaceSelection): boolean => names.some((name) => coversNamespace(other, { name }) !== false);
  return 'names' in a ? meets(a.names, b) : 'names' in b ? meets(b.names, a) : true;
}
