/** One thing that is wrong, with the construct it is wrong in. */
export interface Refusal {
  /** Stable, for example `UNRESOLVED_VALUE`. */
  readonly code: string;
  /** Path of the construct. */
  readonly path: string;
  /** What is wrong, as a clause. */
  readonly problem: string;
  /** What to do, as a sentence; absent when the problem says so itself. */
  readonly remedy?: string;
}

/** The one line a user reads: `[CODE] construct/path: what is wrong. What to do.` */
export function describeRefusal({ code, path, problem, remedy }: Refusal): string {
  return [`[${code}] ${path}: ${problem.replace(/\.$/, '')}.`, remedy].filter(Boolean).join(' ');
}

/** Refuses to go on: at construction for input that can never be right, at synthesis for what would be written. */
export class RefusedError extends Error {
  readonly #refusals: readonly [Refusal, ...Refusal[]];

  constructor(refusals: readonly [Refusal, ...Refusal[]]) {
    super(refusals.map(describeRefusal).join('\n'));
    this.#refusals = refusals;
  }

  // Getters: a program that ends with the error prints the fields it has of its own below the message, which has them already.

  override get name(): string {
    return 'RefusedError';
  }

  get refusals(): readonly [Refusal, ...Refusal[]] {
    return this.#refusals;
  }

  /** Code of the first refusal. */
  get code(): string {
    return this.#refusals[0].code;
  }

  /** Construct of the first refusal. */
  get path(): string {
    return this.#refusals[0].path;
  }
}

/** Throws when there is something to refuse. */
export function refuseAny(refusals: readonly Refusal[]): void {
  const [first, ...rest] = refusals;
  if (first) {
    refuse([first, ...rest]);
  }
}

/**
 * Throws.
 *
 * Where nobody catches it, Node shows the line in which the error was thrown, or in a promise made, before the message: one of this library, which
 * says nothing to anybody. Where its own marker stands in that line, the message comes first.
 */
export function refuse(refusals: readonly [Refusal, ...Refusal[]]): never {
  throw new RefusedError(refusals); // node-do-not-add-exception-line
}

/** Lets an error that was caught go on, as if it had not been. */
export function goOn(error: unknown): never {
  throw error; // node-do-not-add-exception-line
}

/** Something was refused when it was made, and its error was caught: without this it would be missing unnoticed. */
export function refusedWhenMade(path: string, what: string): Refusal {
  return {
    code: 'REFUSED',
    path,
    problem: `this ${what} was refused when it was made, and the program went on without it`,
    remedy: 'Correct it or leave it out, and do not catch its error, which says what is wrong.',
  };
}
