import { Readers, Registry } from '../../lib/verifier/ports';

/** Everything is read with the verifier's rights. */
export function ownReaders(registry: Registry): Readers {
  return { lend: (_reference, _source, _deadline, work) => work({ registry, rights: 'own' }) };
}
