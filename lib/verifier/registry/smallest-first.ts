import { Descriptor } from './manifest';

/** What is read of many things, and what is left out. */
export interface Selection {
  readonly read: readonly Descriptor[];
  readonly left: readonly Descriptor[];
}

/**
 * As many as fit into a number of bytes, the smallest first: the choice depends on what there is and not on the order in which it is listed, and
 * nobody hides a small piece behind a large one.
 */
export function smallestFirst(descriptors: readonly Descriptor[], bytes: number): Selection {
  const sorted = [...descriptors].sort((a, b) => a.size - b.size || compare(a.digest, b.digest) || compare(a.mediaType, b.mediaType));
  let total = 0;
  const end = sorted.findIndex(({ size }) => (total += size) > bytes);
  return end < 0 ? { read: sorted, left: [] } : { read: sorted.slice(0, end), left: sorted.slice(end) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
