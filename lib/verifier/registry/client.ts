import { ImageReference } from '../../kubernetes/reference';
import { AttachedBundle, AttachedBundles, Deadline, ImagesOfDigest, Registry, UnsupportedArtifact, VerifierError } from '../ports';
import { BYTES_LIMITS, Gate } from '../gate';
import { RegistryConfig, settingsOf } from './config';
import { inParallel } from '../in-parallel';
import { IndexEntry, readImage } from './image-index';
import { imagesBelow } from './images-below';
import { EVIDENCE_TYPES, OTHER_EVIDENCE } from './layer-types';
import { REGISTRY_LIMITS, RegistryLimits } from './limits';
import { joinListings, Listing, parseListing, unusableEntries } from './listing';
import { annotatedLength, checkContent, checkDigest, checkUnambiguous, Descriptor, digestOf, distinct, Layer, MANIFEST_TYPES, parseArtifact } from './manifest';
import { inMirror } from './mirrors';
import { olderTag, parseOlderTag } from './older-tag';
import { LocatedAnswer, RegistrySession } from './session';
import { select, Selection } from './select';

const ACCEPT_MANIFEST = MANIFEST_TYPES.join(', ');
/** Bytes that are read of any answer. */
const SMALL = 64 * 1024;

const ACCEPT_INDEX = 'application/vnd.oci.image.index.v1+json';

/** A read-only OCI distribution client for evidence: content is its hash, discovery is not trust. */
export class OciRegistry implements Registry {
  private readonly sessions = new Map<string, RegistrySession>();

  /** @param memory - where room for the bytes of answers is taken, in bytes; shared by all registries */
  constructor(private readonly config: RegistryConfig, private readonly limits: RegistryLimits = REGISTRY_LIMITS, private readonly memory = new Gate(BYTES_LIMITS)) {}

  places(reference: ImageReference): readonly ImageReference[] {
    const { mirrors = [] } = settingsOf(this.config, reference.registry);
    return [...mirrors.map((mirror) => inMirror(mirror, reference)), reference];
  }

  async resolve(reference: ImageReference, deadline: Deadline): Promise<string> {
    if (reference.digest !== undefined) {
      return reference.digest;
    }
    const body = await this.manifest(reference, reference.tag ?? 'latest', deadline);
    checkUnambiguous(body, reference.name);
    return digestOf(body);
  }

  async find(reference: ImageReference, digest: string, deadline: Deadline): Promise<void> {
    await this.manifest(reference, digest, deadline);
  }

  async images(reference: ImageReference, digest: string, deadline: Deadline): Promise<ImagesOfDigest> {
    const where = `image ${reference.name}@${digest}`;
    const entries = readImage(await this.manifest(reference, digest, deadline), this.limits.entries, where);
    return entries === undefined ? { type: 'one' } : { type: 'index', images: await imagesBelow(reference.name, entries, this.limits, (entry) => this.entry(reference, entry, deadline)) };
  }

  async bundles<T>(reference: ImageReference, digest: string, deadline: Deadline, use: (bundles: AttachedBundles) => Promise<T>): Promise<T> {
    const listed = await this.referrers(reference, digest, deadline);
    const count = listed.descriptors.length + listed.unusable.length;
    if (count > this.limits.referrers) {
      throw new VerifierError('LIMIT', `${reference.name} has ${count} artifacts attached to ${digest}; at most ${this.limits.referrers} are read`);
    }
    const artifacts = select(listed.descriptors, { one: this.limits.artifact, all: this.limits.artifacts, count }, `artifact of ${reference.name}`);
    const manifests = await this.read(artifacts, (referrer) => this.artifact(reference, digest, referrer, deadline));
    return this.hand(reference, digest, manifests.found.flat(), [...unusableEntries(listed, digest), ...manifests.unread], deadline, use);
  }

  async olderLayout<T>(reference: ImageReference, digest: string, deadline: Deadline, use: (bundles: AttachedBundles) => Promise<T>): Promise<T> {
    const tags = await Promise.all([this.olderTag(reference, digest, 'sig', deadline), this.olderTag(reference, digest, 'att', deadline)]);
    return this.hand(reference, digest, tags.flatMap(({ layers }) => layers), tags.flatMap(({ unread }) => unread), deadline, use);
  }

