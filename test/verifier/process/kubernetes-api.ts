import { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Server } from 'node:https';
import { AddressInfo } from 'node:net';
import { servingCertificate } from '../../support/serving-certificate';

interface Stored {
  metadata: { name: string; resourceVersion?: string; labels?: { [key: string]: string } };
  [field: string]: unknown;
}

let made: ReturnType<typeof servingCertificate> | undefined;

/** The few calls of the Kubernetes API that the verifier makes, in memory, and able to fail. */
export class KubernetesApi {
  static async start(): Promise<KubernetesApi> {
    made ??= servingCertificate();
    const api = new KubernetesApi(await made);
    await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  /** By path; changed by tests and by what is written. */
  readonly objects = new Map<string, Stored>();
  /** What was written, as `METHOD path`, in order. */
  readonly writes: string[] = [];
  /** Answers in place of the API: an HTTP status for `METHOD path`, or `METHOD path?watch`. */
  fault: (call: string) => number | undefined = () => undefined;
  /** What a call waits for before it is answered: the object is read or written first. */
  hold: (call: string) => Promise<void> = () => Promise.resolve();
  /** Told of every answer to a call that concerns one object. */
  answered: (call: string, status: number) => void = () => undefined;
  /** Every call, as `METHOD path` or `METHOD path?watch`, in order. */
  readonly calls: string[] = [];
  /** Namespaces of one answer, whatever limit is asked for. */
  pageSize = Infinity;
  /** Watches are answered, and are over. */
  watchesEndAtOnce = false;
  private readonly watchers = new Set<ServerResponse>();
  private readonly server: Server;
  private version = 1;

  private constructor(private readonly identity: { readonly certificate: string; readonly key: string }) {
    this.server = createServer({ cert: identity.certificate, key: identity.key }, (request, response) => void this.answer(request, response));
  }

  /** A kubeconfig that leads here. */
  get kubeconfig(): string {
    const cluster = {
      'server': `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      'certificate-authority-data': Buffer.from(this.identity.certificate).toString('base64'),
    };
    return JSON.stringify({
      'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'c', 'contexts': [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'clusters': [{ name: 'c', cluster }], 'users': [{ name: 'u', user: {} }],
    });
  }

  put(path: string, object: object): void {
    this.version += 1;
    const name = path.split('/').at(-1) ?? '';
    this.objects.set(path, { ...object, metadata: { ...(object as Partial<Stored>).metadata, name, resourceVersion: String(this.version) } });
  }

  /** Puts a namespace, and tells whoever watches. */
  putNamespace(name: string, labels: { [key: string]: string }): void {
    const path = `/api/v1/namespaces/${name}`;
    const type = this.objects.has(path) ? 'MODIFIED' : 'ADDED';
    this.put(path, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    this.watchers.forEach((watcher) => watcher.write(`${JSON.stringify({ type, object: this.objects.get(path) })}\n`));
  }

  removeNamespace(name: string): void {
    const path = `/api/v1/namespaces/${name}`;
    const object = this.objects.get(path);
    this.objects.delete(path);
    this.watchers.forEach((watcher) => watcher.write(`${JSON.stringify({ type: 'DELETED', object })}\n`));
  }

  /** Changes a namespace so that no watch hears of it. */
  putNamespaceUnheard(name: string, labels: { [key: string]: string }): void {
    this.put(`/api/v1/namespaces/${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }

  /** Tells watches that their version is too old, and ends them, as the API server does. */
  expireWatches(): void {
    this.watchers.forEach((watcher) => watcher.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 } })}\n`));
  }

  /** Ends watches in order, as the API server does when their time is over. */
  endWatches(): void {
    this.watchers.forEach((watcher) => watcher.end());
  }

  /** Breaks the connections of watches in the middle. */
  cutWatches(): void {
    this.watchers.forEach((watcher) => watcher.destroy());
  }

  get watching(): number {
    return this.watchers.size;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const url = new URL(request.url ?? '', 'http://api');
    const { pathname: path } = url;
    const method = request.method ?? '';
    const watch = url.searchParams.has('watch');
    const call = `${method} ${path}${watch ? '?watch' : ''}`;
    this.calls.push(call);
    const code = this.fault(call);
    if (code !== undefined) {
      send(response, code, { kind: 'Status', status: 'Failure', message: 'SECRET-IN-BODY', code });
    } else if (path === '/api/v1/namespaces') {
      this.namespaces(url.searchParams, response);
    } else {
      const { status, body } = this.object(method, path, chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8')));
      this.answered(call, status);
      await this.hold(call);
      send(response, status, body);
    }
  }

  private namespaces(query: URLSearchParams, response: ServerResponse): void {
    if (query.has('watch')) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      if (this.watchesEndAtOnce) {
        response.end();
        return;
      }
      this.watchers.add(response);
      const timer = setTimeout(() => response.end(), Number(query.get('timeoutSeconds')) * 1000);
      response.once('close', () => {
        clearTimeout(timer);
        this.watchers.delete(response);
      });
      return;
    }
    const all = [...this.objects].filter(([path]) => /^\/api\/v1\/namespaces\/[^/]+$/.test(path)).map(([, object]) => object);
    const first = Number(query.get('continue') ?? 0);
    const end = first + Math.min(this.pageSize, Number(query.get('limit') ?? Infinity));
    send(response, 200, {
      apiVersion: 'v1', kind: 'NamespaceList', items: all.slice(first, end), metadata: { resourceVersion: String(this.version), ...end < all.length ? { continue: String(end) } : {} },
    });
  }

  private object(method: string, path: string, body: unknown): { readonly status: number; readonly body: unknown } {
    const stored = this.objects.get(path);
    if (stored === undefined) {
      return { status: 404, body: { kind: 'Status', status: 'Failure', code: 404 } };
    }
    if (method === 'PUT' && (body as Stored).metadata.resourceVersion !== stored.metadata.resourceVersion) {
      return { status: 409, body: { kind: 'Status', status: 'Failure', code: 409 } };
    }
    if (method === 'PUT') {
      this.put(path, body as object);
    } else if (method === 'PATCH') {
      const result = patched(stored, body as readonly Operation[]);
      if (result === undefined) {
        return { status: 422, body: { kind: 'Status', status: 'Failure', code: 422 } };
      }
      this.put(path, result);
    }
    if (method !== 'GET') {
      this.writes.push(`${method} ${path}`);
    }
    return { status: 200, body: this.objects.get(path) };
  }
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value: unknown;
}

/** RFC 6902, as far as `test` and `add` go; `undefined` where a test does not hold. */
function patched(object: object, operations: readonly Operation[]): object | undefined {
  const copy = structuredClone(object) as { [key: string]: unknown };
  for (const { op, path, value } of operations) {
    const steps = path.split('/').slice(1);
    const last = steps.pop() ?? '';
    const parent = steps.reduce((at, step) => at[step] as { [key: string]: unknown }, copy);
    if (op === 'add') {
      parent[last] = value;
    } else if (parent[last] !== value) {
      return undefined;
    }
  }
  return copy;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
