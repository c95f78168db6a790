import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OciRegistry } from './registry';

interface Manifest {
  readonly mediaType: string;
  readonly config: { readonly digest: string };
  readonly layers: ReadonlyArray<{ readonly digest: string }>;
  readonly subject?: { readonly mediaType: string; readonly digest: string; readonly size: number };
}

interface Repository {
  readonly tags: { readonly [tag: string]: string };
  readonly manifests: { readonly [digest: string]: { readonly mediaType: string } };
}

const FOLDER = 'test/corpus/data';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Text of a file of the corpus, such as `trust/trusted_root.json`. */
export function corpusFile(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/**
 * Copies an image of the corpus and everything attached to it into a repository of any registry.
 *
 * @returns the image's digest
 */
export async function pushCorpusImage(registry: OciRegistry, repository: string, image: string): Promise<string> {
  const { tags, manifests } = repositories()[`c/${image}`] ?? fail(`the corpus has no image ${image}`);
  for (const digest of Object.keys(manifests)) {
    const { config, layers } = JSON.parse(blob(digest).toString('utf8')) as Manifest;
    for (const part of [config, ...layers]) {
      await registry.pushBlob(repository, blob(part.digest));
    }
  }
  const [[tag, subject] = ['', '']] = Object.entries(tags);
  const order = Object.keys(manifests).sort((a, b) => Number(b === subject) - Number(a === subject));
  for (const digest of order) {
    const mediaType = manifests[digest]?.mediaType ?? OCI_MANIFEST;
    await registry.pushManifest(repository, mediaType, blob(digest));
    if (digest === subject) {
      await registry.pushManifest(repository, mediaType, blob(digest), tag);
    }
  }
  return subject;
}

/** An image that nobody signed, with one more tag if it is given. @returns its digest */
export async function pushImage(registry: OciRegistry, repository: string, tag?: string): Promise<string> {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', repository }));
  const manifest = imageManifest(config, await registry.pushBlob(repository, config));
  if (tag !== undefined) {
    await registry.pushManifest(repository, OCI_MANIFEST, manifest, tag);
  }
  return registry.pushManifest(repository, OCI_MANIFEST, manifest);
}

/** Lists what is attached to an image of the corpus under a tag, as signing tools do where a registry has no referrers API. */
export async function pushFallbackTag(registry: OciRegistry, repository: string, image: string): Promise<void> {
  const { tags, manifests } = repositories()[`c/${image}`] ?? fail(`the corpus has no image ${image}`);
  const [subject = ''] = Object.values(tags);
  const attached = Object.keys(manifests).filter((digest) => (JSON.parse(blob(digest).toString('utf8')) as Manifest).subject?.digest === subject);
  const descriptors = attached.map((digest) => ({ mediaType: OCI_MANIFEST, digest, size: blob(digest).length, artifactType: BUNDLE }));
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: descriptors }));
  await registry.pushManifest(repository, OCI_INDEX, index, subject.replace(':', '-'));
}

/** Attaches a Sigstore bundle to an image of `pushImage`, or to another one, as signing tools do. */
export async function attachBundle(registry: OciRegistry, repository: string, bundle: Uint8Array, subject?: Subject): Promise<void> {
  const empty = Buffer.from('{}');
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: BUNDLE,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: await registry.pushBlob(repository, empty), size: empty.length },
    layers: [{ mediaType: BUNDLE, digest: await registry.pushBlob(repository, bundle), size: bundle.length }],
    subject: { mediaType: OCI_MANIFEST, ...(subject ?? await unsignedImage(registry, repository)) },
  };
  await registry.pushManifest(repository, OCI_MANIFEST, Buffer.from(JSON.stringify(manifest)));
}

/** What a bundle is attached to. */
export interface Subject {
  readonly digest: string;
  readonly size: number;
}

async function unsignedImage(registry: OciRegistry, repository: string): Promise<Subject> {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', repository }));
  const image = imageManifest(config, await registry.pushBlob(repository, config));
  return { digest: await registry.pushManifest(repository, OCI_MANIFEST, image), size: image.length };
}

/** Attaches the genuine signature of another image to this one. */
export async function copySignature(registry: OciRegistry, repository: string, from: string, digest: string): Promise<void> {
  const { manifests } = repositories()[`c/${from}`] ?? fail(`the corpus has no image ${from}`);
  for (const referrer of Object.keys(manifests)) {
    const manifest = JSON.parse(blob(referrer).toString('utf8')) as Manifest;
    if (manifest.subject !== undefined) {
      for (const part of [manifest.config, ...manifest.layers]) {
        await registry.pushBlob(repository, blob(part.digest));
      }
      const moved = Buffer.from(JSON.stringify({ ...manifest, subject: { ...manifest.subject, digest } }));
      await registry.pushManifest(repository, OCI_MANIFEST, moved);
    }
  }
}

function imageManifest(config: Buffer, digest: string): Buffer {
  const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length };
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: descriptor, layers: [] }));
}

function repositories(): { readonly [name: string]: Repository } {
  return JSON.parse(corpusFile('repos.json')) as { [name: string]: Repository };
}

function blob(digest: string): Buffer {
  return readFileSync(join(FOLDER, 'blobs', digest.slice('sha256:'.length)));
}

function fail(message: string): never {
  throw new Error(message);
}
