import { isPlainObject } from '../policy/canonical-json';
import { element, member } from '../policy/problem';
import { Observation } from './rule';
import { showBoth } from './show';

/** A place where plain data is not what it should be. */
interface Difference {
  readonly path: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/** What is wrong with a part of an object that is not what its documents mean: the first place in it where they differ. */
export function notCalledFor(object: string, path: string, found: unknown, wanted: unknown): Observation {
  const [first = { path, found, wanted }, ...more] = differences({ path, found, wanted });
  const [is, should] = showBoth(first.found ?? undefined, first.wanted ?? undefined);
  const others = more.length === 0 ? '' : more.length === 1 ? ' It differs in one more place.' : ` It differs in ${more.length} more places.`;
  return { object, path: first.path, message: `It is ${is} where the documents call for ${should}.${others}` };
}

/** Goes no deeper than what is wanted does; `null` and what is absent are the same. */
function differences({ path, found, wanted }: Difference): Difference[] {
  if (Array.isArray(found) && Array.isArray(wanted)) {
    return Array.from({ length: Math.max(found.length, wanted.length) }, (_, index) => (
      differences({ path: element(path, index), found: found[index], wanted: wanted[index] }))).flat();
  }
  if (isPlainObject(found) && isPlainObject(wanted)) {
    return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].flatMap((key) => (
      differences({ path: member(path, key), found: own(found, key), wanted: own(wanted, key) })));
  }
  return (found ?? null) === (wanted ?? null) ? [] : [{ path, found, wanted }];
}

function own(object: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
