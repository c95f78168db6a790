/** Characters of a value that a message shows. */
const LONGEST = 80;

/** Characters before the place where two long texts part. */
const BEFORE = 20;

/** A value as a message names it, short and whatever its shape; nothing of it is called. */
export function show(value: unknown): string {
  return cut(typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : value === undefined ? 'absent' : JSON.stringify(value));
}

/**
 * Two values that differ, as JSON, so that a text is told from what it looks like. Of two long ones that begin alike, the beginning is left out, or
 * both would look the same.
 */
export function showBoth(first: unknown, second: unknown): readonly [string, string] {
  const [a, b] = [jsonOf(first), jsonOf(second)];
  const start = commonLength(a, b) - BEFORE;
  return start <= BEFORE || (a.length <= LONGEST && b.length <= LONGEST) ? [cut(a), cut(b)] : [cut(`…${a.slice(start)}`), cut(`…${b.slice(start)}`)];
}

function jsonOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) {
    length++;
  }
  return length;
}
