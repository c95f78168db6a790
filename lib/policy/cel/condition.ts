import { Json } from '../document';
import { CelBudget, CelExhausted, spend } from './cost';
import { loadLibrary } from './library';
import { CelEnvironment, CelEvaluator, CelNode, ParsedCel } from './library-types';
import { costOf, lengthOf, toCel } from './values';
import { Surveyed, survey } from './vocabulary';

/** What one expression may be. */
export const CEL_LIMITS = { characters: 2_000, nodes: 300, depth: 32 } as const;

/** Steps that the conditions on all attestations of one image may take together: some tens of milliseconds at most. */
export const CEL_BUDGET = 100_000;

/** Steps of an error, whose message the library writes at once, and of each node that it passes on its way up. */
const ERROR_COST = 30;

/** An expression that is none, or not one that a condition may be. */
export class ConditionError extends Error {
  readonly code = 'MALFORMED';

  constructor(expression: string, why: string, position?: number) {
    const place = position === undefined ? '' : ` at character ${position + 1}`;
    super(`is ${JSON.stringify(expression.length > 80 ? `${expression.slice(0, 79)}…` : expression)}, which has a mistake${place}: ${why}`);
    this.name = 'ConditionError';
  }
}

/** Whether a condition holds of a predicate: `true`, or why not. */
export type ConditionOutcome = true | string;

/** A condition that was parsed and type-checked. */
export interface Condition {
  /** Never throws; an error and anything but `true` is a reason. */
  evaluate(predicate: Json, budget: CelBudget): ConditionOutcome;
}

/** The evaluation that is under way; evaluating never gives way to anything else. */
let current: { readonly budget: CelBudget; readonly surveyed: Surveyed } | undefined;

let environment: CelEnvironment | undefined;

/** Made for the first condition. */
function environmentOf(): CelEnvironment {
  if (environment === undefined) {
    const { Environment } = loadLibrary();
    const made = new Environment({ limits: { maxAstNodes: CEL_LIMITS.nodes, maxDepth: CEL_LIMITS.depth } }).registerVariable('predicate', 'dyn');
    countSteps(made);
    environment = made;
  }
  return environment;
}

/** The library evaluates every node through the method `run` of one evaluator, which is what its functions are called on. */
function countSteps(made: CelEnvironment): void {
  let isCounting = false;
  made.registerFunction('evaluator(): bool', function register(this: CelEvaluator) {
    this.run = counted;
    isCounting = true;
    return true;
  }, { async: false });
  const asked = made.parse('evaluator()');
  asked.check();
  asked({ predicate: null });
  if (!isCounting) {
    throw new Error('the CEL library gives no evaluator whose steps could be counted');
  }
}

function counted(this: CelEvaluator, node: CelNode, context: unknown): unknown {
  if (current === undefined) {
    throw new Error('a condition is evaluated without a budget');
  }
  const { budget, surveyed } = current;
  spend(budget, 1);
  let value: unknown;
  try {
    value = node.evaluate(this, node, context);
  } catch (error) {
    spend(budget, ERROR_COST);
    throw error;
  }
  if (surveyed.whole.has(node)) {
    spend(budget, costOf(value));
  } else if (surveyed.iterated.has(node)) {
    spend(budget, typeof value === 'string' ? costOf(value) : lengthOf(value));
  }
  return value;
}

/**
 * A condition on a predicate, in a part of CEL that has one meaning everywhere and whose cost is bounded: comparisons, logic, arithmetic, lists,
 * `has`, `size`, `startsWith`, `endsWith`, `contains`, `all`, `exists`, `exists_one`, `filter`, `map`.
 *
 * @throws ConditionError with the place of the mistake
 */
export function parseCondition(expression: string): Condition {
  if (expression.length > CEL_LIMITS.characters) {
    throw new ConditionError(expression, `it is longer than ${CEL_LIMITS.characters} characters; write several conditions`);
  }
  const parsed = parse(expression);
  const surveyed = survey(parsed.ast);
  if (surveyed.foreign !== undefined) {
    throw new ConditionError(expression, `${surveyed.foreign.what} cannot be used here`, surveyed.foreign.position);
  }
  const { valid, type, error } = parsed.check();
  if (!valid) {
    throw refusalOf(expression, error);
  }
  if (type !== 'bool' && type !== 'dyn') {
    throw new ConditionError(expression, `it is of type ${type ?? 'unknown'}; write a comparison, which is true or false`);
  }
  return { evaluate: (predicate, budget) => evaluate(parsed, surveyed, predicate, budget) };
}

function evaluate(parsed: ParsedCel, surveyed: Surveyed, predicate: Json, budget: CelBudget): ConditionOutcome {
  try {
    const value = toCel(predicate, budget);
    spend(budget, 1);
    current = { budget, surveyed };
    const result = parsed({ predicate: value });
    return result === true ? true : result === false ? 'it is false' : 'it is neither true nor false';
  } catch (error) {
    return budget.left < 0 ? new CelExhausted().message : `it cannot be evaluated: ${summaryOf(error)}`;
  } finally {
    current = undefined;
  }
}

function parse(expression: string): ParsedCel {
  try {
    return environmentOf().parse(expression);
  } catch (error) {
    throw refusalOf(expression, error);
  }
}

function refusalOf(expression: string, error: unknown): ConditionError {
  const range = error instanceof Error && 'range' in error ? error.range as { readonly start: number } | undefined : undefined;
  return new ConditionError(expression, summaryOf(error), range?.start);
}

/** The library's messages have the expression below their first line. */
function summaryOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
