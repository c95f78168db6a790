/** Longest text from outside that a message repeats, in characters. */
const LONGEST = 200;

/**
 * Text from outside, fit for a message: quoted, cut off after 200 characters, everything but printable ASCII escaped.
 *
 * Look-alikes, line breaks and terminal sequences show as what they are.
 */
export function show(text: string): string {
  return `"${escape(cut(text, LONGEST).replace(/["\\]/g, '\\$&'))}"`;
}

/** A message of another part, made one line of printable ASCII and cut off after `longest` characters. */
export function plain(text: string, longest = 300): string {
  return escape(cut(text, longest));
}

/** At most three of several values; how many there are beyond is said. */
export function showList(values: readonly string[]): string {
  const shown = values.slice(0, 3).map(show).join(', ');
  return values.length > 3 ? `${shown} and ${values.length - 3} more` : shown;
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

function escape(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
