import { isPlainObject } from '../policy/canonical-json';
import { Problem } from '../policy/validate';
import { refuseAny, Refusal, RefusedError } from './refusal';

/** Refuses one property of a construct. */
export function refuseInput(path: string, problem: string, remedy: string): never {
  throw new RefusedError([{ code: 'INVALID_INPUT', path, problem, remedy }]);
}

/** Refuses every problem of what a construct made of its properties, each in a line of its own; the messages say what to do. */
export function refuseProblems(path: string, problems: readonly Problem[]): void {
  refuseAny(problems.map(({ path: at, message }) => ({ code: 'INVALID_INPUT', path, problem: at === '' ? message : `${at} ${message}` })));
}

/**
 * Refuses values that are not there yet: a policy is decided by plain values.
 *
 * A `Lazy`, a function, a promise or a token gets its value after the policy was judged, or never. Constructs and the value classes of this
 * library are left to whoever takes them.
 */
export function requirePlain(path: string, props: object): void {
  refuseAny([...unresolved(path, '', props)]);
}

function* unresolved(path: string, at: string, value: unknown, above: readonly unknown[] = []): Generator<Refusal> {
  const what = unresolvedKind(value);
  if (what !== undefined) {
    yield {
      code: 'UNRESOLVED_VALUE',
      path,
      problem: `${at} is ${what}, which has no value yet`,
      remedy: 'Write the value out: what decides enforcement must be known when the policy is made.',
    };
  } else if (typeof value === 'object' && above.includes(value)) {
    yield { code: 'INVALID_INPUT', path, problem: `${at} contains itself`, remedy: 'Write plain data without cycles.' };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* unresolved(path, `${at}[${index}]`, item, [...above, value]);
    }
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* unresolved(path, at === '' ? key : `${at}.${key}`, item, [...above, value]);
    }
  }
}

/** The methods by which values are resolved later: cdk8s' `Lazy` and implicit tokens, promises, Pulumi's outputs. */
const RESOLVERS = ['produce', 'resolve', 'then', 'apply'];

function unresolvedKind(value: unknown): string | undefined {
  if (typeof value === 'function') {
    return 'a function';
  }
  if (typeof value !== 'object' || value === null || isPlainObject(value)) {
    return undefined;
  }
  const methods = value as Record<string, unknown>;
  return RESOLVERS.some((method) => typeof methods[method] === 'function') ? `a ${value.constructor.name}` : undefined;
}
