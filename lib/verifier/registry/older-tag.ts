import { VerifierError } from '../ports';
import { Listing } from './listing';
import { readEntries } from './entries';
import { distinct, Layer, readJson, readLayer } from './manifest';

/** What a layer may hold: its annotations are texts, of which one may be large. */
const LAYER_LIMITS = { depth: 16, values: 10_000 };

/** The layers behind a tag of cosign's older layout. */
export type OlderTag = Omit<Listing, 'descriptors'> & { readonly layers: readonly Layer[] };

/** The tag beside an image under which cosign 1 and 2 keep signatures (`sig`) or attestations (`att`). */
export function olderTag(digest: string, suffix: 'sig' | 'att'): string {
  return `${digest.replace(':', '-')}.${suffix}`;
}

/**
 * Reads the manifest behind such a tag: a signature in each layer. A layer that cannot be read hides no other.
 *
 * @param most - layers
 * @throws VerifierError MALFORMED, LIMIT
 */
export function parseOlderTag(bytes: Uint8Array, most: number, where: string): OlderTag {
  const layer = `a layer of the ${where}`;
  const { frame, entries } = readEntries(bytes, 'layers', most, where, (element) => readLayer(readJson(element, layer, LAYER_LIMITS), layer));
  if (Object.hasOwn(frame, 'manifests')) {
    throw new VerifierError('MALFORMED', `${where}: could be an index as well as a manifest`);
  }
  const layers = entries.filter((entry): entry is Layer => !(entry instanceof VerifierError));
  return { layers: distinct(layers), unusable: entries.filter((entry) => entry instanceof VerifierError) };
}
