import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sha256 } from './digest';
import { Entries } from './entry';
import { LayerDescriptor } from './lock';
import { writeTar } from './tar';

export interface Layer extends LayerDescriptor {
  readonly blob: Buffer;
}

/** Higher levels take longer and save less than one percent. */
const LEVEL = 6;

/** A layer as registries keep it. Node's zlib writes the same bytes on every platform, and no time into the header. */
export async function layerOf(entries: Entries): Promise<Layer> {
  const tar = await writeTar(entries);
  const blob = await promisify(gzip)(tar, { level: LEVEL });
  return { blob, digest: sha256(blob), size: blob.length, diffId: sha256(tar) };
}
