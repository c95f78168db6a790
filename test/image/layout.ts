import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sha256 } from '../../image/digest';
import { Entries, Entry } from '../../image/entry';
import { readTar } from '../../image/tar';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: { readonly [name: string]: string };
  readonly platform?: { readonly os: string; readonly architecture: string };
}

export interface Manifest {
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
}

export interface Configuration {
  readonly architecture: string;
  readonly config: { readonly User: string; readonly Entrypoint: readonly string[]; readonly Env: readonly string[] };
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

/** An OCI layout on disk, read as a registry's client would: everything is checked against the descriptor that leads to it. */
export class Layout {
  constructor(private readonly folder: string) {}

  get descriptors(): readonly Descriptor[] {
    return (JSON.parse(readFileSync(join(this.folder, 'index.json'), 'utf8')) as { manifests: Descriptor[] }).manifests;
  }

  blob({ digest, size }: Descriptor): Buffer {
    const content = readFileSync(join(this.folder, 'blobs', digest.replace(':', '/')));
    if (sha256(content) !== digest || content.length !== size) {
      throw new Error(`${digest} is not what its descriptor says`);
    }
    return content;
  }

  json<T>(descriptor: Descriptor): T {
    return JSON.parse(this.blob(descriptor).toString()) as T;
  }

  /** The first descriptor of index.json, which is the image. */
  get image(): Descriptor {
    return this.descriptors[0] ?? missing('an image');
  }

  platform(architecture: string): { manifest: Manifest; configuration: Configuration } {
    const { manifests } = this.json<{ manifests: Descriptor[] }>(this.image);
    const manifest = this.json<Manifest>(manifests.find(({ platform }) => platform?.architecture === architecture) ?? missing(architecture));
    return { manifest, configuration: this.json<Configuration>(manifest.config) };
  }

  /** The files of a platform, from all layers. */
  async files(architecture: string): Promise<Entries> {
    const { manifest, configuration } = this.platform(architecture);
    const files = new Map<string, Entry>();
    for (const [index, layer] of manifest.layers.entries()) {
      const tar = gunzipSync(this.blob(layer));
      if (sha256(tar) !== configuration.rootfs.diff_ids[index]) {
        throw new Error(`layer ${index} of ${architecture} unpacks to something else than the configuration says`);
      }
      (await readTar(tar)).forEach((entry, path) => files.set(path, entry));
    }
    return files;
  }
}

export function contentOf(files: Entries, path: string): Buffer {
  const entry = files.get(path);
  return entry?.type === 'file' ? entry.content : missing(path);
}

function missing(what: string): never {
  throw new Error(`the layout holds no ${what}`);
}
