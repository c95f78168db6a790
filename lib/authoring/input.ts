import { isPlainObject } from '../policy/canonical-json';
import { isClass } from '../policy/field';
import { Problem } from '../policy/validate';
import { refuse, refuseAny, Refusal } from './refusal';

/** Refuses one property of a construct. */
export function refuseInput(path: string, problem: string, remedy: string): never {
  refuse([{ code: 'INVALID_INPUT', path, problem, remedy }]);
}

/** Refuses every problem of what a construct made of its properties, each in a line of its own; the messages say what to do. */
export function refuseProblems(path: string, problems: readonly Problem[]): void {
  refuseAny(problems.map(({ path: at, message }) => ({ code: 'INVALID_INPUT', path, problem: at === '' ? message : `${at} ${message}` })));
}

/**
 * Refuses values that are not there yet: a policy is decided by plain values.
 *
 * A `Lazy`, a function, a promise or a token gets its value after the policy was judged, or never. Constructs, the value classes of this
 * library and classes themselves are left to whoever takes them.
 */
export function requirePlain(path: string, props: object): void {
  refuseAny([...unresolved(path, '', props)]);
}

function* unresolved(path: string, at: string, value: unknown, above: readonly unknown[] = []): Generator<Refusal> {
  const found = unresolvedKind(value);
  if (found !== undefined) {
    yield { code: 'UNRESOLVED_VALUE', path, problem: `${at} is ${found.what}, which has no value yet`, remedy: found.remedy };
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

const REMEDY = 'Write the value out: what decides enforcement must be known when the policy is made.';

/** Pulumi's own classes are called otherwise than its documentation calls them. */
const OUTPUT = {
  what: 'an Output of Pulumi',
  remedy: `${REMEDY} A setting is known at once from \`new pulumi.Config()\`; what only another resource knows, take from its \`apply\`, and make the policy in there, with its attestors and its engine.`,
};

function unresolvedKind(value: unknown): { readonly what: string; readonly remedy: string } | undefined {
  if (typeof value === 'function' && !isClass(value)) {
    return { what: 'a function', remedy: REMEDY };
  }
  if (typeof value !== 'object' || value === null || isPlainObject(value)) {
    return undefined;
  }
  const methods = value as Record<string, unknown>;
  if (methods.__pulumiOutput === true) {
    return OUTPUT;
  }
  return RESOLVERS.some((method) => typeof methods[method] === 'function') ? { what: `a ${value.constructor.name}`, remedy: REMEDY } : undefined;
}
