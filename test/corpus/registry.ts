import { readFileSync } from 'node:fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';

interface Repository {
  readonly referrersApi: boolean;
  readonly tags: { readonly [tag: string]: string };
  readonly manifests: { readonly [digest: string]: { readonly mediaType: string; readonly size: number } };
  readonly blobs: readonly string[];
}

/** A read-only registry on loopback over the images of the corpus. */
export class CorpusRegistry {
  private readonly repositories: { readonly [name: string]: Repository };
  private readonly server: Server;

  /** @param configurations - of images by their digest, which the corpus leaves out */
  constructor(private readonly folder: string, private readonly configurations: ReadonlyMap<string, Buffer> = new Map()) {
    this.repositories = JSON.parse(readFileSync(join(folder, 'repos.json'), 'utf8')) as { [name: string]: Repository };
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const [, name = '', kind = '', last = ''] = /^\/v2\/(.+)\/(manifests|blobs|referrers)\/([^/?]+)/.exec(request.url ?? '') ?? [];
    const repository = this.repositories[name];
    const content = request.url === '/v2/' ? { type: 'application/json', body: '{}' } : repository && this.find(repository, kind, last);
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': content?.type ?? 'application/json' });
    response.end(content?.body ?? '{"errors":[]}');
  }

  private find(repository: Repository, kind: string, last: string): { type: string; body: Buffer | string } | undefined {
    if (kind === 'blobs') {
      const configuration = this.configurations.get(last);
      return configuration !== undefined ? { type: 'application/octet-stream', body: configuration } : repository.blobs.includes(last) ? { type: 'application/octet-stream', body: this.blob(last) } : undefined;
    }
    if (kind === 'referrers') {
      const type = 'application/vnd.oci.image.index.v1+json';
      return repository.referrersApi ? { type, body: JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: this.referrers(repository, last) }) } : undefined;
    }
    const digest = repository.tags[last] ?? last;
    const manifest = repository.manifests[digest];
    return manifest && { type: manifest.mediaType, body: this.blob(digest) };
  }

  private referrers(repository: Repository, subject: string): object[] {
    return Object.entries(repository.manifests).flatMap(([digest, { mediaType, size }]) => {
      const manifest = JSON.parse(this.blob(digest).toString('utf8')) as { subject?: { digest: string }; artifactType?: string };
      return manifest.subject?.digest === subject ? [{ mediaType, size, digest, artifactType: manifest.artifactType }] : [];
    });
  }

  private blob(digest: string): Buffer {
    return readFileSync(join(this.folder, 'blobs', digest.slice('sha256:'.length)));
  }
}
