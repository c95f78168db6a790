import { isUtf8 } from 'node:buffer';
import { Json } from '../policy/document';

/** How much of a document is read; exceeding one is LIMIT, not MALFORMED. */
export interface JsonLimits {
  /** Arrays and objects inside each other. */
  readonly depth: number;
  /** Values of any kind (an empty array or object counts as two), so that a small document cannot become a large heap. */
  readonly values: number;
}

export const JSON_LIMITS: JsonLimits = { depth: 64, values: 1_000_000 };

/** The bytes are not JSON that can be read in exactly one way. The message never repeats what they contain. */
export class StrictJsonError extends Error {
  constructor(readonly code: 'MALFORMED' | 'LIMIT', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StrictJsonError';
  }
}

/**
 * Reads bytes as JSON (RFC 8259) the one way that every careful reader would read them.
 *
 * Refused beyond the grammar: a byte order mark, bytes that are not UTF-8, escaped lone surrogates, a key twice in one object,
 * the key `__proto__`, integers outside ±(2^53 − 1), numbers too large for a double or longer than 128 characters.
 * Objects have the usual prototype: look keys up with `Object.hasOwn`.
 *
 * @throws StrictJsonError
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): Json {
  const text = decode(bytes);
  const membersWritten = countMembers(text, limits);
  const value = parse(text);
  const membersRead = checkValue(value, text.includes('\\u'));
  // The engine keeps the last of equal keys; what it dropped is missing from the count.
  if (membersRead !== membersWritten) {
    throw malformed('an object has a key twice');
  }
  return value;
}

const LONGEST_NUMBER = 128;

const [QUOTE, BACKSLASH, COMMA, COLON, SPACE] = [0x22, 0x5c, 0x2c, 0x3a, 0x20];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) {
    throw malformed('it begins with a byte order mark');
  }
  if (!isUtf8(buffer)) {
    throw malformed('the bytes are not UTF-8');
  }
  return buffer.toString('utf8');
}

/**
 * The number of members of all objects, right for every text that is JSON; what is not JSON is for the parser to refuse.
 *
 * Runs before the parser and bounds its work: depth, values and the length of numbers.
 */
function countMembers(text: string, limits: JsonLimits): number {
  let inString = false;
  let depth = 0;
  let values = 1;
  let members = 0;
  // The last character outside of strings that is no part of a number or a word.
  let boundary = -1;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === BACKSLASH) {
        at += 1;
      } else if (character === QUOTE) {
        inString = false;
        boundary = at;
      }
      continue;
    }
    if (character === QUOTE) {
      inString = true;
    } else if (character === COMMA) {
      values += 1;
    } else if (character === COLON) {
      members += 1;
    } else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
      depth += 1;
      values += 1;
    } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      depth -= 1;
    } else if (character > SPACE) {
      if (at - boundary > LONGEST_NUMBER) {
        throw new StrictJsonError('LIMIT', `a number is longer than ${LONGEST_NUMBER} characters`);
      }
      continue;
    }
    boundary = at;
    if (depth > limits.depth) {
      throw new StrictJsonError('LIMIT', `the document is nested deeper than ${limits.depth} levels`);
    }
    if (values > limits.values) {
      throw new StrictJsonError('LIMIT', `the document has more than ${limits.values} values`);
    }
  }
  return members;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The engine's message quotes the document, which may hold anything; it is dropped on purpose.
    throw malformed('it does not follow the grammar');
  }
}

/** Refuses what not every reader reads alike. @returns the number of members of all objects */
function checkValue(value: Json, escapes: boolean): number {
  if (typeof value === 'number') {
    checkNumber(value);
  } else if (typeof value === 'string') {
    checkString(value, escapes);
  } else if (Array.isArray(value)) {
    let members = 0;
    for (const item of value) {
      members += checkValue(item, escapes);
    }
    return members;
  } else if (typeof value === 'object' && value !== null) {
    return checkObject(value, escapes);
  }
  return 0;
}

function checkObject(object: { readonly [key: string]: Json }, escapes: boolean): number {
  let members = 0;
  for (const key in object) {
    if (key === '__proto__') {
      throw malformed('an object has the key __proto__, which no object may have');
    }
    checkString(key, escapes);
    members += 1 + checkValue(object[key] as Json, escapes);
  }
  return members;
}

/** Half a character would be read differently by every reader; only escapes can write one. */
function checkString(text: string, escapes: boolean): void {
  if (escapes && !text.isWellFormed()) {
    throw malformed('a string has an escaped surrogate without its other half');
  }
}

function checkNumber(value: number): void {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw malformed('a number is one that not every reader can hold exactly');
  }
}

function malformed(what: string): StrictJsonError {
  return new StrictJsonError('MALFORMED', `not strict JSON: ${what}`);
}
