import { Json } from '../../policy/document';
import { VerifierError } from '../ports';
import { readEntries } from './entries';
import { Descriptor, INDEX_TYPES, isObject, MANIFEST_TYPES, readDescriptor, readJson } from './manifest';

/** An entry of an index by which a node could be led to an image. */
export interface IndexEntry extends Descriptor {
  /** What the index calls the platform, for people. */
  readonly platform: string;
  readonly isIndex: boolean;
}

/** Members that runtimes read, of the document, an entry and a platform (OCI image specification 1.1; the names of layers tell the two kinds apart). */
const DOCUMENT = ['schemaVersion', 'mediaType', 'artifactType', 'config', 'layers', 'manifests', 'subject', 'annotations'];
const ENTRY = ['mediaType', 'digest', 'size', 'urls', 'annotations', 'data', 'artifactType', 'platform'];
const PLATFORM = ['architecture', 'os', 'os.version', 'os.features', 'variant'];

/** An entry holds annotations, which are whatever somebody wrote. */
const ENTRY_LIMITS = { depth: 16, values: 10_000 };

/**
 * Reads what a digest stands for: `undefined` for one image, and of an index the entries that some node could run.
 *
 * Whoever pushed the index wrote it, so an entry is left out for one thing only: a platform that is exactly `unknown/unknown`, as BuildKit writes it for
 * its attestations. Runtimes choose by this very member and no node has that platform, whatever the entry leads to. Everything else counts: other
 * spellings, further members, no platform, unknown kinds of content. What another program could read in another way is refused, members in other
 * capitals included, which runtimes written in Go take for their own.
 *
 * @param most - entries
 * @throws VerifierError MALFORMED, LIMIT, UNSUPPORTED
 */
export function readImage(bytes: Uint8Array, most: number, where: string): readonly IndexEntry[] | undefined {
  const { frame, entries } = readEntries(bytes, 'manifests', most, where, (element) => readEntry(readJson(element, where, ENTRY_LIMITS), where));
  checkNames(frame, DOCUMENT, where);
  const isIndex = Object.hasOwn(frame, 'manifests');
  if (isIndex === (Object.hasOwn(frame, 'layers') || Object.hasOwn(frame, 'config'))) {
    throw new VerifierError('MALFORMED', `${where}: is ${isIndex ? 'both an index and a manifest' : 'neither an index nor a manifest'}`);
  }
  const { mediaType } = frame;
  if (mediaType !== undefined && !(typeof mediaType === 'string' && MANIFEST_TYPES.includes(mediaType) && INDEX_TYPES.includes(mediaType) === isIndex)) {
    throw new VerifierError('MALFORMED', `${where}: is ${isIndex ? 'an index' : 'a manifest'} and says that it is something else`);
  }
  if (!isIndex) {
    return undefined;
  }
  return entries.flatMap((entry) => {
    if (entry instanceof VerifierError) {
      throw entry;
    }
    return entry === ATTESTATION ? [] : [entry];
  });
}

/** An entry that no node can run. */
const ATTESTATION = 'attestation';

function readEntry(value: Json, where: string): IndexEntry | typeof ATTESTATION {
  const descriptor = readDescriptor(value, where);
  const entry = value as { readonly [name: string]: Json };
  checkNames(entry, ENTRY, where);
  const { platform = null } = entry;
  if (platform !== null && !isObject(platform)) {
    throw new VerifierError('MALFORMED', `${where}: names a platform that is no object`);
  }
  checkNames(platform ?? {}, PLATFORM, where);
  const { os, architecture, variant } = platform ?? {};
  if (platform !== null && Object.keys(platform).length === 2 && os === 'unknown' && architecture === 'unknown') {
    return ATTESTATION;
  }
  if (!MANIFEST_TYPES.includes(descriptor.mediaType)) {
    throw new VerifierError('UNSUPPORTED', `${where}: leads to ${descriptor.digest} of the kind ${JSON.stringify(descriptor.mediaType.slice(0, 128))}, which is neither an image nor an index`);
  }
  const named = [os, architecture, variant].filter((part): part is string => typeof part === 'string' && part !== '').join('/');
  return { ...descriptor, platform: named === '' ? 'any platform' : named, isIndex: INDEX_TYPES.includes(descriptor.mediaType) };
}

function checkNames(object: { readonly [name: string]: Json }, known: readonly string[], where: string): void {
  const lowered = new Set(known.map((name) => name.toLowerCase()));
  const twin = Object.keys(object).find((name) => !known.includes(name) && lowered.has(folded(name)));
  if (twin !== undefined) {
    throw new VerifierError('MALFORMED', `${where}: has the member ${JSON.stringify(twin)}, which some programs take for one of another spelling`);
  }
}

/** As Go's encoding/json compares names: simple folding, in which a long s is an s and the sign of Kelvin a k. */
function folded(name: string): string {
  return name.replace(/\u017f/g, 's').replace(/\u212a/g, 'k').toLowerCase();
}
