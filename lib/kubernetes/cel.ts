/**
 * A string as a CEL literal that means exactly this string, whatever it contains.
 *
 * Everything but printable ASCII is written as an escape, so that what a reviewer sees is what is compared: no quote ends the literal
 * early, no look-alike or bidirectional character hides in it. Lone surrogates have no place in CEL, which knows code points only.
 *
 * @throws RangeError for a lone surrogate
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values
 */
export function celString(text: string): string {
  return `'${Array.from(text, escape).join('')}'`;
}

/** A list of string literals, see `celString`. */
export function celStrings(texts: readonly string[]): string {
  return `[${texts.map(celString).join(', ')}]`;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\'' || character === '\\') {
    return `\\${character}`;
  }
  if (code >= 0x20 && code < 0x7f) {
    return character;
  }
  if (code >= 0xd800 && code <= 0xdfff) {
    throw new RangeError(`A lone surrogate (U+${code.toString(16).toUpperCase()}) cannot be written in CEL: remove it from the text`);
  }
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
