/** Everything that fields, entries and prototypes lead to. */
export function reachable(from: object): Set<object> {
  const found = new Set<object>();
  const open: unknown[] = [from];
  while (open.length > 0) {
    const next = open.pop();
    if ((typeof next === 'object' || typeof next === 'function') && next !== null && !found.has(next)) {
      found.add(next);
      const fields = Reflect.ownKeys(next).map((key) => Reflect.getOwnPropertyDescriptor(next, key));
      open.push(Object.getPrototypeOf(next), ...fields.flatMap((field) => [field?.value, field?.get, field?.set] as unknown[]));
      open.push(...next instanceof Map || next instanceof Set ? [...next.entries()].flat() as unknown[] : []);
    }
  }
  return found;
}