  close(): void {
    this.sessions.forEach((session) => session.close());
    this.sessions.clear();
  }

  /** The entries of an index in an index; none of an image. */
  private async entry(reference: ImageReference, entry: IndexEntry, deadline: Deadline): Promise<readonly IndexEntry[]> {
    const where = `image ${reference.name}@${entry.digest}`;
    const body = await exactly(entry, () => this.tryManifest(reference, entry.digest, atLeastSmall(entry), deadline));
    if (body === undefined) {
      throw new VerifierError('IMAGE_NOT_FOUND', `${where} is in the index, but not there`);
    }
    await checkContent(body, entry, where);
    const entries = readImage(body, this.limits.entries, where);
    if ((entries !== undefined) !== entry.isIndex) {
      throw new VerifierError('MALFORMED', `${where}: the index that leads to it says that it is ${entry.isIndex ? 'an index' : 'one image'}, and it is not`);
    }
    return entries ?? [];
  }

  /** Reads the layers that hold evidence, and hands them over with what is to be said of the others. */
  private async hand<T>(
    reference: ImageReference, digest: string, all: readonly Layer[], unread: readonly UnsupportedArtifact[], deadline: Deadline, use: (bundles: AttachedBundles) => Promise<T>,
  ): Promise<T> {
    const layers = distinct(all);
    const limits = { one: this.limits.bundle, all: this.limits.bundles, count: this.limits.pieces };
    const chosen = select(layers.filter(({ mediaType }) => EVIDENCE_TYPES.has(mediaType)), limits, `bundle of ${reference.name}`);
    const told = [...unread, ...otherEvidence(layers)];
    const bytes = chosen.read.reduce((sum, layer) => sum + layer.size + annotatedLength(layer), 0);
    // All at once, and with nothing held before: two images that wait for each other would wait in vain.
    const attempt = (image?: ReadImage): Promise<{ readonly result: T } | undefined> => this.memory.pass(reference.registry, deadline, async () => {
      const blobs = new Map<string, Promise<Buffer>>();
      const bundles = await this.read(chosen, (layer) => this.bundle(reference, layer, blobs, deadline));
      if (image === undefined && bundles.found.some(mayBeOfBytes)) {
        return undefined;
      }
      const { artifact, unread: broken = [] } = image ?? {};
      return { result: await use({ bundles: bundles.found, unsupported: [...told, ...bundles.unread, ...broken], ...(artifact === undefined ? {} : { artifact }) }) };
    }, bytes + (image?.artifact?.length ?? 0));
    // Signatures of the manifest's bytes are rare. Only for them is it read, before the bundles, which are then read once more.
    const done = await attempt() ?? await attempt(await this.image(reference, digest, deadline));
    if (done === undefined) {
      throw new Error('the evidence was read with the image and not handed over');
    }
    return done.result;
  }

  /** The manifest of the image; one that is not there or too large leaves open only what is said about its bytes. */
  private async image(reference: ImageReference, digest: string, deadline: Deadline): Promise<ReadImage> {
    try {
      const artifact = await this.tryManifest(reference, digest, this.limits.manifest, deadline);
      return artifact === undefined ? {} : { artifact };
    } catch (error) {
      return { unread: [{ digest, ...brokenEvidence(error) }] };
    }
  }

  /** One signature with the bytes it covers. Many can be of the same bytes, which are then asked for once. */
  private async bundle(reference: ImageReference, layer: Layer, blobs: Map<string, Promise<Buffer>>, deadline: Deadline): Promise<AttachedBundle> {
    const { digest, size, mediaType, annotations } = layer;
    const known = blobs.get(`${digest} ${size}`);
    const bytes = known ?? this.blob(reference, layer, deadline);
    blobs.set(`${digest} ${size}`, bytes);
    // Whoever gets them may move them elsewhere, so each has its own.
    return { digest, mediaType, bytes: known === undefined ? await bytes : new Uint8Array(await bytes), ...(annotations === undefined ? {} : { annotations }) };
  }

