import type { Question } from './engine';

/** A case of the table of attacks and its twin that differs in one attribute. */
export interface Fixture {
  /** Of the table of attacks. */
  readonly id: string;
  /** What makes the difference between the two. */
  readonly about: string;
  readonly allowed: Question;
  readonly denied: Question;
  /** What an engine says of the twin that may run where it refuses more than the documents say, and why. @default - it allows it */
  readonly stricter?: { readonly [engine: string]: string };
}
