import { isPlainObject } from '../../policy/canonical-json';
import { element, member } from '../../policy/problem';

/** One thing that a policy says and its document will not. */
export interface Note {
  /** Field of the policy, for example `spec.rules[0].verifyImages[0].required`. */
  readonly path: string;
  /** What is not carried over, why, and what to do. */
  readonly message: string;
  /** Images that no longer are in any document, so that others may decide about them. @default - the document is the stricter for it */
  readonly omits?: true;
  /** What a document would say instead, which means nothing where there is none. @default - it is why something is left out */
  readonly differs?: true;
}

/** Something that cannot be carried over; what it is part of is left out, up to the whole policy where that would be weaker without it. */
export class LeftOut extends Error {
  constructor(readonly path: string, readonly problem: string) {
    super(`${path}: ${problem}`);
    this.name = 'LeftOut';
  }
}

/** A part of somebody else's policy; whatever it holds that is not known ends the reading, for it might be what decides. */
export class Part {
  constructor(readonly value: unknown, readonly path: string, private readonly notes: Note[]) {}

  get absent(): boolean {
    return this.value === undefined || this.value === null;
  }

  at(key: string): Part {
    return new Part(isPlainObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined, member(this.path, key), this.notes);
  }

  /** Its fields by name; `inert` are those that decide nothing. @throws LeftOut for one that is neither */
  fields<K extends string>(known: readonly K[], inert: readonly string[] = []): { readonly [name in K]: Part } {
    if (!this.absent && !isPlainObject(this.value)) {
      throw this.leftOut('is no object, so that nothing is known of it');
    }
    for (const name of Object.keys(this.value ?? {})) {
      if (!(known as readonly string[]).includes(name) && !inert.includes(name)) {
        throw this.at(name).leftOut('is not known here, so that nobody can say what leaving it out would do');
      }
    }
    return Object.fromEntries(known.map((name) => [name, this.at(name)])) as { [name in K]: Part };
  }

  /** None, where it is absent. @throws LeftOut for what is no list */
  items(): Part[] {
    if (this.absent) {
      return [];
    }
    if (!Array.isArray(this.value)) {
      throw this.leftOut('is no list');
    }
    return this.value.map((value, index) => new Part(value, element(this.path, index), this.notes));
  }

  /** @throws LeftOut for what is no text, or one that is filled in later */
  text(): string | undefined {
    if (this.absent) {
      return undefined;
    }
    if (typeof this.value !== 'string') {
      throw this.leftOut('is no text');
    }
    if (/\{\{|\$\(/.test(this.value)) {
      throw this.leftOut('holds a variable, which has a value only when a request comes: write the text that it stands for');
    }
    return this.value;
  }

  /** The texts of a list. */
  texts(): string[] {
    return this.items().map((item) => item.text() ?? '');
  }

  /** Says that this is not carried over, and that what is written is the stricter for it. */
  note(message: string): void {
    this.notes.push({ path: this.path, message, differs: true });
  }

  /** Says so of what is there, unless it is an empty list or the value that changes nothing. */
  noteUnless(same: unknown, message: string): void {
    const empty = Array.isArray(this.value) && this.value.length === 0;
    if (!this.absent && !empty && this.value !== same) {
      this.note(message);
    }
  }

  leftOut(problem: string): LeftOut {
    return new LeftOut(this.path, problem);
  }

  /** Those of several alternatives that can be carried over, with a note for each of the others: of who may vouch, fewer are stricter. */
  static alternatives<T>(parts: readonly Part[], read: (part: Part) => readonly T[], mark: Pick<Note, 'omits'> = {}): { readonly kept: T[]; readonly missed: number } {
    const kept: T[] = [];
    let missed = 0;
    for (const part of parts) {
      try {
        kept.push(...read(part));
      } catch (error) {
        if (!(error instanceof LeftOut)) {
          throw error;
        }
        missed += 1;
        part.notes.push({ path: error.path, message: error.problem, ...mark });
      }
    }
    return { kept, missed };
  }
}
