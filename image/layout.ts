import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Image } from './build';
import { Descriptor, OCI_INDEX } from './compose';

/** Writes an image as an OCI image layout (image-spec, image-layout.md), in place of what is there. */
export function writeLayout(folder: string, image: Image, repository: string): void {
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [digest, content] of [...image.blobs, ...image.composed.documents]) {
    write(`blobs/${digest.replace(':', '/')}`, content);
  }
  const named: Descriptor = { ...image.composed.index, annotations: { 'org.opencontainers.image.ref.name': `${repository}@${image.composed.index.digest}` } };
  write('index.json', JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [named] }));
  write('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
