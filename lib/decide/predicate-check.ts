import { Check, CLOSENESS } from './check';
import { CheckName } from './check-names';
import { Examined } from './examined';
import { ReasonCode } from './reason';

/** A check of what a predicate says: the message of its shortfall, or `undefined` when it holds. */
export function predicateCheck(code: ReasonCode, name: CheckName, problem: (examined: Examined) => string | undefined): Check<Examined> {
  return {
    name,
    shortfall: (examined) => {
      const message = problem(examined);
      return message === undefined ? undefined : { code, closeness: CLOSENESS.otherContent, message };
    },
  };
}
