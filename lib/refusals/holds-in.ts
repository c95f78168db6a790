import { NAMESPACE_NAME_LABEL } from '../kubernetes/labels';
import { NamespaceSelection, PolicyDocument } from '../policy/document';
import { coversNamespace, DEFAULT_NAMESPACES } from '../policy/namespaces';
import { NamespaceContext } from '../policy/normal';

/** Where a document holds, said or not. */
export function namespacesOf({ spec }: PolicyDocument): NamespaceSelection {
  return spec.namespaces ?? DEFAULT_NAMESPACES;
}

/** Whether a document holds in a namespace; the label that is its name is known of each. */
export function holdsIn(document: PolicyDocument, place: NamespaceContext): boolean | 'unknown' {
  const selection = namespacesOf(document);
  if (!('labels' in selection)) {
    return coversNamespace(selection, place);
  }
  const { [NAMESPACE_NAME_LABEL]: name = place.name, ...labels } = selection.labels;
  return name === place.name && (Object.keys(labels).length === 0 || coversNamespace({ labels }, place));
}
