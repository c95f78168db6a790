import type { OtherEngine } from '../../kubernetes/read-bundle';
import { PolicyDocument } from '../../policy/document';
import { coversNamespace, DEFAULT_NAMESPACES } from '../../policy/namespaces';
import { NamespaceContext } from '../../policy/normal';

/** Where policies hold, as a list of a few words each. */
export function describeCoverage(documents: readonly PolicyDocument[]): string {
  const selections = documents.flatMap(({ kind, spec: { namespaces = DEFAULT_NAMESPACES } }) => {
    if (kind !== 'ImagePolicy') {
      return [];
    }
    if ('names' in namespaces) {
      return namespaces.names;
    }
    if ('except' in namespaces) {
      return [namespaces.except.length === 0 ? 'every namespace' : `every namespace but ${namespaces.except.join(', ')}`];
    }
    return [`namespaces labelled ${Object.entries(namespaces.labels).map(([key, value]) => `${key}=${value}`).join(',')}`];
  });
  return [...new Set(selections)].join('; ');
}

/** Labels of the other engines that hold in a namespace, or may do so. */
export function enginesIn(engines: readonly OtherEngine[], namespace: NamespaceContext): readonly string[] {
  const holds = ({ documents }: OtherEngine): boolean => documents === undefined
    || documents.some(({ kind, spec }) => kind === 'ImagePolicy' && coversNamespace(spec.namespaces ?? DEFAULT_NAMESPACES, namespace) !== false);
  return [...new Set(engines.filter(holds).map(({ engine }) => engine))];
}
