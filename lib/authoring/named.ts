import { refuseInput } from './input';

/** Attestors by name, each once, in the order in which they are first named; two that share a name are refused. */
export function named<A extends { readonly name: string }>(path: string, attestors: readonly A[], placeOf: (attestor: A) => string): Map<string, A> {
  const byName = new Map<string, A>();
  for (const attestor of attestors) {
    const other = byName.get(attestor.name);
    if (other !== undefined && other !== attestor) {
      refuseInput(path, `two attestors are called "${attestor.name}": ${placeOf(other)} and ${placeOf(attestor)}`,
        'Give one of them another name: verdicts and messages name attestors by it.');
    }
    byName.set(attestor.name, attestor);
  }
  return byName;
}
