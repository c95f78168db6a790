import { Json } from '../document';
import { CelBudget, costOfText, spend } from './cost';

/** A JSON value as the library takes it without a prototype that a key could be mistaken for: objects are maps. */
export type CelValue = null | boolean | number | string | readonly CelValue[] | ReadonlyMap<string, CelValue>;

/** Steps of looking at each list or map that was made here, with everything in it. */
const costs = new WeakMap<object, number>();

/** Converted predicates, so that several conditions share one conversion. */
const converted = new WeakMap<object, CelValue>();

/** Levels of nesting, which the reader of statements limits as well. */
const DEEPEST = 100;

/** A predicate for evaluation. @throws CelExhausted, RangeError for one that is nested too deeply */
export function toCel(predicate: Json, budget: CelBudget): CelValue {
  const known = typeof predicate === 'object' && predicate !== null ? converted.get(predicate) : undefined;
  if (known !== undefined) {
    return known;
  }
  const value = convert(predicate, budget, 0);
  if (typeof predicate === 'object' && predicate !== null) {
    converted.set(predicate, value);
  }
  return value;
}

/** Steps of looking at a value as a whole. */
export function costOf(value: unknown): number {
  if (typeof value === 'string') {
    return costOfText(value);
  }
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  // What is not known was made during the evaluation, of elements that are.
  return costs.get(value) ?? (Array.isArray(value) ? value.reduce<number>((sum, item) => sum + 1 + costOf(item), 1) : 1);
}

/** Steps of looking at the elements of a value one by one. */
export function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0;
}

function convert(value: Json, budget: CelBudget, depth: number): CelValue {
  if (typeof value !== 'object' || value === null) {
    spend(budget, 1);
    return value;
  }
  if (depth > DEEPEST) {
    throw new RangeError('the predicate is nested too deeply');
  }
  spend(budget, 1);
  const result = Array.isArray(value)
    ? value.map((item) => convert(item, budget, depth + 1))
    : new Map(Object.keys(value).map((key) => [key, convert(value[key] as Json, budget, depth + 1)]));
  let cost = 1;
  for (const item of result.values()) {
    cost += 1 + costOf(item);
  }
  costs.set(result, cost);
  return result;
}
