/** A duration that is none, or longer than a policy may wait. */
export class AgeError extends Error {
  readonly code = 'MALFORMED';

  constructor(text: string, why: string) {
    super(`${JSON.stringify(text.slice(0, 64))} is no age: ${why}; write a whole number of days, hours or minutes such as 7d, 24h or 90m`);
    this.name = 'AgeError';
  }
}

const AGE = /^([1-9][0-9]{0,5})([dhm])$/;

const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['m', 60_000]] as const;

/** In days: who waits longer than a year does not look at the age. */
const LONGEST = 366;

/** The milliseconds of `7d`, `24h` or `90m`; at most 366 days. @throws AgeError */
export function parseAge(text: string): number {
  const [, count, unit] = AGE.exec(text) ?? [];
  const milliseconds = UNITS.find(([name]) => name === unit)?.[1];
  if (count === undefined || milliseconds === undefined) {
    throw new AgeError(text, 'it is not in that form');
  }
  const age = Number(count) * milliseconds;
  if (age > LONGEST * 86_400_000) {
    throw new AgeError(text, `it is longer than ${LONGEST} days`);
  }
  return age;
}

/** One text for one age: in the largest unit that leaves no rest. */
export function formatAge(age: number): string {
  const [unit, milliseconds] = UNITS.find(([, size]) => age % size === 0) ?? UNITS[2];
  return `${age / milliseconds}${unit}`;
}
