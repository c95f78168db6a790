import { isPlainObject } from '../policy/canonical-json';

/** A mapping, read without trusting its shape. */
export type Fields = { readonly [key: string]: unknown };

/** The mapping that a value is; an empty one for anything else. */
export function fieldsOf(value: unknown): Fields {
  return isPlainObject(value) ? value : {};
}

/** The list that a value is; an empty one for anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list. */
export function texts(value: unknown): string[] {
  return list(value).filter((item): item is string => typeof item === 'string');
}
