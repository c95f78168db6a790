import { isPlainObject } from './canonical-json';

/**
 * Whether a value is meant to be a policy document: by its apiVersion, or, where that is absent or misspelt, by what only our
 * documents have. A policy that is passed over as somebody else's object would be one that nobody enforces.
 */
export function isDocumentLike(value: unknown): boolean {
  if (!isPlainObject(value)) {
    return false;
  }
  const { apiVersion, kind, spec } = value;
  if (typeof apiVersion === 'string' && apiVersion.startsWith('proofgate.')) {
    return true;
  }
  // Others have an ImagePolicy, too; the other kinds are nobody else's.
  const foreign = kind === 'ImagePolicy' && typeof apiVersion === 'string' && apiVersion.includes('/');
  const named = kind === 'ImagePolicy' || kind === 'ImageExemption' || kind === 'ImageDenyList';
  return (named && !foreign) || (isPlainObject(spec) && 'attestors' in spec && 'requirements' in spec);
}
