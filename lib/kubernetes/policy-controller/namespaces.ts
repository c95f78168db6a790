import { NamespaceSelection, PolicyDocument } from '../../policy/document';
import { DEFAULT_NAMESPACES } from '../../policy/namespaces';
import { celString, celStrings } from '../cel';

/** The label by which policy-controller is asked about a namespace, and the one value that counts. */
export const INCLUDE_LABEL = 'policy.sigstore.dev/include';

/** Whether a namespace carries the label, as CEL over its metadata. */
export function includes(namespace: string): string {
  return `${hasLabel(namespace, INCLUDE_LABEL, 'true')}`;
}

/** Whether a policy holds in a namespace, as CEL over the namespace's metadata. */
export function coveredBy(documents: readonly PolicyDocument[], own: string, namespace: string): string {
  const selections = documents.map(({ spec }) => coversOf(spec.namespaces ?? DEFAULT_NAMESPACES, namespace));
  return `${namespace}.metadata.name != ${celString(own)} && (${[...new Set(selections)].sort().map((covers) => `(${covers})`).join(' || ')})`;
}

function coversOf(selection: NamespaceSelection, namespace: string): string {
  if ('labels' in selection) {
    return Object.entries(selection.labels).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => hasLabel(namespace, key, value)).join(' && ');
  }
  return 'names' in selection ? `${namespace}.metadata.name in ${celStrings(selection.names)}` : `!(${namespace}.metadata.name in ${celStrings(selection.except)})`;
}

function hasLabel(namespace: string, key: string, value: string): string {
  return `${celString(key)} in ${namespace}.metadata.?labels.orValue({}) && ${namespace}.metadata.labels[${celString(key)}] == ${celString(value)}`;
}
