import { isPlainObject } from './canonical-json';
import { Json } from './document';
import { element, member, Problem } from './problem';
import { utf8 } from './utf8';

/** What fits into a ConfigMap with room for what is beside it. */
const MAX_BYTES = 512 * 1024;

/** No document of ours nests deeper than 8; external parameters may. */
const MAX_DEPTH = 64;

/** The copy of a value as plain data, with what was wrong in it. */
export interface PlainData {
  /** What was not plain is `null`; absent when the whole could not be copied. */
  readonly data?: Json;
  readonly problems: readonly Problem[];
}

/**
 * Copies an untyped value into plain data, reading every property once, so that what is checked is what is used.
 *
 * Reports what no JSON text holds (undefined, functions, dates, other objects with a class), keys that reach for prototypes, values that were
 * never resolved ("undefined", tokens), invisible characters, and too much of anything.
 */
export function plainData(value: unknown): PlainData {
  const copy = new Copy();
  const data = copy.of(value, '', 0);
  if (copy.overflow || utf8(JSON.stringify(data)).length > MAX_BYTES) {
    const message = `is larger than ${MAX_BYTES / 1024} KiB, which does not fit into a ConfigMap: split it into several documents`;
    return { problems: [{ path: '', message }] };
  }
  return { data, problems: copy.problems };
}

class Copy {
  readonly problems: Problem[] = [];
  private size = 0;

  /** Characters never outnumber bytes: once there are too many, the rest needs no look. */
  get overflow(): boolean {
    return this.size > MAX_BYTES;
  }

  of(value: unknown, path: string, depth: number): Json {
    this.size += 1;
    if (this.overflow) {
      return null;
    }
    if (depth > MAX_DEPTH) {
      return this.problem(path, `is nested more than ${MAX_DEPTH} levels deep, or contains itself: make it flat`);
    }
    if (typeof value === 'string') {
      return this.text(value, path);
    }
    if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
      return value;
    }
    if (Array.isArray(value)) {
      return this.elements(value, path, depth);
    }
    return isPlainObject(value) ? this.members(value, path, depth) : this.problem(path, notPlain(value));
  }

  private elements(value: readonly unknown[], path: string, depth: number): Json {
    // Each element takes a byte at least, also those that a sparse list only counts.
    if (value.length > MAX_BYTES) {
      this.size += value.length;
      return null;
    }
    // Array.from, unlike map, also visits the holes.
    return Array.from(value, (item, index) => this.of(item, element(path, index), depth + 1));
  }

  private members(value: { readonly [key: string]: unknown }, path: string, depth: number): Json {
    const copied: [string, Json][] = [];
    for (const key of Object.keys(value)) {
      if (this.overflow) {
        return null;
      }
      const at = member(path, key);
      if (key === '__proto__') {
        this.problem(at, 'is a key with a meaning of its own in JavaScript, which programs read in different ways: remove it');
        continue;
      }
      this.text(key, at);
      copied.push([key, this.of(value[key], at, depth + 1)]);
    }
    return Object.fromEntries(copied);
  }

  private text(value: string, path: string): string {
    this.size += value.length;
    const wrong = this.overflow ? undefined : unresolved(value, path) ?? invisible(value, path);
    if (wrong !== undefined) {
      this.problem(path, wrong);
    }
    return value;
  }

  private problem(path: string, message: string): null {
    this.problems.push({ path, message });
    return null;
  }
}

/** Prose may speak of undefined behaviour; a name that says "undefined" comes from a variable that was. */
const PROSE = /(?:^|\.)(?:reason|owner|workflowName)$/;

const UNRESOLVED = [/\[object [A-Za-z]+\]/, /[$#]\{Token\[/, /Calling \[toString\] on an \[Output<T>\]/, /^undefined$/];

const UNDEFINED_PART = /(?:^|[^A-Za-z0-9])undefined(?:$|[^A-Za-z0-9])/;

function unresolved(value: string, path: string): string | undefined {
  const found = UNRESOLVED.find((pattern) => pattern.test(value)) ?? (!PROSE.test(path) && UNDEFINED_PART.test(value) ? UNDEFINED_PART : undefined);
  const match = found?.exec(value)?.[0];
  return match === undefined ? undefined
    : `contains ${JSON.stringify(match)}: a value was not known when this text was put together; use a value that is known at synthesis`;
}

/** Texts of several lines; what reads them takes nothing but PEM. */
const PEM = /\.(?:publicKey|authority)$/;

/** Controls, zero-width characters, line separators, direction marks, byte order marks, halves of surrogate pairs. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

function invisible(value: string, path: string): string | undefined {
  const text = PEM.test(path) ? value.replace(/[\t\r\n]/g, '') : value;
  const match = INVISIBLE.exec(text);
  const code = match?.[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? undefined : `contains the invisible character U+${code}: remove it`;
}

function notPlain(value: unknown): string {
  if (value instanceof Date) {
    return 'is a date object, as some YAML readers make of an unquoted date: write the date in quotes';
  }
  if (value === undefined) {
    return 'is undefined, which is neither a value nor the default: leave the field out or give it a value';
  }
  const what = typeof value === 'object' ? 'an object of a class' : typeof value === 'number' ? String(value) : `a ${typeof value}`;
  return `is ${what}; a document is plain data: use strings, numbers, booleans, lists and objects`;
}
