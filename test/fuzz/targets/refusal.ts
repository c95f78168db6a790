import { isDeepStrictEqual } from 'node:util';

/** What a parser made of an input; `undefined` when it refused it with its own kind of error. Any other error is a failure. */
export function read<T>(parse: () => T, ...refusals: ReadonlyArray<abstract new (...args: never[]) => Error>): { readonly value: T } | undefined {
  try {
    return { value: parse() };
  } catch (error) {
    if (refusals.some((refusal) => error instanceof refusal)) {
      return undefined;
    }
    throw error;
  }
}

/** @throws Error with both readings */
export function expectSame(what: string, ours: unknown, theirs: unknown): void {
  if (!isDeepStrictEqual(ours, theirs)) {
    throw new Error(`${what}: read as ${shown(ours)}, and by a second reading as ${shown(theirs)}`);
  }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 400);
}

/** JSON values without the objects' prototypes and the sign of zero, which no reader here tells apart. */
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value)) as unknown;
}
