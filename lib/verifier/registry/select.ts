import { UnsupportedArtifact } from '../ports';
import { Descriptor } from './manifest';

/** What is read of many things, and what is said of those that are not. */
export interface Selection {
  readonly read: readonly Descriptor[];
  readonly left: readonly UnsupportedArtifact[];
}

/**
 * As many as fit into a number of bytes, the smallest first: the choice depends on what there is and not on the order in which it is listed, and
 * nobody hides a small piece behind a large one.
 *
 * @param one - bytes of each
 * @param all - bytes of all together
 * @param what - they are, for people
 */
export function select(descriptors: readonly Descriptor[], one: number, all: number, what: string): Selection {
  const sorted = [...descriptors].sort((a, b) => a.size - b.size || compare(a.digest, b.digest) || compare(a.mediaType, b.mediaType));
  let total = 0;
  const over = sorted.findIndex(({ size }) => size > one || (total += size) > all);
  const end = over < 0 ? sorted.length : over;
  const left = sorted.slice(end).map(({ digest, size }): UnsupportedArtifact => ({
    digest,
    code: 'LIMIT',
    message: size > one ? `${what}: ${digest} has ${size} bytes; at most ${one} are read`
      : `${what}: ${digest} is not read, because with all that are smaller there are more than ${all} bytes`,
  }));
  return { read: sorted.slice(0, end), left };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
