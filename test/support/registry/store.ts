import { createHash } from 'node:crypto';

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';

export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface ArtifactOptions {
  /** @default - that of a Sigstore bundle 0.3 */
  readonly artifactType?: string;
  /** @default - the artifact type */
  readonly layerType?: string;
  readonly annotations?: { readonly [key: string]: string };
}

/** A layer that says something about itself. */
export interface OlderLayerContent {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations?: { readonly [name: string]: unknown };
}

interface ReadManifest {
  readonly artifactType?: string;
  readonly annotations?: { readonly [key: string]: string };
  readonly config?: { readonly mediaType?: string };
  readonly subject?: { readonly digest?: string };
}

/** What one repository holds. */
export class RepositoryStore {
  readonly blobs = new Map<string, Buffer>();
  private readonly manifests = new Map<string, StoredManifest>();
  private readonly tags = new Map<string, string>();

  /** @returns the digest */
  pushBlob(bytes: Uint8Array): string {
    const digest = sha256(bytes);
    this.blobs.set(digest, Buffer.from(bytes));
    return digest;
  }

  /** @returns the digest */
  pushManifest(manifest: object | Uint8Array, mediaType: string = OCI_MANIFEST, tag?: string): string {
    const bytes = manifest instanceof Uint8Array ? Buffer.from(manifest) : Buffer.from(JSON.stringify(manifest));
    const digest = sha256(bytes);
    this.manifests.set(digest, { digest, mediaType, bytes });
    if (tag !== undefined) {
      this.tags.set(tag, digest);
    }
    return digest;
  }

  /** @returns the digest */
  pushImage(content: string, tag?: string): string {
    const config = this.descriptor(Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', content })), 'application/vnd.oci.image.config.v1+json');
    return this.pushManifest({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [] }, OCI_MANIFEST, tag);
  }

  /** The manifest of an artifact that holds bytes about a digest; the bytes are pushed. */
  artifact(subject: string, bytes: Uint8Array, { artifactType = BUNDLE_TYPE, layerType = artifactType, annotations }: ArtifactOptions = {}): object {
    return {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType,
      config: this.descriptor(Buffer.from('{}'), EMPTY_TYPE),
      layers: [this.descriptor(bytes, layerType)],
      subject: { mediaType: OCI_MANIFEST, digest: subject, size: this.manifests.get(subject)?.bytes.length ?? 0 },
      ...(annotations === undefined ? {} : { annotations }),
    };
  }

  /** Pushes what cosign 1 and 2 push: a tag beside the image, without a subject. @returns the digest of its manifest */
  pushOlder(image: string, suffix: 'sig' | 'att', layers: readonly OlderLayerContent[]): string {
    const config = this.descriptor(Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json');
    const described = layers.map(({ mediaType, bytes, annotations }) => ({ ...this.descriptor(bytes, mediaType), annotations }));
    return this.pushManifest({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: described }, OCI_MANIFEST, `${image.replace(':', '-')}.${suffix}`);
  }

  /** Pushes a blob. @returns its descriptor */
  descriptor(bytes: Uint8Array, mediaType: string): { mediaType: string; digest: string; size: number } {
    return { mediaType, digest: this.pushBlob(bytes), size: bytes.length };
  }

  tryGet(tagOrDigest: string): StoredManifest | undefined {
    return this.manifests.get(this.tags.get(tagOrDigest) ?? tagOrDigest);
  }

  /** Forgets a manifest that may still be listed. */
  remove(digest: string): void {
    this.manifests.delete(digest);
  }

  subjectOf(digest: string): string | undefined {
    return this.read(digest).subject?.digest;
  }

  /** Descriptors of what names this digest as its subject, in the order of pushing. */
  referrers(subject: string): object[] {
    return [...this.manifests.keys()].filter((digest) => this.subjectOf(digest) === subject).map((digest) => this.listed(digest));
  }

  /** What clients do where a registry has no referrers API (OCI distribution 1.1, "Unavailable Referrers API"). */
  listUnderFallbackTag(subject: string, digest: string): void {
    const tag = subject.replace(':', '-');
    const known = this.tryGet(tag);
    const manifests = known === undefined ? [] : (JSON.parse(known.bytes.toString('utf8')) as { manifests: object[] }).manifests;
    this.pushManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [...manifests, this.listed(digest)] }, OCI_INDEX, tag);
  }

  private listed(digest: string): object {
    const { mediaType, bytes } = this.manifests.get(digest) ?? fail(`no manifest ${digest}`);
    const { artifactType, config, annotations } = this.read(digest);
    const type = artifactType ?? config?.mediaType;
    return { mediaType, digest, size: bytes.length, ...(type === undefined ? {} : { artifactType: type }), ...(annotations === undefined ? {} : { annotations }) };
  }

  /** A manifest need not be JSON: what cannot be read names no subject. */
  private read(digest: string): ReadManifest {
    try {
      return JSON.parse(this.manifests.get(digest)?.bytes.toString('utf8') ?? '{}') as ReadManifest;
    } catch (error) {
      if (error instanceof SyntaxError) {
        return {};
      }
      throw error;
    }
  }
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function fail(message: string): never {
  throw new Error(message);
}
