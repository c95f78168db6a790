import { ANY, Mutation } from './mutations';
import { Random } from './random';

/** A parser, real inputs for it, and what has to hold for whatever is made of them. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  readonly mutations: readonly Mutation[];
  /**
   * Reads an input and compares what was read with a second reading.
   *
   * @throws Error when a property does not hold; a refusal of the typed kind is an answer
   */
  readonly judge: (input: Buffer) => Judged;
  /** Milliseconds of processor time that one input may take. @default 200 */
  readonly within?: number;
}

export type Judged = 'accepted' | 'refused';

export interface Limit {
  readonly runs: number;
  /** Milliseconds. */
  readonly time: number;
}

export interface Fuzzed {
  readonly runs: number;
  readonly accepted: number;
  readonly refused: number;
  /** Milliseconds of processor time of the slowest input. */
  readonly slowest: number;
}

/** An input for which a property does not hold. */
export class FuzzFailure extends Error {
  constructor(readonly seed: number, readonly input: Buffer, cause: unknown, target: string) {
    const shown = input.length > 3_000 ? `${input.subarray(0, 3_000).toString('base64')}…` : input.toString('base64');
    super(`${target}: ${cause instanceof Error ? cause.message : String(cause)}\n  again: npm run fuzz -- ${target} --seed ${seed}\n  input, ${input.length} bytes in base64: ${shown}`, { cause });
    this.name = 'FuzzFailure';
  }
}

/**
 * Gives a parser inputs that are one to five mutations away from real ones, until a limit is reached; run number n is made from the number `seed + n`
 * alone, so that a failure comes again as the first run from its own number.
 *
 * @throws FuzzFailure
 */
export function fuzz(target: Target, seed: number, limit: Limit): Fuzzed {
  const end = performance.now() + limit.time;
  const counts = { accepted: 0, refused: 0 };
  let runs = 0;
  let slowest = 0;
  // Before anything is measured or mutated: what is real is read.
  for (const real of target.seeds) {
    attempt(target, seed, real);
  }
  for (; runs < limit.runs && performance.now() < end; runs += 1) {
    const input = inputOf(target, new Random(seed + runs));
    const before = process.threadCpuUsage();
    counts[attempt(target, seed + runs, input)] += 1;
    const { user, system } = process.threadCpuUsage(before);
    const took = (user + system) / 1000;
    if (took > (target.within ?? 200)) {
      throw new FuzzFailure(seed + runs, input, `took ${took.toFixed(0)} ms of processor time`, target.name);
    }
    slowest = Math.max(slowest, took);
  }
  return { runs, ...counts, slowest };
}

function inputOf({ seeds, mutations }: Target, random: Random): Buffer {
  let input = random.pick(seeds);
  for (let left = 1 + random.below(5); left > 0; left -= 1) {
    input = random.pick(random.below(8) === 0 ? ANY : mutations)(input, random, seeds);
  }
  return input;
}

/** A property that holds for every target: nothing that is read becomes part of what all objects have. */
function attempt(target: Target, seed: number, input: Buffer): Judged {
  try {
    const judged = target.judge(input);
    const polluted = [...Reflect.ownKeys(Object.prototype), ...Reflect.ownKeys(Array.prototype)].length - PROTOTYPE_KEYS;
    if (polluted !== 0) {
      throw new Error('a prototype has been changed');
    }
    return judged;
  } catch (error) {
    throw new FuzzFailure(seed, input, error, target.name);
  }
}

const PROTOTYPE_KEYS = Reflect.ownKeys(Object.prototype).length + Reflect.ownKeys(Array.prototype).length;
