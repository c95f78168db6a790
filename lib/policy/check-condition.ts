import { parseCondition } from './cel/condition';
import { parsed } from './exact';
import { describe, Field } from './field';

/** Conditions that one requirement may have. */
const MOST = 16;

/** `PredicateCondition[]`: each is parsed and type-checked here, so that none can fail for its form when it is evaluated. */
export function checkConditions(field: Field): void {
  const conditions = field.elements();
  if (conditions.length > MOST) {
    field.problem(`has ${conditions.length} conditions, and ${MOST} are the most: join some of them with &&`);
    return;
  }
  const seen = new Set<string>();
  for (const condition of conditions) {
    const parts = condition.members(['expression'], ['message']);
    if (parts === undefined) {
      continue;
    }
    const expression = parts.expression.text();
    parts.message.text();
    if (expression !== undefined && seen.has(expression)) {
      parts.expression.problem(`is ${describe(expression)} a second time: remove one of the two`);
    } else {
      parsed(parts.expression, parseCondition);
    }
    seen.add(expression ?? '');
  }
}
