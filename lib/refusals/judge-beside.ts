import { readObject } from './read-object';
import { recognize } from './recognize';
import { Finding, Rule } from './rule';
import { kyvernoExceptions } from './rules/kyverno-exceptions';
import { verifierRights } from './rules/verifier-rights';

/** What is wrong with a binding of somebody else beside the objects of a verifier: whom it gives the verifier's rights, or which it gives the verifier. */
export function judgeBinding(own: readonly unknown[], binding: unknown): Finding[] {
  return judgeBeside(own, binding, verifierRights);
}

/** What is wrong with a PolicyException of somebody else beside the objects of an engine: which policies about images it switches off. */
export function judgeException(own: readonly unknown[], exception: unknown): Finding[] {
  return judgeBeside(own, exception, kyvernoExceptions);
}

function judgeBeside(own: readonly unknown[], value: unknown, { code, remedy, check }: Rule): Finding[] {
  const read = readObject(value);
  if (read === undefined) {
    return [];
  }
  // Whatever it is labelled, it is not one of this engine's: another one of the App has objects of its own.
  const objects = [...recognize(own.flatMap((object) => readObject(object) ?? [])), { ...read, own: false }];
  return check({ alone: false, objects, documents: [], now: 0 }).filter(({ object }) => object === read.id).map((observation) => ({ code, remedy, ...observation }));
}
