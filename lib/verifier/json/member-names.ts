import { malformed, StrictJsonError } from './error';

/** Names of one object that are compared with each other one by one; beyond, a set is cheaper. */
const FEW = 16;

/** Names that a document may have in objects of more than that; no document that anybody needs has as many, and each is work. */
const MANY = 50_000;

/** Start, end and tag. */
const WIDTH = 3;

/** What an object that was left for one inside it had gathered. */
export interface Names {
  readonly base: number;
  readonly texts: Set<string> | undefined;
}

/**
 * The names of the objects that a scanner is in, to notice one that an object has twice without making a string of each.
 *
 * Names are held as places in the document, on a stack; two are told apart by a tag and then by their bytes.
 */
export class MemberNames {
  private places = new Int32Array(64 * WIDTH);
  private top = 0;
  /** Where the names of the innermost object begin. */
  private base = 0;
  /** Its names as strings, once one of them is escaped or they are many. */
  private texts: Set<string> | undefined = undefined;
  private many = 0;

  /** @param bytes UTF-8 */
  constructor(private readonly bytes: Buffer) {}

  /** Begins an object. @returns what `close` wants back */
  open(): Names {
    const outer = { base: this.base, texts: this.texts };
    this.base = this.top;
    this.texts = undefined;
    return outer;
  }

  close(outer: Names): void {
    this.top = this.base;
    this.base = outer.base;
    this.texts = outer.texts;
  }

  /**
   * Takes the name between these places, quotes excluded.
   *
   * @throws StrictJsonError for a name that the object has already, and for `__proto__`
   */
  add(start: number, end: number, escaped: boolean): void {
    if (this.texts === undefined && (escaped || this.top - this.base >= FEW * WIDTH)) {
      this.texts = this.asTexts();
    }
    if (this.texts === undefined) {
      this.addPlace(start, end);
    } else {
      this.addText(this.texts, start, end, escaped);
    }
  }

  private addPlace(start: number, end: number): void {
    const tag = this.tag(start, end);
    for (let place = this.base; place < this.top; place += WIDTH) {
      if (this.places[place + 2] === tag && this.same(this.places[place] as number, this.places[place + 1] as number, start, end)) {
        throw twice();
      }
    }
    if (end - start === 9 && this.text(start, end, false) === '__proto__') {
      throw prototype();
    }
    if (this.top === this.places.length) {
      const grown = new Int32Array(this.places.length * 2);
      grown.set(this.places);
      this.places = grown;
    }
    this.places[this.top] = start;
    this.places[this.top + 1] = end;
    this.places[this.top + 2] = tag;
    this.top += WIDTH;
  }

  private addText(texts: Set<string>, start: number, end: number, escaped: boolean): void {
    const text = this.text(start, end, escaped);
    if (text === '__proto__') {
      throw prototype();
    }
    if (texts.has(text)) {
      throw twice();
    }
    texts.add(text);
    this.many += 1;
    if (this.many > MANY) {
      throw new StrictJsonError('LIMIT', `objects with many members have more than ${MANY} of them in all`);
    }
  }

  private asTexts(): Set<string> {
    const texts = new Set<string>();
    for (let place = this.base; place < this.top; place += WIDTH) {
      texts.add(this.text(this.places[place] as number, this.places[place + 1] as number, false));
    }
    return texts;
  }

  /** The same for equal names: eight bits of the length, first, middle and last byte. */
  private tag(start: number, end: number): number {
    const { bytes } = this;
    return start === end ? 0 : (end - start) << 24 | (bytes[start] as number) << 16 | (bytes[(start + end) >> 1] as number) << 8 | (bytes[end - 1] as number);
  }

  private same(start: number, end: number, otherStart: number, otherEnd: number): boolean {
    const length = end - start;
    let at = length === otherEnd - otherStart ? 0 : -1;
    while (at >= 0 && at < length && this.bytes[start + at] === this.bytes[otherStart + at]) {
      at += 1;
    }
    return at === length;
  }

  /** One character a byte: the same for equal names, and cheaper than the text. */
  private text(start: number, end: number, escaped: boolean): string {
    return escaped
      ? Buffer.from(JSON.parse(this.bytes.toString('utf8', start - 1, end + 1)) as string).toString('latin1')
      : this.bytes.toString('latin1', start, end);
  }
}

function twice(): Error {
  return malformed('an object has a key twice');
}

function prototype(): Error {
  return malformed('an object has the key __proto__, which no object may have');
}
