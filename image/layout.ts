import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Image } from './build';
import { describe, Descriptor, OCI_INDEX, OCI_MANIFEST } from './compose';
import { ImageError } from './error';

const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = Buffer.from('{}');

/** A document about an image, which goes with it as an OCI referrer. */
export interface Attachment {
  readonly type: string;
  readonly content: Buffer;
}

/** Writes an image and what is attached to it as an OCI image layout (image-spec, image-layout.md), in place of what is there. */
export function writeLayout(folder: string, image: Image, repository: string, attachments: readonly Attachment[]): void {
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const blob = (type: string, content: Buffer): Descriptor => {
    const descriptor = describe(type, content);
    write(blobPath(descriptor.digest), content);
    return descriptor;
  };
  const { index, documents } = image.composed;
  [...image.blobs, ...documents].forEach(([digest, content]) => write(blobPath(digest), content));
  const referrers = attachments.map(({ type, content }): Descriptor => {
    const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, artifactType: type, config: blob(EMPTY_TYPE, EMPTY), layers: [blob(type, content)], subject: index };
    return { ...blob(OCI_MANIFEST, Buffer.from(JSON.stringify(manifest))), artifactType: type };
  });
  const named: Descriptor = { ...index, annotations: { 'org.opencontainers.image.ref.name': `${repository}@${index.digest}` } };
  write('index.json', JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [named, ...referrers] }));
  write('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

/** The descriptors that a layout begins with: the image, then what is attached to it. @throws ImageError when there is no layout */
export function readLayout(folder: string): readonly [image: Descriptor, ...attached: Descriptor[]] {
  const file = join(folder, 'index.json');
  const [image, ...attached] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { manifests: Descriptor[] }).manifests : [];
  if (image === undefined) {
    throw new ImageError(`${folder} holds no image; run 'npm run image' first`);
  }
  return [image, ...attached];
}

export function readBlob(folder: string, digest: string): Buffer {
  return readFileSync(join(folder, blobPath(digest)));
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
