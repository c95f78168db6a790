import { Manifest } from '../engines/manifest';
import { CONTENT_LABEL } from '../kubernetes/labels';

/**
 * The name under which an object is registered: that of the object, whatever its component is called, and without the hash of its content.
 *
 * So a component that is renamed replaces nothing. And a policy that is changed is shown as a change of its ConfigMap.
 */
export function resourceName(manifest: Manifest): string {
  const { kind, metadata: { name } } = manifest;
  if (isNamedByContent(manifest)) {
    return name.replace(/-[0-9a-f]+$/, '');
  }
  return `${name}-${kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}`;
}

/** Whether another content is an object of another name, which can be there beside the old one. */
export function isNamedByContent({ metadata: { labels } }: Manifest): boolean {
  return labels?.[CONTENT_LABEL] !== undefined;
}
