import { DocumentError } from '../policy/problem';

/**
 * Reads the JSON text that a ConfigMap holds. A key twice in one object is refused: one of the two would count, and a reviewer may have read the
 * other.
 *
 * @param place - where the text stands
 * @throws DocumentError
 */
export function parsePolicyText(text: string, place: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DocumentError([{ path: place, message: `holds a policy that is not JSON (${error instanceof Error ? error.message : String(error)})` }]);
  }
  // The engine keeps the last of equal keys; what it dropped is missing from the count.
  if (countMembers(value) !== colonsOutsideStrings(text)) {
    throw new DocumentError([{ path: place, message: 'holds a policy with a key twice in one object, of which only one would count: keep one' }]);
  }
  return value;
}

/** In JSON, one for each member as written. */
function colonsOutsideStrings(json: string): number {
  return json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '').split(':').length - 1;
}

/** Without recursion: the text decides how deep it goes. */
function countMembers(value: unknown): number {
  let members = 0;
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'object' && next !== null) {
      const children: unknown[] = Object.values(next);
      members += Array.isArray(next) ? 0 : children.length;
      for (const child of children) {
        left.push(child);
      }
    }
  }
  return members;
}
