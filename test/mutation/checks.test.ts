import { execFileSync } from 'node:child_process';
import { CHECKS, CRYPTOGRAPHY } from '../../lib/decide/check-names';
import { AGREEMENTS } from '../../lib/decide/provenance-agreement';
import { CLAIM_CHECKS } from '../../lib/policy/check-attestor';

interface Listed {
  readonly mistakes: ReadonlyArray<{ readonly name: string; readonly removes?: string }>;
  readonly problems: readonly string[];
}

const { mistakes, problems } = JSON.parse(execFileSync(process.execPath, ['scripts/mutate.mjs', '--list'], { encoding: 'utf8', maxBuffer: 2 ** 26 })) as Listed;
const removed = mistakes.flatMap(({ removes }) => removes ?? []);

/** Every name that a proof can list; of those that a policy makes up, what they begin with. */
const NAMES: readonly string[] = [
  ...Object.values(CRYPTOGRAPHY),
  ...Object.values(CHECKS).filter((name) => typeof name === 'string'),
  ...Object.keys(CLAIM_CHECKS).map(CHECKS.claim),
  ...AGREEMENTS.map(({ claim }) => CHECKS.agreement(claim)),
  ...[2, 3].map(CHECKS.level),
  ...['commit', 'run'].map(CHECKS.sameBuild),
];
const MADE_UP = [CHECKS.annotation(''), CHECKS.condition('')];

test('each check that a proof can list is removed by one mistake, and nothing else is called a check', () => {
  const isMadeUp = (name: string): boolean => MADE_UP.some((start) => name.startsWith(start));
  expect(removed.filter((name) => !isMadeUp(name)).sort()).toEqual([...NAMES].sort());
  expect(MADE_UP.filter((start) => !removed.some((name) => name.startsWith(start)))).toEqual([]);
});

test('names that are made from others are made of all there are', () => {
  const made = Object.entries(CHECKS).filter(([, name]) => typeof name === 'function').map(([key]) => key);
  expect(made).toEqual(['claim', 'annotation', 'agreement', 'level', 'condition', 'sameBuild']);
});

test('every mistake of the list can be made: its place in the code is there, once, and so are its tests', () => {
  expect(mistakes.length).toBeGreaterThan(1_000);
  expect(problems).toEqual([]);
});
