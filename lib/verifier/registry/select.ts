import { compare } from '../../policy/canonical-order';
import { UnsupportedArtifact } from '../ports';
import { identityOf, Layer } from './manifest';

/** What is read of many things, and what is said of those that are not. */
export interface Selection<T> {
  readonly read: readonly T[];
  readonly left: readonly UnsupportedArtifact[];
}

/** How much is read. */
export interface SelectionLimits {
  /** Bytes of each. */
  readonly one: number;
  /** Bytes of all together. */
  readonly all: number;
  readonly count: number;
}

/**
 * As many as fit into a number of bytes, the smallest first: the choice depends on what there is and not on the order in which it is listed, and
 * nobody hides a small piece behind a large one.
 *
 * @param what - they are, for people
 */
export function select<T extends Layer>(descriptors: readonly T[], { one, all, count }: SelectionLimits, what: string): Selection<T> {
  const sorted = descriptors.map((descriptor) => ({ descriptor, identity: identityOf(descriptor) }))
    .sort((a, b) => a.descriptor.size - b.descriptor.size || compare(a.identity, b.identity)).map(({ descriptor }) => descriptor);
  let total = 0;
  const over = sorted.findIndex(({ size }, index) => index >= count || size > one || (total += size) > all);
  const end = over < 0 ? sorted.length : over;
  const left = sorted.slice(end).map(({ digest, size }): UnsupportedArtifact => ({
    digest,
    code: 'LIMIT',
    message: size > one ? `${what}: ${digest} has ${size} bytes; at most ${one} are read`
      : `${what}: ${digest} is not read, because with all that are smaller there are more than ${all} bytes or ${count} pieces`,
  }));
  return { read: sorted.slice(0, end), left };
}
