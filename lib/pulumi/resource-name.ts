import { Manifest } from '../engines/manifest';
import { CONTENT_LABEL } from '../kubernetes/labels';

/**
 * The name under which an object is registered: that of the object, whatever its component is called, and without the hash of its content.
 *
 * So a component that is renamed replaces nothing: a replacement with the same name in the cluster would be created over the old object, and
 * then be deleted with it. And a policy that is changed is shown as a change of its ConfigMap.
 */
export function resourceName({ kind, metadata: { name, labels } }: Manifest): string {
  if (labels?.[CONTENT_LABEL] !== undefined) {
    return name.replace(/-[0-9a-f]+$/, '');
  }
  return `${name}-${kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}`;
}
