/** Each value once, in the order of UTF-16 code units. */
export function asSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compare);
}

/** The same record with its keys in order, each value converted. */
export function sortedRecord<V, R>(record: { readonly [key: string]: V }, convert: (value: V) => R): { [key: string]: R } {
  return Object.fromEntries(Object.keys(record).sort(compare).map((key) => [key, convert(record[key] as V)]));
}

/** The order of UTF-16 code units. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
