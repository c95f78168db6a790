import { Json } from '../policy/document';

/** How much of a document is read; exceeding one is LIMIT, not MALFORMED. */
export interface JsonLimits {
  /** Arrays and objects inside each other. */
  readonly depth: number;
  /** Values of any kind, so that a small document cannot become a large heap. */
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
  return new Reader(decode(bytes), limits).document();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const LONGEST_NUMBER = 128;
const ESCAPES: { readonly [letter: string]: string } = { '"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t' };

class Reader {
  private at = 0;
  private depth = 0;
  private values = 0;

  constructor(private readonly text: string, private readonly limits: JsonLimits) {}

  document(): Json {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) {
      throw this.malformed('something follows the document');
    }
    return value;
  }

  private value(): Json {
    this.space();
    this.values += 1;
    if (this.values > this.limits.values) {
      throw new StrictJsonError('LIMIT', `the document has more than ${this.limits.values} values`);
    }
    switch (this.text[this.at]) {
      case '{': return this.nested(() => this.object());
      case '[': return this.nested(() => this.array());
      case '"': return this.string();
      case 't': return this.word('true', true);
      case 'f': return this.word('false', false);
      case 'n': return this.word('null', null);
      default: return this.number();
    }
  }

  private nested(read: () => Json): Json {
    this.depth += 1;
    if (this.depth > this.limits.depth) {
      throw new StrictJsonError('LIMIT', `the document is nested deeper than ${this.limits.depth} levels`);
    }
    this.at += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): Json {
    const object: { [key: string]: Json } = {};
    if (this.take('}')) {
      return object;
    }
    do {
      this.space();
      const key = this.string();
      if (key === '__proto__' || Object.hasOwn(object, key)) {
        throw this.malformed(key === '__proto__' ? 'a key that no object may have' : 'a key that this object already has');
      }
      this.expect(':');
      object[key] = this.value();
    } while (this.take(','));
    this.expect('}');
    return object;
  }

  private array(): Json {
    const array: Json[] = [];
    if (this.take(']')) {
      return array;
    }
    do {
      array.push(this.value());
    } while (this.take(','));
    this.expect(']');
    return array;
  }

  private string(): string {
    if (this.text[this.at] !== '"') {
      throw this.malformed('a string was expected');
    }
    this.at += 1;
    let value = '';
    for (;;) {
      value += this.match(PLAIN);
      const next = this.text[this.at];
      this.at += 1;
      if (next === '"') {
        return this.whole(value);
      }
      if (next !== '\\') {
        throw this.malformed('a string does not end or has an unescaped control character');
      }
      value += this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at] ?? '';
    this.at += 1;
    if (letter === 'u') {
      const hex = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
        throw this.malformed('an escape without four hexadecimal digits');
      }
      this.at += 4;
      return String.fromCharCode(parseInt(hex, 16));
    }
    const character = ESCAPES[letter];
    if (character === undefined) {
      throw this.malformed('an unknown escape');
    }
    return character;
  }

  /** Half a character would be read differently by every reader. */
  private whole(value: string): string {
    if (!value.isWellFormed()) {
      throw this.malformed('an escaped surrogate without its other half');
    }
    return value;
  }

  private number(): number {
    const text = this.match(NUMBER);
    if (text === '') {
      throw this.malformed('a value was expected');
    }
    if (text.length > LONGEST_NUMBER) {
      throw new StrictJsonError('LIMIT', `a number is longer than ${LONGEST_NUMBER} characters`);
    }
    const value = Number(text);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw this.malformed('a number that not every reader can hold exactly');
    }
    return value;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) {
      throw this.malformed('a value was expected');
    }
    this.at += word.length;
    return value;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private take(character: string): boolean {
    this.space();
    const found = this.text[this.at] === character;
    if (found) {
      this.at += 1;
    }
    return found;
  }

  private expect(character: string): void {
    if (!this.take(character)) {
      throw this.malformed(`"${character}" was expected`);
    }
  }

  private space(): void {
    for (;;) {
      const character = this.text[this.at];
      if (character !== ' ' && character !== '\n' && character !== '\t' && character !== '\r') {
        return;
      }
      this.at += 1;
    }
  }

  private malformed(what: string): StrictJsonError {
    return new StrictJsonError('MALFORMED', `not strict JSON at character ${this.at}: ${what}`);
  }
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new StrictJsonError('MALFORMED', 'not strict JSON: it begins with a byte order mark');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new StrictJsonError('MALFORMED', 'not strict JSON: the bytes are not UTF-8', { cause: error });
  }
}
