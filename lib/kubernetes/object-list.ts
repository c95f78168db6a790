import { isPlainObject } from '../policy/canonical-json';
import { DocumentError, element } from '../policy/problem';

/**
 * The objects that a manifest stands for: the `items` of a list of any kind, each with the kind that it has to whoever applies it, or the manifest
 * itself.
 *
 * @throws DocumentError for items that are no list, and for a list in a list: the API server refuses it, so what it holds would never be applied
 */
export function objectsOf(manifest: unknown): readonly unknown[] {
  const items = itemsOf(manifest);
  if (items === undefined) {
    return [manifest];
  }
  if (!Array.isArray(items)) {
    throw new DocumentError([{ path: 'items', message: 'is no list: write the objects as a list, or as documents of their own' }]);
  }
  const nested = items.findIndex((item) => itemsOf(item) !== undefined);
  if (nested >= 0) {
    throw new DocumentError([{ path: element('items', nested), message: 'is a list inside a list: put its objects beside the others' }]);
  }
  return items.map((item) => itemOf(manifest, item));
}

/**
 * An item of a list as kubectl reads it: one that does not say what it is, is what the list is of.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1/unstructured#UnstructuredJSONScheme
 */
export function itemOf(list: unknown, item: unknown): unknown {
  if (!isPlainObject(list) || !isPlainObject(item) || isSaid(item.kind)) {
    return item;
  }
  const kind = isSaid(list.kind) ? list.kind.replace(/List$/, '') : '';
  return kind === '' ? item : { ...item, apiVersion: isSaid(item.apiVersion) ? item.apiVersion : list.apiVersion, kind };
}

function isSaid(field: unknown): field is string {
  return typeof field === 'string' && field !== '';
}

/** Empty where it is null, as some programs write a list of nothing. */
function itemsOf(value: unknown): unknown {
  return isPlainObject(value) && Object.hasOwn(value, 'items') ? value.items ?? [] : undefined;
}
