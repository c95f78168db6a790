import { Json } from './document';
import { exampleOf } from './examples';
import { nearestName } from './nearest';
import { element, member, Problem } from './problem';

/**
 * A place in a document on the way from untyped to typed: knows its path and reports what is wrong there.
 *
 * Reading an absent field gives `undefined` without a problem; that it is missing was reported by `members`.
 */
export class Field {
  constructor(readonly value: Json | undefined, readonly path: string, private readonly problems: Problem[]) {}

  get absent(): boolean {
    return this.value === undefined;
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** The field of a name in an object. */
  at(key: string): Field {
    const object = this.isObject ? this.value as { [key: string]: Json } : {};
    return new Field(Object.hasOwn(object, key) ? object[key] : undefined, member(this.path, key), this.problems);
  }

  /** Reports a problem here. */
  problem(message: string): undefined {
    this.problems.push({ path: this.path, message });
    return undefined;
  }

  /** Reports what to write instead of the value; where that has no quotes, a text is called one, since `"5"` is easily taken for 5. */
  instead(wanted: string, { quoted = false } = {}): undefined {
    return !quoted && typeof this.value === 'string'
      ? this.problem(`is the text ${describe(this.value)}: write ${wanted}, without quotes`)
      : this.problem(`is ${describe(this.value)}: write ${wanted}`);
  }

  /** The fields of an object; reports missing and unknown ones. */
  members<R extends string, O extends string = never>(
    required: readonly R[],
    optional: readonly O[] = [],
  ): { readonly [name in R | O]: Field } | undefined {
    const object = this.object();
    if (object === undefined) {
      return undefined;
    }
    const known: readonly string[] = [...required, ...optional];
    for (const key of Object.keys(object)) {
      if (!known.includes(key)) {
        const meant = nearestName(key, known);
        const remedy = meant === undefined ? 'remove it or correct its name; known' : `did you mean ${meant}? Known`;
        this.at(key).problem(`is not known here, so it would have no effect: ${remedy} are ${known.join(', ')}`);
      }
    }
    for (const name of required) {
      if (this.at(name).absent) {
        this.at(name).problem(`is missing: add it${exampleOf(name)}`);
      }
    }
    return Object.fromEntries(known.map((name) => [name, this.at(name)])) as { [name in R | O]: Field };
  }

  /** The entries of an object whose keys are free. */
  entries(): [string, Field][] | undefined {
    const object = this.object();
    return object === undefined ? undefined : Object.keys(object).map((key) => [key, this.at(key)]);
  }

  /** The elements of a list of at least one. */
  elements(): Field[] {
    const list = this.list();
    if (list !== undefined && list.length === 0) {
      this.problem(`is empty, which says nothing: name at least one${exampleOf(this.path)}`);
    }
    return list ?? [];
  }

  /** The elements of a list that may be empty. */
  list(): Field[] | undefined {
    if (Array.isArray(this.value)) {
      // Array.from, unlike map, also visits the holes.
      return Array.from(this.value, (value: Json | undefined, index) => new Field(value, element(this.path, index), this.problems));
    }
    return this.absent ? undefined : this.problem(`is ${describe(this.value)}: write a list`);
  }

  /** A text that is not blank. */
  text(): string | undefined {
    if (this.absent) {
      return undefined;
    }
    if (typeof this.value !== 'string') {
      return this.problem(`is ${describe(this.value)}: write a text${typeof this.value === 'object' ? '' : ', in quotes'}${exampleOf(this.path)}`);
    }
    if (this.value.trim() === '') {
      return this.problem(`is empty: write what it stands for${exampleOf(this.path)}`);
    }
    return this.value;
  }

  /** One of a few words, or numbers. */
  word<W extends string | number>(words: readonly W[]): W | undefined {
    const found = words.find((word) => word === this.value);
    return found !== undefined || this.absent
      ? found
      : this.instead(words.map((word) => JSON.stringify(word)).join(' or '), { quoted: words.some((word) => typeof word === 'string') });
  }

  /** A whole number from 1. */
  count(): number | undefined {
    if (this.absent) {
      return undefined;
    }
    return typeof this.value === 'number' && Number.isSafeInteger(this.value) && this.value >= 1
      ? this.value
      : this.instead('a whole number from 1');
  }

  private object(): { [key: string]: Json } | undefined {
    if (this.isObject) {
      return this.value as { [key: string]: Json };
    }
    return this.absent ? undefined : this.problem(`is ${describe(this.value)}: write an object`);
  }
}

/** Whether a value is a class, handed over by a program that no compiler has checked where one that was made of it belongs. */
export function isClass(value: unknown): value is abstract new () => unknown {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** A value as a message shows it: short, on one line. */
export function describe(value: Json | undefined): string {
  if (isClass(value)) {
    return `the class ${value.name}`;
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  return typeof value === 'string' ? JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value) : String(value);
}
