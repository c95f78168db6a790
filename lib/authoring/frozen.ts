/** A copy of plain data that nobody can change, whoever gets hold of it. */
export function frozen<T>(data: T): T {
  return freeze(structuredClone(data));
}

function freeze<T>(data: T): T {
  if (typeof data === 'object' && data !== null) {
    Object.values(data).forEach(freeze);
    Object.freeze(data);
  }
  return data;
}
