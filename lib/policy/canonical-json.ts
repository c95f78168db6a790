/**
 * The one JSON text of a value: keys sorted by UTF-16 code units, no spaces (RFC 8785).
 *
 * @throws TypeError for what JSON cannot hold: undefined, functions, symbols, big integers, numbers that are not finite, objects with a class.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number' && Number.isFinite(value)) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${Array.from(value, canonicalJson).join(',')}]`;
  }
  if (isPlainObject(value)) {
    const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`JSON cannot hold ${describe(value)}: replace it with plain data`);
}

/** Whether a value is an object as a JSON parser makes them. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of another realm's objects (jest, vm) is not ours, but has itself no prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (typeof value === 'object') {
    return `an object of class ${value?.constructor.name ?? 'unknown'}`;
  }
  return typeof value === 'number' ? String(value) : typeof value;
}
