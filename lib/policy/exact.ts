import { describe, Field } from './field';

/**
 * A text that is compared byte for byte, free of what only makes sense in a pattern: whoever writes `.*` there believes it matches more than
 * it does, or fewer.
 */
export function exactText(field: Field): string | undefined {
  const text = field.text();
  if (text === undefined) {
    return undefined;
  }
  if (text !== text.trim()) {
    return field.problem(`is ${describe(text)} with spaces around it, and is compared byte for byte: remove them`);
  }
  const pattern = /[*?^$\\|]|[.\])]\+/.exec(text);
  return pattern === null
    ? text
    : field.problem(`is ${describe(text)}, where "${pattern[0]}" looks like a pattern; it is compared byte for byte: write the exact text`);
}

/** An exact https URL. */
export function exactUrl(field: Field): string | undefined {
  const text = exactText(field);
  if (text === undefined) {
    return undefined;
  }
  return /^https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?(?:\/|$)/.test(text) && !text.includes(' ')
    ? text
    : field.problem(`is ${describe(text)}, which is not an https URL: write https:// with a host`);
}

/** An exact URI of any scheme, as in-toto's TypeURI. */
export function exactUri(field: Field): string | undefined {
  const text = exactText(field);
  if (text === undefined) {
    return undefined;
  }
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/.test(text)
    ? text
    : field.problem(`is ${describe(text)}, which is not a URI: write it in full, with its scheme`);
}

/** Reports what a parser refuses, with the parser's own words; the value is what it returned. */
export function parsed<T>(field: Field, parse: (text: string) => T): T | undefined {
  const text = field.text();
  if (text === undefined) {
    return undefined;
  }
  try {
    return parse(text);
  } catch (error) {
    // Every parser of this folder throws errors with a code; anything else is a defect.
    if (error instanceof Error && 'code' in error) {
      return field.problem(error.message);
    }
    throw error;
  }
}
