/** What evaluating may cost, in steps; shared by all that is evaluated for one image. */
export interface CelBudget {
  left: number;
}

/** Thrown in place of an error of the library, so that it is made once however often it is met. */
export class CelExhausted extends Error {
  constructor() {
    super('it takes more steps than an evaluation may');
    this.name = 'CelExhausted';
  }
}

const EXHAUSTED = new CelExhausted();

/** Takes from the budget. @throws CelExhausted when nothing is left, now and ever after: logic may pass the first one over, but not what follows */
export function spend(budget: CelBudget, steps: number): void {
  budget.left -= steps;
  if (!(budget.left >= 0)) {
    throw EXHAUSTED;
  }
}

/** Steps of looking at a text as a whole. */
export function costOfText(text: string): number {
  return text.length >> 4;
}
