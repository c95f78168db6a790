import { UnsupportedArtifact, VerifierError } from '../ports';
import { readEntries } from './entries';
import { Descriptor, DESCRIPTOR_MEMBERS, distinct, readDescriptor, readJson } from './manifest';

/** What a registry says is attached to an image. */
export interface Listing {
  /** Each once. */
  readonly descriptors: readonly Descriptor[];
  /** Entries that cannot be used, each with the reason. */
  readonly unusable: readonly VerifierError[];
}

/** An entry holds the annotations of its artifact, and those are whatever somebody wrote. */
const ENTRY_LIMITS = { depth: 16, values: 10_000 };

/**
 * Reads an index or a page of referrers; `"manifests": null` is an empty one.
 *
 * A list is discovery and not trust: what it leads to is checked against its digest and read strictly. So an entry that cannot be used is set
 * aside and hides no other, while the list around the entries, which the registry wrote, must be what it should be.
 *
 * @param most - entries
 * @throws VerifierError MALFORMED, LIMIT
 */
export function parseListing(bytes: Uint8Array, most: number, where: string): Listing {
  const entry = `an entry in the ${where}`;
  const { frame, entries } = readEntries(bytes, 'manifests', most, where, (element) =>
    readDescriptor(readJson(element, entry, ENTRY_LIMITS, DESCRIPTOR_MEMBERS), entry));
  if (!Object.hasOwn(frame, 'manifests') || Object.hasOwn(frame, 'layers') || Object.hasOwn(frame, 'config')) {
    throw new VerifierError('MALFORMED', `${where}: expected an index, with manifests and without layers and config`);
  }
  return collect(entries);
}

/** One listing of several pages. */
export function joinListings(pages: readonly Listing[]): Listing {
  return collect(pages.flatMap(({ descriptors, unusable }) => [...descriptors, ...unusable]));
}

/** What stands for entries that cannot be used among the evidence: one piece for each kind of reason, so that they crowd nothing out. */
export function unusableEntries({ unusable }: Pick<Listing, 'unusable'>, digest: string): UnsupportedArtifact[] {
  return (['MALFORMED', 'LIMIT', 'UNSUPPORTED'] as const).flatMap((code) => {
    const [first, ...others] = unusable.filter((error) => error.code === code);
    const more = others.length === 0 ? '' : `, and ${others.length} more entries like it`;
    return first === undefined ? [] : [{ digest, code, message: `${first.message}${more}` }];
  });
}

function collect(entries: ReadonlyArray<Descriptor | VerifierError>): Listing {
  const descriptors = entries.filter((entry): entry is Descriptor => !(entry instanceof VerifierError));
  return { descriptors: distinct(descriptors), unusable: entries.filter((entry) => entry instanceof VerifierError) };
}
