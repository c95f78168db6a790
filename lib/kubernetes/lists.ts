import { isPlainObject } from '../policy/canonical-json';

/**
 * What a list holds; `undefined` for an object that is none.
 *
 * A list is whatever has `items`, of whatever kind, as for those who apply it: `List`, but also a `ValidatingWebhookConfigurationList`.
 */
export function itemsOf(value: unknown): readonly unknown[] | undefined {
  const { items } = isPlainObject(value) ? value : {};
  return Array.isArray(items) ? items : undefined;
}

/** Everything that may be applied with a value: what it holds if it is a list, and itself unless its kind says that it is nothing else. */
export function unlisted(value: unknown): readonly unknown[] {
  const items = itemsOf(value);
  if (items === undefined) {
    return [value];
  }
  const { kind } = value as { readonly kind?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') ? items : [value, ...items];
}
