/**
 * The UTF-8 encoding of a text.
 *
 * @throws RangeError for an unpaired surrogate: replacing it would give different texts the same bytes.
 */
export function utf8(text: string): Uint8Array {
  const [unpaired] = UNPAIRED.exec(text) ?? [];
  if (unpaired !== undefined) {
    const code = unpaired.charCodeAt(0).toString(16).toUpperCase();
    throw new RangeError(`the text holds an unpaired surrogate (U+${code}), which has no UTF-8 encoding: remove it`);
  }
  return ENCODER.encode(text);
}

/** A pair is one character of another category. */
const UNPAIRED = /\p{Surrogate}/u;

const ENCODER = new TextEncoder();
