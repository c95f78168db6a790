import { ImageReference } from '../../kubernetes/reference';
import { AttachedBundle, AttachedBundles, Deadline, Registry, UnsupportedArtifact, VerifierError } from '../ports';
import { RegistryConfig } from './config';
import { inParallel } from '../in-parallel';
import { REGISTRY_LIMITS, RegistryLimits } from './limits';
import { checkContent, checkDigest, checkUnambiguous, Descriptor, digestOf, MANIFEST_TYPES, parseArtifact, parseIndex } from './manifest';
import { isRedirect, RegistrySession } from './session';
import { WireAnswer } from './transport';

/** Bundles, by the exact media types that are read as such. */
export const BUNDLE_TYPES = new Set([
  'application/vnd.dev.sigstore.bundle.v0.3+json',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
]);

/** Layers that carry signatures or statements in ways that are not judged here. */
const OTHER_EVIDENCE = new Map([
  ['application/vnd.dev.cosign.simplesigning.v1+json', 'a signature in cosign\'s older layout; sign with cosign v3, or with --new-bundle-format'],
  ['application/vnd.dsse.envelope.v1+json', 'an attestation in cosign\'s older layout; attest with cosign v3, or with --new-bundle-format'],
  ['application/vnd.in-toto+json', 'a statement that nobody signed'],
]);

const ACCEPT_MANIFEST = MANIFEST_TYPES.join(', ');
const ACCEPT_INDEX = 'application/vnd.oci.image.index.v1+json';

/** A read-only OCI distribution client for evidence: content is its hash, discovery is not trust. */
export class OciRegistry implements Registry {
  private readonly sessions = new Map<string, RegistrySession>();

  constructor(private readonly config: RegistryConfig, private readonly limits: RegistryLimits = REGISTRY_LIMITS) {}

  async resolve(reference: ImageReference, deadline: Deadline): Promise<string> {
    if (reference.digest !== undefined) {
      return reference.digest;
    }
    const body = await this.manifest(reference, reference.tag ?? 'latest', deadline);
    checkUnambiguous(body, reference.name);
    return digestOf(body);
  }

  async bundles(reference: ImageReference, digest: string, deadline: Deadline): Promise<AttachedBundles> {
    const listed = await this.referrers(reference, digest, deadline);
    if (listed.length > this.limits.referrers) {
      throw new VerifierError('LIMIT', `${reference.name} has ${listed.length} artifacts attached to ${digest}; at most ${this.limits.referrers} are read`);
    }
    const bundles = new Map<string, AttachedBundle>();
    const unsupported: UnsupportedArtifact[] = [];
    let bytes = 0;
    await inParallel(listed, this.limits.parallel, async (referrer) => {
      const found = await this.artifact(reference, digest, referrer, deadline);
      for (const bundle of found.bundles) {
        bundles.set(bundle.digest, bundle);
        bytes += bundle.bytes.length;
      }
      if (bytes > this.limits.bundles) {
        throw new VerifierError('LIMIT', `the bundles of ${reference.name}@${digest} have more than ${this.limits.bundles} bytes together`);
      }
      unsupported.push(...found.unsupported);
    });
    if (bundles.size === 0) {
      unsupported.push(...await this.legacy(reference, digest, deadline));
    }
    return { bundles: [...bundles.values()], unsupported };
  }

  close(): void {
    this.sessions.forEach((session) => session.close());
    this.sessions.clear();
  }

  /** All descriptors the registry attaches to a digest, each digest once. */
  private async referrers(reference: ImageReference, digest: string, deadline: Deadline): Promise<Descriptor[]> {
    const session = this.sessionOf(reference.registry);
    const first = session.urlOf(reference.repository, `referrers/${digest}`);
    const all: Descriptor[] = [];
    let url: URL | undefined = first;
    for (let page = 0; url !== undefined; page += 1) {
      if (page >= this.limits.pages) {
        throw new VerifierError('LIMIT', `${reference.name} has more than ${this.limits.pages} pages of referrers`);
      }
      const answer = await session.get(reference.repository, url, ACCEPT_INDEX, this.limits.manifest, deadline);
      if (page === 0 && answer.status === 404) {
        return this.fallbackTag(reference, digest, deadline);
      }
      all.push(...parseIndex(okBody(answer, url), `referrers of ${reference.name}@${digest}`));
      if (all.length > this.limits.referrers) {
        break;
      }
      url = nextPage(answer, first, url);
    }
    // A registry that learned the API later may still list older artifacts under the tag (OCI distribution 1.1, "Unavailable Referrers API").
    return all.length > 0 ? distinct(all) : this.fallbackTag(reference, digest, deadline);
  }

  private async fallbackTag(reference: ImageReference, digest: string, deadline: Deadline): Promise<Descriptor[]> {
    const body = await this.tryManifest(reference, digest.replace(':', '-'), deadline);
    return body === undefined ? [] : distinct(parseIndex(body, `tag ${digest.replace(':', '-')} of ${reference.name}`));
  }

