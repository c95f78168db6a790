import { named } from '../authoring/named';
import { Check, instance, list } from '../authoring/properties';
import { Attestor } from './attestor';

/** At least one attestor. */
export const anyAttestors: Check = list(instance(Attestor, 'Attestor', 'pass a KeylessAttestor, KeyAttestor or CertificateAttestor'), { named: true });

/** Attestors by name, each once, in the order in which they are first named; two that share a name are refused. */
export function namedAttestors(path: string, attestors: readonly Attestor[]): Map<string, Attestor> {
  return named(path, attestors, ({ name, node }) => ({ name, place: node.path }));
}
