import { Json } from '../../policy/document';
import { malformed, StrictJsonError } from './error';
import { MemberNames } from './member-names';

/** How much of a document is read; exceeding one is LIMIT, not MALFORMED. */
export interface JsonLimits {
  /** Arrays and objects inside each other. */
  readonly depth: number;
  /** Values of any kind, so that a small document cannot become a large heap. */
  readonly values: number;
}

/** What is wanted of a value: all of it, or of an object the members with these names (ASCII); of a list, the same of each element. */
export type Members = 'all' | { readonly [name: string]: Members };

const LONGEST_NUMBER = 128;

/** Decimal digits that a double holds whatever they are. */
const EXACT_DIGITS = 15;

const [QUOTE, BACKSLASH, SLASH, COMMA, COLON, SPACE] = [0x22, 0x5c, 0x2f, 0x2c, 0x3a, 0x20];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [MINUS, PLUS, DOT, ZERO, NINE, UPPER_E, LOWER_E, LOWER_U] = [0x2d, 0x2b, 0x2e, 0x30, 0x39, 0x45, 0x65, 0x75];
const WORDS = ['true', 'false', 'null'];
const SHORT_ESCAPES = new Set([QUOTE, BACKSLASH, SLASH, ...Buffer.from('bfnrt')]);

/**
 * Goes through one document byte by byte, holds all of it to the grammar and the rules of `parseStrictJson`, and makes values only of what is
 * wanted: what nobody looks at costs neither strings nor objects.
 */
export class JsonScanner {
  private at = 0;
  private depth = 0;
  private values = 0;
  /** Whether what is passed now will be read: only then does it matter what a number is taken for. */
  private reading = false;
  /** Whether the string that was passed last holds an escape. */
  private escaped = false;
  private readonly names: MemberNames;

  /** @param bytes UTF-8 */
  constructor(private readonly bytes: Buffer, private readonly limits: JsonLimits) {
    this.names = new MemberNames(bytes);
  }

  /** @throws StrictJsonError */
  document(members: Members): Json {
    const value = this.read(members);
    this.space();
    if (this.at < this.bytes.length) {
      throw grammar();
    }
    return value;
  }

  private read(members: Members): Json {
    this.space();
    const first = this.bytes[this.at];
    if (members !== 'all' && first === OPEN_BRACE) {
      const object = {};
      this.object(object, members);
      return object;
    }
    if (members !== 'all' && first === OPEN_BRACKET) {
      const array: Json[] = [];
      this.array(array, members);
      return array;
    }
    const start = this.at;
    this.reading = true;
    this.skip();
    this.reading = false;
    return first === QUOTE && !this.escaped ? this.text(start + 1, this.at - 1) : JSON.parse(this.text(start, this.at)) as Json;
  }

  /** Passes one value. */
  private skip(): void {
    this.space();
    const first = this.bytes[this.at];
    if (first === QUOTE) {
      this.count();
      this.string();
    } else if (first === OPEN_BRACE) {
      this.object(undefined, undefined);
    } else if (first === OPEN_BRACKET) {
      this.array(undefined, undefined);
    } else if (first === MINUS || isDigit(first)) {
      this.count();
      this.number();
    } else {
      this.count();
      this.word();
    }
  }

  /** Passes an object; what is wanted of it goes into `value`. */
  private object(value: { [name: string]: Json } | undefined, members: Exclude<Members, 'all'> | undefined): void {
    this.open();
    const before = this.names.open();
    for (let more = this.begins(CLOSE_BRACE); more; more = this.goesOn(CLOSE_BRACE)) {
      this.space();
      if (this.bytes[this.at] !== QUOTE) {
        throw grammar();
      }
      const start = this.at + 1;
      this.string();
      const end = this.at - 1;
      this.names.add(start, end, this.escaped);
      const wanted = value === undefined || members === undefined ? undefined : this.wanted(members, start, end);
      this.space();
      if (this.bytes[this.at] !== COLON) {
        throw grammar();
      }
      this.at += 1;
      if (value === undefined || wanted === undefined) {
        this.skip();
      } else {
        value[wanted.name] = this.read(wanted.members);
      }
    }
    this.names.close(before);
    this.depth -= 1;
  }

  /** The wanted member with the name between these places, if it is one. */
  private wanted(members: Exclude<Members, 'all'>, start: number, end: number): { readonly name: string; readonly members: Members } | undefined {
    const escaped = this.escaped ? JSON.parse(this.text(start - 1, end + 1)) as string : undefined;
    for (const name in members) {
      if (escaped === undefined ? this.isAt(start, end, name) : escaped === name) {
        return { name, members: members[name] as Members };
      }
    }
    return undefined;
  }

  private isAt(start: number, end: number, name: string): boolean {
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

  /** Passes a list; what is wanted of its elements goes into `value`. */
  private array(value: Json[] | undefined, members: Exclude<Members, 'all'> | undefined): void {
    this.open();
    for (let more = this.begins(CLOSE_BRACKET); more; more = this.goesOn(CLOSE_BRACKET)) {
      if (value === undefined || members === undefined) {
        this.skip();
      } else {
        value.push(this.read(members));
      }
    }
    this.depth -= 1;
  }

  private open(): void {
    this.count();
    this.at += 1;
    this.depth += 1;
    if (this.depth > this.limits.depth) {
      throw new StrictJsonError('LIMIT', `the document is nested deeper than ${this.limits.depth} levels`);
    }
  }

  /** Whether a first element follows; passes the end where none does. */
  private begins(close: number): boolean {
    this.space();
    if (this.bytes[this.at] !== close) {
      return true;
    }
    this.at += 1;
    return false;
  }

  /** Whether another element follows; passes the comma or the end. */
  private goesOn(close: number): boolean {
    this.space();
    const next = this.bytes[this.at];
    if (next !== COMMA && next !== close) {
      throw grammar();
    }
    this.at += 1;
    return next === COMMA;
  }

  private count(): void {
    this.values += 1;
    if (this.values > this.limits.values) {
      throw new StrictJsonError('LIMIT', `the document has more than ${this.limits.values} values`);
    }
  }

  private space(): void {
    const { bytes } = this;
    let { at } = this;
    while (at < bytes.length && isSpace(bytes[at])) {
      at += 1;
    }
    this.at = at;
  }

  /** Passes a string, from quote to quote. */
  private string(): void {
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

  private number(): void {
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

  private word(): void {
    const word = WORDS.find((candidate) => this.isAt(this.at, this.at + candidate.length, candidate));
    if (word === undefined) {
      throw grammar();
    }
    this.at += word.length;
  }

  private text(start: number, end: number): string {
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

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function grammar(): StrictJsonError {
  return malformed('it does not follow the grammar');
}
