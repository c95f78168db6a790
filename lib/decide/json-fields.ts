import { parseInstant } from '../policy/instant';
import { Json } from '../policy/document';

/** A JSON object whose members are read one by one, each in the one shape it may have. */
export type Fields = { readonly [key: string]: Json };

/** `undefined` for anything but an object. */
export function fields(value: Json | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** A member of its own, never of a prototype. */
export function own(object: Fields | undefined, name: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A text that says something; `undefined` for anything else. */
export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The instant of an RFC 3339 date-time, in milliseconds since the epoch; `undefined` for anything else. */
export function instant(value: Json | undefined): number | undefined {
  if (typeof value !== 'string' || !value.includes('T')) {
    return undefined;
  }
  try {
    return parseInstant(value);
  } catch {
    return undefined;
  }
}
