import { fuzz } from './fuzz';
import { TARGETS } from './targets';

/** Few enough for every run, the same every time; `npm run fuzz` goes on from other numbers. */
const SEED = 20_261_126;
const RUNS: { readonly [name: string]: number } = { reference: 20_000, evidence: 150 };

test.each(TARGETS.map((target) => [target.name, target] as const))('%s: what is read is what a second reader reads, everything else is refused by name', (name, target) => {
  const { accepted, refused } = fuzz(target, SEED, { runs: RUNS[name] ?? 2_000, time: 120_000 });
  // Neither side may be empty.
  expect(accepted).toBeGreaterThan(5);
  expect(refused).toBeGreaterThan(5);
}, 180_000);
