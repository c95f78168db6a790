import { malformed, StrictJsonError } from './error';

const LONGEST_NUMBER = 128;

/** Decimal digits that a double holds whatever they are. */
const EXACT_DIGITS = 15;

const [QUOTE, BACKSLASH, SLASH, SPACE] = [0x22, 0x5c, 0x2f, 0x20];
const [MINUS, PLUS, DOT, ZERO, NINE, UPPER_E, LOWER_E, LOWER_U] = [0x2d, 0x2b, 0x2e, 0x30, 0x39, 0x45, 0x65, 0x75];
const WORDS = ['true', 'false', 'null'];
const SHORT_ESCAPES = new Set([QUOTE, BACKSLASH, SLASH, ...Buffer.from('bfnrt')]);

/** Goes through the bytes of a document from one string, number or word to the next, and holds each to the grammar and the rules of `parseStrictJson`. */
export class JsonTokens {
  protected at = 0;
  /** Whether what is passed now will be read: only then does it matter what a number is taken for. */
  protected reading = false;
  /** Whether the string that was passed last holds an escape. */
  protected escaped = false;

  /** @param bytes UTF-8 */
  constructor(protected readonly bytes: Buffer) {}

  protected space(): void {
    const { bytes } = this;
    let { at } = this;
    while (at < bytes.length && isSpace(bytes[at])) {
      at += 1;
    }
    this.at = at;
  }

  /** Passes a string, from quote to quote. */
  protected string(): void {
    const { bytes } = this;
    let at = this.at + 1;
    this.escaped = false;
    while (at < bytes.length) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.at = at + 1;
        return;
      }
      if (byte === BACKSLASH) {
        this.escaped = true;
        at = this.escape(at);
      } else if (byte < SPACE) {
        break;
      } else {
        at += 1;
      }
    }
    throw grammar();
  }

  /** Half a character would be read differently by every reader; in valid UTF-8 only escapes can write one. @returns where the string goes on */
  private escape(at: number): number {
    const letter = this.bytes[at + 1];
    if (letter !== LOWER_U) {
      if (letter === undefined || !SHORT_ESCAPES.has(letter)) {
        throw grammar();
      }
      return at + 2;
    }
    const unit = this.codeUnit(at);
    if (unit < 0xd800 || unit > 0xdfff) {
      return at + 6;
    }
    const paired = unit < 0xdc00 && this.bytes[at + 6] === BACKSLASH && this.bytes[at + 7] === LOWER_U ? this.codeUnit(at + 6) : 0;
    if (paired < 0xdc00 || paired > 0xdfff) {
      throw malformed('a string has an escaped surrogate without its other half');
    }
    return at + 12;
  }

  private codeUnit(at: number): number {
    const digits = this.bytes.toString('latin1', at + 2, at + 6);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
      throw grammar();
    }
    return parseInt(digits, 16);
  }

  protected number(): void {
    const start = this.at;
    this.at += this.bytes[start] === MINUS ? 1 : 0;
    const whole = this.at;
    this.digits();
    if (this.bytes[whole] === ZERO && this.at > whole + 1) {
      throw grammar();
    }
    let exact = this.at - whole <= EXACT_DIGITS;
    if (this.bytes[this.at] === DOT) {
      this.at += 1;
      this.digits();
      exact = false;
    }
    const exponent = this.bytes[this.at];
    if (exponent === LOWER_E || exponent === UPPER_E) {
      const sign = this.bytes[this.at + 1];
      this.at += sign === PLUS || sign === MINUS ? 2 : 1;
      this.digits();
      exact = false;
    }
    if (this.at - start > LONGEST_NUMBER) {
      throw new StrictJsonError('LIMIT', `a number is longer than ${LONGEST_NUMBER} characters`);
    }
    if (this.reading && !exact) {
      requireHeld(Number(this.text(start, this.at)));
    }
  }

  private digits(): void {
    const start = this.at;
    while (isDigit(this.bytes[this.at])) {
      this.at += 1;
    }
    if (this.at === start) {
      throw grammar();
    }
  }

  protected word(): void {
    const word = WORDS.find((candidate) => this.isAt(this.at, this.at + candidate.length, candidate));
    if (word === undefined) {
      throw grammar();
    }
    this.at += word.length;
  }

  /** Whether this text (ASCII) stands between these places. */
  protected isAt(start: number, end: number, name: string): boolean {
    if (name.length !== end - start) {
      return false;
    }
    for (let at = 0; at < name.length; at += 1) {
      if (this.bytes[start + at] !== name.charCodeAt(at)) {
        return false;
      }
    }
    return true;
  }

  protected text(start: number, end: number): string {
    return this.bytes.toString('utf8', start, end);
  }
}

function requireHeld(value: number): void {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw malformed('a number is one that not every reader can hold exactly');
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

export function grammar(): StrictJsonError {
  return malformed('it does not follow the grammar');
}
