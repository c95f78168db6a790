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
  readonly blobs: readonly string[];
}

const FOLDER = 'test/corpus/data';
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
  const { tags, manifests, blobs } = repositories()[`c/${image}`] ?? fail(`the corpus has no image ${image}`);
  for (const digest of blobs) {
    await registry.pushBlob(repository, blob(digest));
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

/** An image that nobody signed. @returns its digest */
export async function pushUnsignedImage(registry: OciRegistry, repository: string, tag: string): Promise<string> {
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: await registry.pushBlob(repository, Buffer.from(`{"unsigned":"${tag}"}`)), size: tag.length + 15 };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [] }));
  await registry.pushManifest(repository, OCI_MANIFEST, bytes, tag);
  return registry.pushManifest(repository, OCI_MANIFEST, bytes);
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

function repositories(): { readonly [name: string]: Repository } {
  return JSON.parse(corpusFile('repos.json')) as { [name: string]: Repository };
}

function blob(digest: string): Buffer {
  return readFileSync(join(FOLDER, 'blobs', digest.slice('sha256:'.length)));
}

function fail(message: string): never {
  throw new Error(message);
}
