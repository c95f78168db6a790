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

/** The texts that `celStrings` wrote; `undefined` for anything else. */
export function readCelStrings(expression: string): string[] | undefined {
  if (!LIST.test(expression)) {
    return undefined;
  }
  return [...expression.matchAll(LITERAL)].map(([literal]) => literal.slice(1, -1).replaceAll(ESCAPE, (_, plain?: string, short?: string, long?: string) => (
    plain ?? String.fromCodePoint(Number.parseInt(short ?? long ?? '', 16))
  )));
}

const ESCAPE = /\\(?:(['\\])|u([0-9a-f]{4})|U(000[0-9a-f]{5}|0010[0-9a-f]{4}))/g;
const LITERAL = new RegExp(`'(?:[^'\\\\]|${ESCAPE.source})*'`, 'g');
const LIST = new RegExp(`^\\[(?:${LITERAL.source}(?:, ${LITERAL.source})*)?\\]$`);

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
