import { Json } from '../../policy/document';
import { StrictJsonError } from './error';
import { MemberNames } from './member-names';
import { grammar, isDigit, JsonTokens } from './tokens';

/** How much of a document is read; exceeding one is LIMIT, not MALFORMED. */
export interface JsonLimits {
  /** Arrays and objects inside each other. */
  readonly depth: number;
  /** Values of any kind, so that a small document cannot become a large heap. */
  readonly values: number;
}

/** What is wanted of a value: all of it, or of an object the members with these names (ASCII); of a list, the same of each element. */
export type Members = 'all' | { readonly [name: string]: Members };

const [QUOTE, COMMA, COLON, MINUS] = [0x22, 0x2c, 0x3a, 0x2d];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Goes through one document byte by byte, holds all of it to the grammar and the rules of `parseStrictJson`, and makes values only of what is
 * wanted: what nobody looks at costs neither strings nor objects.
 */
export class JsonScanner extends JsonTokens {
  private depth = 0;
  private values = 0;
  private readonly names: MemberNames;

  /** @param bytes UTF-8 */
  constructor(bytes: Buffer, private readonly limits: JsonLimits) {
    super(bytes);
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
}
