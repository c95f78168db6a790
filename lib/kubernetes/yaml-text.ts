/**
 * Characters that end a line for some readers of YAML and are text for others (YAML 1.1, which kubectl reads, breaks lines at U+0085, U+2028 and
 * U+2029), that are passed over (the byte order mark) or that no YAML may hold. A carriage return before a line feed is the break that all know.
 */
const ODD_CHARACTER = /(?![\t\n\r])\p{Cc}|\r(?!\n)|[\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** The first character of a text that readers of YAML do not all take for text, as `U+2028`. */
export function oddCharacter(text: string): string | undefined {
  const found = ODD_CHARACTER.exec(text)?.[0];
  return found === undefined ? undefined : nameOf(found);
}

/** A text in which odd characters stand by their names, fit to be printed. */
export function spelledOut(text: string): string {
  return text.replaceAll(new RegExp(ODD_CHARACTER, 'gu'), (character) => `<${nameOf(character)}>`);
}

/** A line of a file that kubectl reads otherwise than a YAML parser does. */
export interface MisreadLine {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/**
 * What makes kubectl read a file otherwise: odd characters, and documents that it does not tell apart. It splits a file at lines of `---` before it
 * parses, and of every part takes the first document only.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/yaml#YAMLReader
 */
export function misreadLine(text: string): MisreadLine | undefined {
  // At the beginning of a file, a byte order mark is one.
  const content = text.replace(/^\ufeff/, ' ');
  for (const [form, problem] of MISREAD) {
    const found = form.exec(content);
    if (found !== null) {
      return { line: content.slice(0, found.index).split('\n').length, problem: problem(found[0]) };
    }
  }
  return undefined;
}

const MISREAD: ReadonlyArray<readonly [form: RegExp, problem: (found: string) => string]> = [
  [ODD_CHARACTER, (found) => `holds ${nameOf(found)}, which kubectl reads as the end of a line, or not at all: remove it`],
  [/^\.\.\.(?=\s|$)/m, () => 'ends a document with "...", and kubectl drops what follows without a word: separate documents by a line of ---'],
  [/^---(?!(?:[ \t]*|[ \t]+#.*)\r?(?:\n|$))/m, () => 'has more on it than ---, and is no separator to kubectl, or another one: begin the document on the next line'],
  [/^%/m, () => 'is a directive of YAML, which changes how what follows is read: remove it'],
];

function nameOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