  private async olderTag(reference: ImageReference, digest: string, suffix: 'sig' | 'att', deadline: Deadline): Promise<{ layers: readonly Layer[]; unread: readonly UnsupportedArtifact[] }> {
    const tag = olderTag(digest, suffix);
    try {
      const body = await this.tryManifest(reference, tag, this.limits.manifest, deadline);
      if (body === undefined) {
        return { layers: [], unread: [] };
      }
      const { layers, unusable } = parseOlderTag(body, this.limits.pieces, `tag ${tag} of ${reference.name}`);
      return { layers, unread: unusableEntries({ unusable }, digest) };
    } catch (error) {
      return { layers: [], unread: [{ digest, ...brokenEvidence(error) }] };
    }
  }

  /** What the registry says is attached to a digest. */
  private async referrers(reference: ImageReference, digest: string, deadline: Deadline): Promise<Listing> {
    const session = this.sessionOf(reference.registry);
    const where = `list of artifacts of ${reference.name}@${digest}`;
    const pages: Listing[] = [];
    let left = this.limits.listing;
    let url: URL | undefined = session.urlOf(reference.repository, `referrers/${digest}`);
    while (url !== undefined) {
      if (pages.length >= this.limits.pages) {
        throw new VerifierError('LIMIT', `${reference.name} has more than ${this.limits.pages} pages of referrers`);
      }
      const answer = await session.get(reference.repository, url, { accept: ACCEPT_INDEX, limit: left }, deadline);
      if (pages.length === 0 && answer.status === 404) {
        return this.fallbackTag(reference, digest, deadline);
      }
      const body = okBody(answer);
      left -= body.length;
      pages.push(parseListing(body, this.mostEntries(), where));
      url = nextPage(answer);
    }
    const all = joinListings(pages);
    // A registry that learned the API later may still list older artifacts under the tag (OCI distribution 1.1, "Unavailable Referrers API").
    return all.descriptors.length > 0 ? all : joinListings([all, await this.fallbackTag(reference, digest, deadline)]);
  }

  private async fallbackTag(reference: ImageReference, digest: string, deadline: Deadline): Promise<Listing> {
    const tag = digest.replace(':', '-');
    const body = await this.tryManifest(reference, tag, this.limits.listing, deadline);
    return body === undefined ? { descriptors: [], unusable: [] } : parseListing(body, this.mostEntries(), `tag ${tag} of ${reference.name}`);
  }

  /** With room for entries that are there twice. */
  private mostEntries(): number {
    return 4 * this.limits.referrers;
  }

  /** Reads what was selected; what is broken is told and hides no other. */
  private async read<D extends Descriptor, T>({ read, left }: Selection<D>, work: (descriptor: D) => Promise<T>): Promise<Read<T>> {
    const unread = [...left];
    const found = await inParallel(read, this.limits.parallel, async (descriptor) => {
      try {
        return [await work(descriptor)];
      } catch (error) {
        unread.push({ digest: descriptor.digest, ...brokenEvidence(error) });
        return [];
      }
    });
    return { found: found.flat(), unread };
  }

  /** The layers of an artifact of this image; none when it is not there, or about something else. */
  private async artifact(reference: ImageReference, digest: string, referrer: Descriptor, deadline: Deadline): Promise<readonly Layer[]> {
    if (!MANIFEST_TYPES.includes(referrer.mediaType)) {
      throw new VerifierError('UNSUPPORTED', `artifact ${referrer.digest} of ${reference.name} is of the kind ${JSON.stringify(referrer.mediaType.slice(0, 128))}, which is not read`);
    }
    const body = await exactly(referrer, () => this.tryManifest(reference, referrer.digest, atLeastSmall(referrer), deadline));
    if (body === undefined) {
      return [];
    }
    await checkContent(body, referrer, `artifact of ${reference.name}`);
    const manifest = parseArtifact(body, `artifact ${referrer.digest} of ${reference.name}`);
    return manifest.subject === digest ? manifest.layers : [];
  }

  private async blob(reference: ImageReference, layer: Descriptor, deadline: Deadline): Promise<Buffer> {
    const session = this.sessionOf(reference.registry);
    const url = session.urlOf(reference.repository, `blobs/${layer.digest}`);
    const answer = await exactly(layer, () => session.get(reference.repository, url, { accept: '*/*', limit: atLeastSmall(layer), counted: true }, deadline));
    if (answer.status === 404) {
      throw new VerifierError('MALFORMED', `bundle ${layer.digest} of ${reference.name} is listed, but not there`);
    }
    const bytes = okBody(answer);
    await checkContent(bytes, layer, `bundle of ${reference.name}`);
    return bytes;
  }

