import { refuseInput } from './input';

/** How an attestor is called in documents, and where it was made. */
export interface Named {
  readonly name: string;
  readonly place: string;
}

/** Attestors by name, each once, in the order in which they are first named; two that share a name are refused. */
export function named<A>(path: string, attestors: readonly A[], nameOf: (attestor: A) => Named): Map<string, A> {
  const byName = new Map<string, A>();
  for (const attestor of attestors) {
    const { name, place } = nameOf(attestor);
    const other = byName.get(name);
    if (other !== undefined && other !== attestor) {
      refuseInput(path, `two attestors are called "${name}": ${nameOf(other).place} and ${place}`,
        'Give one of them another name: verdicts and messages name attestors by it.');
    }
    byName.set(name, attestor);
  }
  return byName;
}
