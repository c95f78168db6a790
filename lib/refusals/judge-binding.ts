import { readObject } from './read-object';
import { recognize } from './recognize';
import { Finding } from './rule';
import { verifierRights } from './rules/verifier-rights';

/** What is wrong with a binding of somebody else beside the objects of a verifier: whom it gives the verifier's rights, or which it gives the verifier. */
export function judgeBinding(own: readonly unknown[], binding: unknown): Finding[] {
  const read = readObject(binding);
  if (read === undefined) {
    return [];
  }
  const { code, remedy, check } = verifierRights;
  // Whatever it is labelled, it is not one of this verifier's: another verifier of the App has bindings of its own.
  const objects = [...recognize(own.flatMap((value) => readObject(value) ?? [])), { ...read, own: false }];
  return check({ alone: false, objects, documents: [], now: 0 }).filter(({ object }) => object === read.id).map((observation) => ({ code, remedy, ...observation }));
}
