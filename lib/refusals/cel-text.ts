/** Text literals and comments of CEL; in the text of a raw one a backslash is itself, and ends nothing more than it does elsewhere. */
const LITERAL = /[rRbB]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/[^\n]*/g;

/** A field by its name in brackets is that field. */
const INDEX = /(?<=[\w\])])\[\s*(["'])(\w+)\1\s*\]/g;

/** An expression without the content of its texts and without its comments, so that only what it does is left. */
export function codeOf(expression: string): string {
  return expression.replace(INDEX, '.$2').replace(LITERAL, (found) => (found.startsWith('//') ? ' ' : '""'));
}

/** Whether code selects a field of this name of anything. */
export function selectsField(code: string, name: string): boolean {
  return new RegExp(`\\.\\s*\\??\\s*${name}\\b`).test(code);
}

/** A call of a function of texts with a text that is written out. */
export interface TextCall {
  /** Whether an exclamation mark stands before it. */
  readonly negated: boolean;
  readonly receiver: string;
  readonly name: string;
  /** As it is written, between the quotes. */
  readonly text: string;
}

/** Calls of functions of texts in an expression, as `c.image.startsWith("ghcr.io/")`. */
export function textCalls(expression: string): TextCall[] {
  return [...expression.matchAll(/(!?)\s*([A-Za-z_][\w.?]*)\.(\w+)\(\s*[rR]?(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)')\s*\)/g)]
    .map(([, not, receiver = '', name = '', double, single]) => ({ negated: not === '!', receiver, name, text: double ?? single ?? '' }));
}
