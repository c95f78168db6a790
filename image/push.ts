import { attachArtifactToImage, Credentials, getRegistryCredentials } from '@sigstore/oci';
import { RegistryClient } from '@sigstore/oci/dist/registry';
import { Descriptor, OCI_INDEX } from './compose';
import { ImageError } from './error';
import { readBlob } from './layout';

/** Where an image goes: `host[:port]/path`. */
export interface Target {
  readonly registry: string;
  readonly repository: string;
}

/** @throws ImageError for what is no repository, such as a name with a tag: the image is known by its digest */
export function parseTarget(text: string): Target {
  const [, registry, repository] = /^([a-z0-9.-]+(?::\d+)?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)$/.exec(text) ?? [];
  if (registry === undefined || repository === undefined) {
    throw new ImageError(`${text} is no repository to push to; expected HOST/PATH or HOST:PORT/PATH, without tag and digest`);
  }
  return { registry, repository };
}

/** A repository of a registry, spoken to with what docker's configuration says of it, or anonymously; loopback without TLS. */
export class Repository {
  static async open(target: Target): Promise<Repository> {
    const credentials = credentialsFor(target);
    const client = new RegistryClient(target.registry, target.repository);
    if (credentials !== undefined) {
      await reaching(target, () => client.signIn(credentials));
    }
    return new Repository(target, client, credentials);
  }

  private constructor(private readonly target: Target, private readonly client: RegistryClient, private readonly credentials: Credentials | undefined) {}

  /** Pushes an image of a layout, from the layers up, so that nothing names what is not there yet. @throws ImageError */
  async push(folder: string, image: Descriptor): Promise<void> {
    const { manifests } = read<{ manifests: Descriptor[] }>(folder, image.digest);
    for (const manifest of manifests) {
      const { config, layers } = read<{ config: Descriptor; layers: Descriptor[] }>(folder, manifest.digest);
      for (const { digest } of [config, ...layers]) {
        const blob = readBlob(folder, digest);
        await reaching(this.target, () => this.client.uploadBlob(blob));
      }
      await this.upload(folder, manifest.digest, manifest.mediaType);
    }
    await this.upload(folder, image.digest, OCI_INDEX);
  }

  private async upload(folder: string, digest: string, mediaType: string): Promise<void> {
    const text = readBlob(folder, digest).toString();
    await reaching(this.target, () => this.client.uploadManifest(text, { mediaType }));
  }

  /** Attaches a document to an image as an OCI referrer; under the fallback tag where the registry lists none. The same document is the same referrer. @throws ImageError */
  async attach(image: Descriptor, type: string, content: Buffer, annotations: { readonly [name: string]: string } = {}): Promise<void> {
    await reaching(this.target, () => attachArtifactToImage({
      imageName: `${this.target.registry}/${this.target.repository}`,
      imageDigest: image.digest,
      artifact: content,
      mediaType: type,
      annotations: { ...annotations, 'org.opencontainers.image.created': '1970-01-01T00:00:00Z' },
      credentials: this.credentials as Credentials,
    }));
  }
}

/** Does what asks a registry; that it did not answer, or refused, is said in one line. @throws ImageError */
async function reaching<T>({ registry, repository }: Target, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const status = found(error, 'statusCode');
    const code = found(error, 'code');
    if (status === undefined && code === undefined) {
      throw error;
    }
    throw new ImageError(status === undefined
      ? `${registry} cannot be reached (${code}): check its name, port and certificate, and whether this machine reaches it, and push again`
      : `${registry} refused what was asked of ${repository} (HTTP ${status}): check the name, and what docker's configuration says of the registry, and push again`, { cause: error });
  }
}

/** What an error, or one that it came from, has under a name. */
function found(error: unknown, name: 'code' | 'statusCode'): string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : found(error.cause, name);
}

function read<T>(folder: string, digest: string): T {
  return JSON.parse(readBlob(folder, digest).toString()) as T;
}

/** `undefined` when docker's configuration says nothing of the registry. @throws ImageError when it cannot be read */
function credentialsFor({ registry, repository }: Target): Credentials | undefined {
  try {
    return getRegistryCredentials(`${registry}/${repository}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/^No credential/.test(message)) {
      return undefined;
    }
    throw new ImageError(`docker's configuration cannot be used for ${registry}: ${message}`, { cause: error });
  }
}
