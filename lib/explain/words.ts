/** A text as it stands in an outline: as it is where it can only be read as one word, else in quotes, on one line in any case. */
export function word(text: string): string {
  return /^[^\s"'(),;]+$/.test(text) && /^[\x21-\x7e]+$/.test(text) ? text : JSON.stringify(text).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Several of them, of which each will do. */
export function anyOf(texts: readonly string[]): string {
  return texts.map(word).join(' or ');
}

/** Several of them, which all count. */
export function allOf(texts: readonly string[]): string {
  return texts.map(word).join(', ');
}

/** `name=value` for each, in the order of the names. */
export function pairs(values: { readonly [name: string]: string | undefined }): string {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${word(name)}=${word(value)}`])).sort().join(' ');
}

/** One fact of an outline: what it is about, and what it says. */
export type Fact = readonly [subject: string, first: string, ...more: string[]];

/**
 * A heading with facts below it; what a subject says further stands below what it says first.
 *
 * Without columns: a fact that comes or goes changes no other line.
 */
export function block(heading: string, facts: readonly Fact[]): string {
  const lines = facts.flatMap(([subject, first, ...more]) => [`  ${subject}: ${first}`, ...more.map((text) => `    ${text}`)]);
  return [heading, ...lines].map((line) => `${line}\n`).join('');
}