  private async artifact(reference: ImageReference, digest: string, referrer: Descriptor, deadline: Deadline): Promise<AttachedBundles> {
    const nothing = { bundles: [], unsupported: [] };
    if (!MANIFEST_TYPES.includes(referrer.mediaType) || referrer.size > this.limits.manifest) {
      return nothing;
    }
    try {
      const body = await this.tryManifest(reference, referrer.digest, deadline);
      if (body !== undefined) {
        checkContent(body, referrer, `artifact of ${reference.name}`);
      }
      const manifest = body === undefined ? undefined : parseArtifact(body, `artifact ${referrer.digest} of ${reference.name}`);
      if (manifest === undefined || manifest.subject !== digest) {
        return nothing;
      }
      const layers = manifest.layers.filter((layer) => BUNDLE_TYPES.has(layer.mediaType));
      const bundles = await Promise.all(layers.slice(0, 1).map((layer) => this.bundle(reference, layer, deadline)));
      return { bundles, unsupported: otherEvidence(manifest.layers) };
    } catch (error) {
      return { bundles: [], unsupported: [{ digest: referrer.digest, ...brokenEvidence(error) }] };
    }
  }

  private async bundle(reference: ImageReference, layer: Descriptor, deadline: Deadline): Promise<AttachedBundle> {
    if (layer.size > this.limits.bundle) {
      throw new VerifierError('LIMIT', `bundle ${layer.digest} of ${reference.name} has ${layer.size} bytes; at most ${this.limits.bundle} are read`);
    }
    const session = this.sessionOf(reference.registry);
    const url = session.urlOf(reference.repository, `blobs/${layer.digest}`);
    let answer = await session.get(reference.repository, url, '*/*', this.limits.bundle, deadline);
    if (isRedirect(answer.status)) {
      answer = await session.follow(answer.headers.location, url, this.limits.bundle, deadline);
    }
    if (answer.status === 404) {
      throw new VerifierError('MALFORMED', `bundle ${layer.digest} of ${reference.name} is listed, but not there`);
    }
    const bytes = okBody(answer, url);
    checkContent(bytes, layer, `bundle of ${reference.name}`);
    return { digest: layer.digest, mediaType: layer.mediaType, bytes };
  }

  /** Signatures in cosign's tag layout, looked for only when there is nothing else, so that the refusal can say so. */
  private async legacy(reference: ImageReference, digest: string, deadline: Deadline): Promise<UnsupportedArtifact[]> {
    const found = await Promise.all(['sig', 'att'].map(async (suffix) => {
      const tag = `${digest.replace(':', '-')}.${suffix}`;
      try {
        const body = await this.tryManifest(reference, tag, deadline);
        return body === undefined ? [] : otherEvidence(parseArtifact(body, `tag ${tag} of ${reference.name}`).layers);
      } catch (error) {
        return [{ digest: tag, ...brokenEvidence(error) }];
      }
    }));
    return found.flat();
  }

  private async manifest(reference: ImageReference, name: string, deadline: Deadline): Promise<Buffer> {
    const body = await this.tryManifest(reference, name, deadline);
    if (body === undefined) {
      throw new VerifierError('IMAGE_NOT_FOUND', `${reference.registry} has no ${reference.repository}:${name}`);
    }
    return body;
  }

  private async tryManifest(reference: ImageReference, name: string, deadline: Deadline): Promise<Buffer | undefined> {
    const session = this.sessionOf(reference.registry);
    const url = session.urlOf(reference.repository, `manifests/${name}`);
    const answer = await session.get(reference.repository, url, ACCEPT_MANIFEST, this.limits.manifest, deadline);
    if (answer.status === 404) {
      return undefined;
    }
    const body = okBody(answer, url);
    if (name.startsWith('sha256:')) {
      checkDigest(body, name, reference.name);
    }
    return body;
  }

  private sessionOf(registry: string): RegistrySession {
    let session = this.sessions.get(registry);
    if (session === undefined) {
      session = new RegistrySession(registry, this.config.get(registry) ?? { plainHttp: false }, this.limits);
      this.sessions.set(registry, session);
    }
    return session;
  }
}

function okBody(answer: WireAnswer, url: URL): Buffer {
  if (answer.status !== 200) {
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${url.host} answered HTTP ${answer.status} where content was expected`);
  }
  return answer.body;
}

/** RFC 8288; only a link to the same list of the same registry is followed. */
function nextPage(answer: WireAnswer, first: URL, current: URL): URL | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec((answer.headers.link ?? '').slice(0, 8_192))?.[1];
  if (target === undefined) {
    return undefined;
  }
  const next = URL.canParse(target, current.href) ? new URL(target, current.href) : undefined;
  if (next === undefined || next.origin !== first.origin || next.pathname !== first.pathname) {
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${first.host} links the next page of referrers to somewhere else`);
  }
  return next;
}

function distinct(descriptors: readonly Descriptor[]): Descriptor[] {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}

/**
 * What is wrong with one piece of evidence; it must not hide the others.
 *
 * @throws the error itself when it is not about the piece: a registry that does not answer leaves the question open
 */
function brokenEvidence(error: unknown): Pick<UnsupportedArtifact, 'code' | 'message'> {
  if (error instanceof VerifierError && (error.code === 'MALFORMED' || error.code === 'LIMIT')) {
    return { code: error.code, message: error.message };
  }
  throw error;
}

function otherEvidence(layers: readonly Descriptor[]): UnsupportedArtifact[] {
  return layers.flatMap((layer) => {
    const message = OTHER_EVIDENCE.get(layer.mediaType);
    return message === undefined ? [] : [{ digest: layer.digest, message }];
  });
}
