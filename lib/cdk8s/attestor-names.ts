import { Attestor } from './attestor';
import { refuseInput } from './input';
import { Check, instance, list } from './properties';

/** At least one attestor. */
export const anyAttestors: Check = list(instance(Attestor, 'pass a KeylessAttestor or a KeyAttestor, made by the same copy of the package'), { named: true });

/** Attestors by name, each once, in the order in which they are first named; two that share a name are refused. */
export function namedAttestors(path: string, attestors: readonly Attestor[]): Map<string, Attestor> {
  const named = new Map<string, Attestor>();
  for (const attestor of attestors) {
    const other = named.get(attestor.name);
    if (other !== undefined && other !== attestor) {
      refuseInput(path, `two attestors are called "${attestor.name}": ${other.node.path} and ${attestor.node.path}`,
        'Give one of the constructs another id: verdicts and messages name attestors by it.');
    }
    named.set(attestor.name, attestor);
  }
  return named;
}
