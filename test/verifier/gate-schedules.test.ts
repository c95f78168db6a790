import { setTimeout as sleep } from 'node:timers/promises';
import { onBehalfOf, startDeadline } from '../../lib/verifier/deadline';
import { Gate } from '../../lib/verifier/gate';
import { VerifierError } from '../../lib/verifier/ports';
import { SingleFlight } from '../../lib/verifier/single-flight';

const SCHEDULES = 120;
/** So that one that failed can be run again. */
const SEED = 20_261_126;

/** Numbers below a bound, the same for the same seed (mulberry32). */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** How many pieces of work that never end get in at once. */
async function roomIn(gate: Gate): Promise<number> {
  let inside = 0;
  for (let index = 0; index < 40; index += 1) {
    gate.pass('a', startDeadline(5), () => {
      inside += 1;
      return new Promise<never>(() => undefined);
    }).catch(() => undefined);
  }
  await sleep(1);
  return inside;
}

/** Namespaces ask for work that is shared or not, are in a hurry or not, go and come back; some of it fails. @returns what was wrong */
async function disorderOf(seed: number): Promise<string[]> {
  const below = numbers(seed);
  const limits = { capacity: 2 + below(3), waiting: [4, 8, 16, 60][below(4)] ?? 4 };
  const gate = new Gate(limits);
  const flights = new SingleFlight<string>(20 + below(40));
  const [spaces, keys] = [2 + below(3), 1 + below(6)];
  const wrong: string[] = [];
  let inside = 0;
  const all: Promise<unknown>[] = [];
  for (let asked = 0; asked < 100 + below(100); asked += 1) {
    const [lane, weight, lasts, fails] = [below(8) === 0 ? 'b' : 'a', 1 + (below(4) === 0 ? below(limits.capacity) : 0), below(12), below(5) === 0];
    const deadline = startDeadline([1, 3, 10, 40][below(4)] ?? 1);
    const work = (budget: Parameters<Gate['pass']>[1]): Promise<string> => gate.pass(lane, budget, async () => {
      inside += weight;
      if (inside > limits.capacity) {
        wrong.push(`${inside} are in work where ${limits.capacity} may be`);
      }
      await sleep(lasts);
      inside -= weight;
      if (fails) {
        throw new Error('as it happens');
      }
      return 'done';
    }, weight);
    const own = onBehalfOf(`n${below(spaces)}`, deadline);
    const answer = below(4) === 0 ? work(own) : flights.run(`${lane}${below(keys)}`, own, work);
    all.push(answer.catch((error: unknown) => {
      if (!(error instanceof VerifierError) && !(error instanceof Error && error.message === 'as it happens')) {
        wrong.push(String(error));
      }
    }).finally(() => deadline.abandon()));
    if (below(3) === 0) {
      await sleep(below(3));
    }
  }
  await Promise.all(all);
  // Work that nobody waits for any more ends by itself.
  await sleep(250);
  const [left, fresh] = [await roomIn(gate), await roomIn(new Gate(limits))];
  return [...wrong, ...(left === fresh ? [] : [`${left} pieces of work get in where ${fresh} should`])];
}

test('whoever comes, goes and comes back in whatever order, capacity is kept, everybody is answered, and all places are free in the end', async () => {
  const found = await Promise.all(Array.from({ length: SCHEDULES }, async (_, index) => (await disorderOf(SEED + index)).map((what) => `${SEED + index}: ${what}`)));
  expect(found.flat()).toEqual([]);
}, 60_000);
