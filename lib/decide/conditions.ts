import { Condition, parseCondition } from '../policy/cel/condition';
import { NormalPredicateCondition } from '../policy/normal';
import { Check } from './check';
import { CHECKS } from './check-names';
import { Examined } from './examined';
import { predicateCheck } from './predicate-check';
import { plain } from './show';

/** Parsed conditions, each once for as long as its policy is there. */
const parsed = new WeakMap<NormalPredicateCondition, Condition>();

/** Every condition is true of the predicate. */
export function conditionChecks(conditions: readonly NormalPredicateCondition[]): Check<Examined>[] {
  return conditions.map((condition) => predicateCheck('CONDITION_NOT_MET', CHECKS.condition(plain(condition.expression, 80)), ({ statement: { predicate }, budget }) => {
    const outcome = predicate === undefined ? 'there is no predicate' : parse(condition).evaluate(predicate, budget);
    const what = condition.message === '' ? plain(condition.expression, 120) : plain(condition.message, 200);
    return outcome === true ? undefined : `expected ${what}, found that ${plain(outcome, 120)}`;
  }));
}

function parse(condition: NormalPredicateCondition): Condition {
  const known = parsed.get(condition) ?? parseCondition(condition.expression);
  parsed.set(condition, known);
  return known;
}
