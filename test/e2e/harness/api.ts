import { Agent, request } from 'node:https';
import type { Credential } from './pki';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly [field: string]: unknown;
}

/** What the API server said. */
export interface ApiAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The stored object, or the Status of a refusal. */
  readonly object: KubernetesObject;
  /** `message` of a refusal: what kubectl would print after "Error from server"; empty on success. */
  readonly message: string;
  /** Text of the warnings, as kubectl prints them on standard error. */
  readonly warnings: readonly string[];
}

export interface WriteOptions {
  /** @default false */
  readonly dryRun?: boolean;
}

export type PatchType = 'merge' | 'strategic-merge' | 'json';

/** The API server's REST API as one user. A refusal is an answer, not an exception. */
export class KubernetesApi {
  private readonly agent: Agent;

  constructor(
    private readonly server: string,
    private readonly trust: string,
    private readonly client: Credential,
    private readonly headers: Readonly<Record<string, string | string[]>> = {},
  ) {
    this.agent = new Agent({ keepAlive: true, ca: trust, cert: client.certificate, key: client.key });
  }

  /** The same API as another user: RBAC and admission see that one. */
  as(user: string, groups: readonly string[] = []): KubernetesApi {
    const headers = { 'impersonate-user': user, 'impersonate-group': [...groups] };
    return new KubernetesApi(this.server, this.trust, this.client, headers);
  }

  create(object: KubernetesObject, options: WriteOptions = {}): Promise<ApiAnswer> {
    return this.send('POST', `${collection(object)}${query(options)}`, object);
  }

  /** Replaces an object, or with `subresource` that part of it, such as `ephemeralcontainers` of a Pod. */
  update(object: KubernetesObject, options: WriteOptions & { readonly subresource?: string } = {}): Promise<ApiAnswer> {
    return this.send('PUT', `${path(object, options.subresource)}${query(options)}`, object);
  }

  /** @param target any object of that kind, namespace and name */
  patch(target: KubernetesObject, type: PatchType, patch: unknown, options: WriteOptions = {}): Promise<ApiAnswer> {
    return this.send('PATCH', `${path(target)}${query(options)}`, patch, `application/${type}-patch+json`);
  }

  get(target: KubernetesObject): Promise<ApiAnswer> {
    return this.send('GET', path(target));
  }

  delete(target: KubernetesObject): Promise<ApiAnswer> {
    return this.send('DELETE', path(target));
  }

  /** Any other call, by path such as `/readyz`. */
  send(method: string, urlPath: string, body?: unknown, contentType = 'application/json'): Promise<ApiAnswer> {
    return new Promise((answered, failed) => {
      const options = { method, agent: this.agent, headers: { ...this.headers, 'content-type': contentType } };
      const call = request(`${this.server}${urlPath}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', failed);
        response.once('end', () => answered(answer(response.statusCode ?? 0, response.headers['warning'], Buffer.concat(chunks).toString())));
      });
      call.once('error', failed);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** URL path of the kind of an object. */
function collection(object: KubernetesObject): string {
  const group = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const namespace = object.metadata.namespace ? `/namespaces/${object.metadata.namespace}` : '';
  return `${group}${namespace}/${plural(object.kind)}`;
}

function path(object: KubernetesObject, subresource?: string): string {
  return [collection(object), object.metadata.name, ...(subresource ? [subresource] : [])].join('/');
}

function plural(kind: string): string {
  return `${kind.toLowerCase()}s`.replace(/ys$/, 'ies').replace(/ss$/, 'sses');
}

function query(options: WriteOptions): string {
  return options.dryRun ? '?dryRun=All' : '';
}

function answer(status: number, warning: string | string[] | undefined, text: string): ApiAnswer {
  const object = (text.startsWith('{') ? JSON.parse(text) : { apiVersion: '', kind: '', metadata: {}, text }) as KubernetesObject;
  const message = status < 400 ? '' : typeof object['message'] === 'string' ? object['message'] : text;
  const joined = Array.isArray(warning) ? warning.join(', ') : warning ?? '';
  const warnings = [...joined.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => quoted.replace(/\\(.)/g, '$1'));
  return { status, object, message, warnings };
}
