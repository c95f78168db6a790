/**
 * A text on one line of a terminal, whatever it holds: what would move the cursor, change colours, end the line or turn the direction
 * of reading is written as an escape.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
