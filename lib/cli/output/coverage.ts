import { PolicyDocument } from '../../policy/document';
import { DEFAULT_NAMESPACES } from '../../policy/namespaces';

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
