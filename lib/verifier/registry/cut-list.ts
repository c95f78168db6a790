/** A JSON object whose list was taken out of it; neither part was parsed yet. */
export interface CutList {
  /** The object with `0` in place of each element. */
  readonly frame: Uint8Array;
  /** The bytes of each element. */
  readonly elements: readonly Uint8Array[];
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Cuts the elements out of one list of a JSON object, so that each can be read by itself and one that cannot be read hides no other.
 *
 * Says nothing about whether the bytes are JSON: whatever the frame and the elements are is for their parser to judge. What is no object
 * with such a list comes back whole, as a frame without elements.
 *
 * @param name - key of the list, written without escapes
 * @param most - elements; with one more the result is `undefined`
 */
export function cutList(bytes: Uint8Array, name: string, most: number): CutList | undefined {
  const key = Buffer.from(JSON.stringify(name));
  const elements: Uint8Array[] = [];
  let depth = 0;
  // The last string that stands in the object itself: before a list, that is its key.
  let last = bytes.subarray(0, 0);
  let opened = -1;
  let start = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      last = depth === 1 ? bytes.subarray(at, end + 1) : last;
      at = end;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (opened < 0 && depth === 2 && byte === OPEN_BRACKET && key.equals(last)) {
        opened = at;
        start = at + 1;
      }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (opened >= 0 && depth < 2) {
        if (elements.length > 0 || !isBlank(bytes.subarray(start, at))) {
          elements.push(bytes.subarray(start, at));
        }
        const frame = Buffer.concat([bytes.subarray(0, opened + 1), Buffer.from(elements.map(() => '0').join(',')), bytes.subarray(at)]);
        return elements.length > most ? undefined : { frame, elements };
      }
    } else if (byte === COMMA && opened >= 0 && depth === 2) {
      elements.push(bytes.subarray(start, at));
      start = at + 1;
      if (elements.length > most) {
        return undefined;
      }
    }
  }
  return { frame: bytes, elements: [] };
}

/** Place of the closing quote, or the last byte. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) {
    at += bytes[at] === BACKSLASH ? 2 : 1;
  }
  return Math.min(at, bytes.length - 1);
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 0x20);
}
