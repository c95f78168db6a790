import { ASN1Obj } from '@sigstore/core';

/** As deep as the library goes. */
const MAX_DEPTH = 100;

/** What the library parses DER with of its own. */
export const parseByLibrary = ASN1Obj.parseBuffer.bind(ASN1Obj);

const tags = new Map<number, ASN1Obj['tag'] | undefined>();

/**
 * Reads one element of DER in linear time. Imported, this module has put it in the place of the library's own reader, which everything in the
 * library that reads DER goes through.
 *
 * The library looks into octet strings for DER, and follows what only looks like it past their end, to the end of the document: every further octet
 * string then doubles the work, so that a certificate of two kilobytes takes a second, and one of three longer than anybody waits. What is accepted,
 * and what is made of it, is the same here.
 *
 * @throws Error when the bytes are not one element of DER
 */
export function parseAsn1(bytes: Buffer): ASN1Obj {
  const root = element(bytes, 0, bytes.length, 0);
  if (root === undefined || root.end !== bytes.length) {
    throw new Error('the bytes are not one element of DER');
  }
  return root.element;
}

ASN1Obj.parseBuffer = parseAsn1;

const { toDER } = Object.getOwnPropertyDescriptors(ASN1Obj.prototype) as { readonly toDER: { readonly value: (this: ASN1Obj) => Buffer } };

/** What the library writes DER with of its own; what is inside an element goes through ours. */
export function writeByLibrary(root: ASN1Obj): Buffer {
  return toDER.value.call(root);
}

/**
 * Writes an element as DER; in the place of the library's own writer as well, and to the same bytes.
 *
 * The library takes two blocks of a kilobyte for every element, however small, and copies what is inside once for each level that it is in: with what is then
 * collected again, a quarter of the time that a keyless signature takes.
 */
export function writeAsn1(root: ASN1Obj): Buffer<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const length = write(root, pieces);
  return Buffer.concat(pieces, length);
}

ASN1Obj.prototype.toDER = function (): Buffer<ArrayBuffer> {
  return writeAsn1(this);
};

/** @returns how many bytes were added */
function write({ tag, value, subs }: ASN1Obj, pieces: Uint8Array[]): number {
  const place = pieces.push(value) - 1;
  let length = value.length;
  if (subs.length > 0) {
    length = 0;
    for (const sub of subs) {
      length += write(sub, pieces);
    }
  } else {
    pieces.push(value);
  }
  const header = headerOf(tag.toDER(), length);
  pieces[place] = header;
  return header.length + length;
}

/** Of definite length, as short as can be (X.690, section 10.1). */
function headerOf(tag: number, length: number): Uint8Array {
  if (length < 0x80) {
    return Uint8Array.of(tag, length);
  }
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 0x100)) {
    bytes.unshift(left % 0x100);
  }
  return Uint8Array.of(tag, 0x80 | bytes.length, ...bytes);
}

interface Parsed {
  readonly element: ASN1Obj;
  /** Where what follows it begins. */
  readonly end: number;
}

/** The element that begins at a place and ends within these bounds, if there is one. */
function element(bytes: Buffer, at: number, limit: number, depth: number): Parsed | undefined {
  const tag = at < limit && depth <= MAX_DEPTH ? tagOf(bytes[at] as number) : undefined;
  const header = tag === undefined ? undefined : lengthAt(bytes, at + 1, limit);
  if (tag === undefined || header === undefined) {
    return undefined;
  }
  const { start, end } = header;
  const inside = tag.constructed || tag.isOctetString() ? elements(bytes, start, end, depth + 1) : [];
  // An octet string holds elements, or any bytes; what is constructed holds elements.
  return inside === undefined && tag.constructed ? undefined : { element: new ASN1Obj(tag, bytes.subarray(start, end), inside ?? []), end };
}

function elements(bytes: Buffer, start: number, end: number, depth: number): ASN1Obj[] | undefined {
  const found: ASN1Obj[] = [];
  for (let at = start; at < end;) {
    const next = element(bytes, at, end, depth);
    if (next === undefined) {
      return undefined;
    }
    found.push(next.element);
    at = next.end;
  }
  return found;
}

/** Definite and as short as can be (X.690, section 10.1). */
function lengthAt(bytes: Buffer, at: number, limit: number): { start: number; end: number } | undefined {
  const first = at < limit ? bytes[at] as number : 0x80;
  const count = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 1 + count;
  if (first === 0x80 || count > 6 || start > limit) {
    return undefined;
  }
  const length = count === 0 ? first : bytes.readUIntBE(at + 1, count);
  const isShortest = count === 0 || (length >= 0x80 && bytes[at + 1] !== 0);
  return isShortest && start + length <= limit ? { start, end: start + length } : undefined;
}

/** The library's own object for a tag, which it does not export; none for one that it does not support. */
function tagOf(byte: number): ASN1Obj['tag'] | undefined {
  if (!tags.has(byte)) {
    tags.set(byte, tryTag(byte));
  }
  return tags.get(byte);
}

function tryTag(byte: number): ASN1Obj['tag'] | undefined {
  try {
    return parseByLibrary(Buffer.from([byte, 0])).tag;
  } catch {
    return undefined;
  }
}