  private async manifest(reference: ImageReference, name: string, deadline: Deadline): Promise<Buffer> {
    const body = await this.tryManifest(reference, name, this.limits.manifest, deadline);
    if (body === undefined) {
      throw new VerifierError('IMAGE_NOT_FOUND', `${reference.registry} has no ${reference.repository}${name.startsWith('sha256:') ? '@' : ':'}${name}`);
    }
    return body;
  }

  private async tryManifest(reference: ImageReference, name: string, limit: number, deadline: Deadline): Promise<Buffer | undefined> {
    const session = this.sessionOf(reference.registry);
    const url = session.urlOf(reference.repository, `manifests/${name}`);
    const answer = await session.get(reference.repository, url, { accept: ACCEPT_MANIFEST, limit }, deadline);
    if (answer.status === 404) {
      return undefined;
    }
    const body = okBody(answer);
    if (name.startsWith('sha256:')) {
      await checkDigest(body, name, reference.name);
    }
    return body;
  }

  private sessionOf(registry: string): RegistrySession {
    let session = this.sessions.get(registry);
    if (session === undefined) {
      session = new RegistrySession(registry, settingsOf(this.config, registry), this.limits,
        (bytes, deadline, work) => this.memory.pass(registry, deadline, work, bytes));
      this.sessions.set(registry, session);
    }
    return session;
  }
}

function okBody({ status, body, url }: LocatedAnswer): Buffer {
  if (status !== 200) {
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${url.host} answered HTTP ${status} where content was expected`);
  }
  return body;
}

/** RFC 8288; only a link to the same list at the same place is followed. */
function nextPage({ headers, url }: LocatedAnswer): URL | undefined {
  const target = /<([^<>]*)>\s*;\s*rel="?next"?/.exec((headers.link ?? '').slice(0, 8_192))?.[1];
  if (target === undefined) {
    return undefined;
  }
  const next = URL.canParse(target, url.href) ? new URL(target, url.href) : undefined;
  if (next === undefined || next.origin !== url.origin || next.pathname !== url.pathname) {
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${url.host} links the next page of referrers to somewhere else`);
  }
  return next;
}

/** Bytes to read of content whose size is known: no more than that, with room for the text of an error. */
function atLeastSmall({ size }: Descriptor): number {
  return Math.max(size, SMALL);
}

/** Whoever says how large content is and then sends more sends something else: MALFORMED, where the transport knows only a limit. */
async function exactly<T>({ digest, size }: Descriptor, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof VerifierError && error.code === 'LIMIT'
      ? new VerifierError('MALFORMED', `the registry sent more than the ${size} bytes that are those of ${digest}`, { cause: error }) : error;
  }
}

/**
 * What is wrong with one piece of evidence; it must not hide the others.
 *
 * @throws the error itself when it is not about the piece: a registry that does not answer leaves the question open
 */
function brokenEvidence(error: unknown): Pick<UnsupportedArtifact, 'code' | 'message'> {
  if (error instanceof VerifierError && (error.code === 'MALFORMED' || error.code === 'LIMIT' || error.code === 'UNSUPPORTED')) {
    return { code: error.code, message: error.message };
  }
  throw error;
}

interface ReadImage {
  readonly artifact?: Buffer;
  readonly unread?: readonly UnsupportedArtifact[];
}

/** Whether a bundle may sign bytes instead of a statement; whoever hides the word in escapes gets no answer. */
function mayBeOfBytes({ bytes }: AttachedBundle): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('"messageSignature"');
}

interface Read<T> {
  readonly found: readonly T[];
  readonly unread: readonly UnsupportedArtifact[];
}

function otherEvidence(layers: readonly Descriptor[]): UnsupportedArtifact[] {
  return layers.flatMap((layer) => {
    const message = OTHER_EVIDENCE.get(layer.mediaType);
    return message === undefined ? [] : [{ digest: layer.digest, code: 'UNSUPPORTED', message }];
  });
}
