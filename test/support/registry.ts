import { createServer, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { AddressInfo, Socket } from 'node:net';
import { RegistryAuth } from './registry/auth';
import { Fault } from './registry/faults';
import { ArtifactOptions, BUNDLE_TYPE, OCI_INDEX, OCI_MANIFEST, RepositoryStore } from './registry/store';

export interface TestRegistryOptions {
  /** PEM; plain HTTP without it. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whether `/referrers/` exists; without it artifacts are listed under the fallback tag, as clients do. @default true */
  readonly referrersApi?: boolean;
  /** Entries of one page of referrers. @default - all on one page */
  readonly pageSize?: number;
  /** What requests have to prove. @default - nothing */
  readonly auth?: RegistryAuth;
}

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

/** A small OCI registry on loopback, in memory, that can be told to misbehave. */
export class TestRegistry {
  static async start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
    const registry = new TestRegistry(options);
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** Everything that was asked, in order. */
  readonly requests: RecordedRequest[] = [];
  /** Connections that are open now. */
  readonly connections = new Set<Socket>();
  private readonly repositories = new Map<string, RepositoryStore>();
  private readonly faults: Array<{ readonly when: (request: RecordedRequest) => boolean; readonly fault: Fault; left: number }> = [];
  private readonly server: Server;

  private constructor(private readonly options: TestRegistryOptions) {
    const listener: RequestListener = (request, response) => void this.receive(request, response);
    this.server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
    this.server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** `127.0.0.1:port`, as it stands in references. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get origin(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://${this.host}`;
  }

  /** What was asked, as `METHOD path`. */
  get asked(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  repository(name: string): RepositoryStore {
    const known = this.repositories.get(name) ?? new RepositoryStore();
    this.repositories.set(name, known);
    return known;
  }

  /** An image that differs from all others by its content. @returns its digest */
  pushImage(name: string, content: string, tag?: string): string {
    return this.repository(name).pushImage(content, tag);
  }

  /** Attaches bytes to a digest as their own artifact, as signing tools do. @returns the digest of the artifact's manifest */
  attach(name: string, subject: string, bytes: Uint8Array, options: ArtifactOptions = {}): string {
    return this.attachManifest(name, subject, this.repository(name).artifact(subject, bytes, options));
  }

  /** Attaches a manifest as it is, whatever it says. @returns its digest */
  attachManifest(name: string, subject: string, manifest: object | Uint8Array, mediaType: string = OCI_MANIFEST): string {
    const repository = this.repository(name);
    const digest = repository.pushManifest(manifest, mediaType);
    if (this.options.referrersApi === false) {
      repository.listUnderFallbackTag(subject, digest);
    }
    return digest;
  }

  /**
   * Misbehaves on requests whose `METHOD path` matches, until the returned function is called; later faults go first.
   *
   * @param times - how often
   */
  fault(when: RegExp, fault: Fault, times = Infinity): () => void {
    const entry = { when: ({ method, path }: RecordedRequest) => when.test(`${method} ${path}`), fault, left: times };
    this.faults.unshift(entry);
    return () => {
      entry.left = 0;
    };
  }

  /** Ends all connections and stops. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const recorded = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: body.toString('latin1') };
    this.requests.push(recorded);
    const entry = this.faults.find(({ when, left }) => left > 0 && when(recorded));
    const answer = (): void => this.answer(recorded, body, response);
    if (entry === undefined) {
      answer();
    } else {
      entry.left -= 1;
      entry.fault(response, answer);
    }
  }

  private answer(request: RecordedRequest, body: Buffer, response: ServerResponse): void {
    const url = new URL(request.path, this.origin);
    const { auth } = this.options;
    if (auth?.answerToken(request, url, response) === true) {
      return;
    }
    const [, name = '', kind = '', last = ''] = /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs|referrers)\/([^/]*)$/.exec(url.pathname) ?? [];
    const challenge = auth?.challenge(request, name, this.origin);
    if (challenge !== undefined) {
      send(response, 401, { 'www-authenticate': challenge }, errorBody('UNAUTHORIZED'));
    } else if (url.pathname === '/v2/') {
      send(response, 200, {}, '{}');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      this.accept(request, body, url, { name, kind, last }, response);
    } else {
      this.serve(url, { name, kind, last }, response);
    }
  }

  private serve(url: URL, { name, kind, last }: Resource, response: ServerResponse): void {
    const repository = this.repositories.get(name);
    const blob = kind === 'blobs' ? repository?.blobs.get(last) : undefined;
    const manifest = kind === 'manifests' ? repository?.tryGet(last) : undefined;
    if (kind === 'referrers' && this.options.referrersApi !== false) {
      this.serveReferrers(url, repository ?? new RepositoryStore(), last, response);
    } else if (manifest !== undefined) {
      send(response, 200, { 'content-type': manifest.mediaType, 'docker-content-digest': manifest.digest }, manifest.bytes);
    } else if (blob !== undefined) {
      send(response, 200, { 'content-type': 'application/octet-stream', 'docker-content-digest': last }, blob);
    } else {
      send(response, 404, { 'content-type': 'application/json' }, errorBody('NOT_FOUND'));
    }
  }

  private serveReferrers(url: URL, repository: RepositoryStore, subject: string, response: ServerResponse): void {
    const all = repository.referrers(subject);
    const from = Number(url.searchParams.get('from') ?? 0);
    const to = from + (this.options.pageSize ?? Infinity);
    const link = to < all.length ? { link: `<${url.pathname}?from=${to}>; rel="next"` } : {};
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: all.slice(from, to) };
    send(response, 200, { 'content-type': OCI_INDEX, ...link }, JSON.stringify(index));
  }

  /** Pushing over HTTP: manifests, and blobs in one piece. */
  private accept(request: RecordedRequest, body: Buffer, url: URL, { name, kind, last }: Resource, response: ServerResponse): void {
    const repository = this.repository(name);
    const digest = url.searchParams.get('digest');
    if (request.method === 'PUT' && kind === 'manifests') {
      const pushed = repository.pushManifest(body, String(request.headers['content-type']), last.startsWith('sha256:') ? undefined : last);
      const subject = this.options.referrersApi === false ? undefined : repository.subjectOf(pushed);
      send(response, 201, { 'docker-content-digest': pushed, ...(subject === undefined ? {} : { 'oci-subject': subject }) });
    } else if (request.method === 'POST' && kind === 'blobs/uploads' && digest === null) {
      send(response, 202, { location: `/v2/${name}/blobs/uploads/one` });
    } else if (kind === 'blobs/uploads' && digest !== null && repository.pushBlob(body) === digest) {
      send(response, 201, { 'docker-content-digest': digest });
    } else {
      send(response, 400, {}, errorBody('UNSUPPORTED'));
    }
  }
}

export { BUNDLE_TYPE, OCI_INDEX, OCI_MANIFEST };
export { basicAuth, BearerAuth } from './registry/auth';
export * as faults from './registry/faults';
export { sha256 } from './registry/store';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly last: string;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, headers: { readonly [name: string]: string }, body: string | Uint8Array = ''): void {
  // What a fault has set before wins: that is how headers lie.
  for (const [name, value] of Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers })) {
    if (!response.hasHeader(name)) {
      response.setHeader(name, value);
    }
  }
  response.writeHead(status).end(body);
}

function errorBody(code: string): string {
  return JSON.stringify({ errors: [{ code, message: 'no' }] });
}
