import { request } from 'node:https';
import { parseAllDocuments } from 'yaml';

/** An object that somebody asks the API server to store. */
export interface Submission {
  readonly object: PodLike;
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly operation?: 'CREATE' | 'UPDATE';
  readonly oldObject?: PodLike;
}

export interface PodLike {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly [field: string]: unknown };
}

export interface Outcome {
  readonly admitted: boolean;
  /** What the user would read. */
  readonly message: string;
  readonly object: PodLike;
}

interface WebhookEntry {
  readonly name: string;
  readonly clientConfig: { readonly service: { readonly path: string } };
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly timeoutSeconds: number;
  readonly rules: ReadonlyArray<{ readonly apiGroups: string[]; readonly resources: string[]; readonly operations: string[] }>;
  readonly namespaceSelector?: { readonly matchExpressions?: ReadonlyArray<{ readonly key: string; readonly operator: string; readonly values: string[] }> };
}

/** Where the verifier listens, standing in for the Service. */
export interface Endpoint {
  readonly port: number;
  readonly ca: string;
}

/**
 * The part of an API server that admission consists of: it asks whom the synthesized webhook configurations name, for what they name, and
 * does on failure what they say. Match conditions (CEL) are taken as met, which only asks more often.
 */
export class DemoCluster {
  private readonly mutating: readonly WebhookEntry[];
  private readonly validating: readonly WebhookEntry[];
  private requests = 0;

  constructor(manifest: string, private readonly endpoint: Endpoint) {
    const objects = parseAllDocuments(manifest).map((document) => document.toJS() as { kind: string; webhooks?: WebhookEntry[] });
    const entries = (kind: string): WebhookEntry[] => objects.filter((object) => object.kind === kind).flatMap(({ webhooks }) => webhooks ?? []);
    this.mutating = entries('MutatingWebhookConfiguration');
    this.validating = entries('ValidatingWebhookConfiguration');
  }

  /** @param pinning - whether the mutating webhooks are asked, too */
  async submit(submission: Submission, pinning = true): Promise<Outcome> {
    let { object } = submission;
    for (const entry of pinning ? this.mutating.filter((candidate) => concerns(candidate, submission)) : []) {
      const answer = await this.ask(entry, { ...submission, object });
      if (!answer.allowed) {
        return { admitted: false, message: denied(entry, answer.message), object };
      }
      object = answer.patch.reduce(apply, object);
    }
    for (const entry of this.validating.filter((candidate) => concerns(candidate, submission))) {
      const answer = await this.ask(entry, { ...submission, object });
      if (!answer.allowed) {
        return { admitted: false, message: answer.failed ? answer.message : denied(entry, answer.message), object };
      }
    }
    return { admitted: true, message: '', object };
  }

  private async ask(entry: WebhookEntry, submission: Submission): Promise<Answer> {
    this.requests += 1;
    try {
      const { response } = JSON.parse(await this.post(entry, reviewOf(submission, String(this.requests)))) as { response: ReviewResponse };
      const patch = response.patch === undefined ? [] : JSON.parse(Buffer.from(response.patch, 'base64').toString()) as PatchOperation[];
      return { allowed: response.allowed, failed: false, message: response.status?.message ?? '', patch };
    } catch (error) {
      // Nobody answered: the failure policy decides, as in a cluster.
      const why = `failed calling webhook "${entry.name}": ${error instanceof Error ? error.message : String(error)}`;
      return { allowed: entry.failurePolicy === 'Ignore', failed: true, message: why, patch: [] };
    }
  }

  private post(entry: WebhookEntry, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({
        host: '127.0.0.1', port: this.endpoint.port, servername: 'localhost', ca: this.endpoint.ca, method: 'POST', path: entry.clientConfig.service.path,
        headers: { 'content-type': 'application/json' }, timeout: entry.timeoutSeconds * 1000, agent: false,
      }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`the server answered ${response.statusCode}`))));
      });
      sent.once('timeout', () => sent.destroy(new Error('context deadline exceeded')));
      sent.once('error', reject);
      sent.end(body);
    });
  }
}

interface Answer {
  readonly allowed: boolean;
  /** Nobody answered. */
  readonly failed: boolean;
  readonly message: string;
  readonly patch: readonly PatchOperation[];
}

interface ReviewResponse {
  readonly allowed: boolean;
  readonly status?: { readonly message?: string };
  readonly patch?: string;
}

interface PatchOperation {
  readonly path: string;
  readonly value: string;
}

function denied(entry: WebhookEntry, message: string): string {
  return `admission webhook "${entry.name}" denied the request: ${message}`;
}

function concerns({ rules, namespaceSelector }: WebhookEntry, { resource, subResource, operation = 'CREATE', object }: Submission): boolean {
  const name = subResource === undefined ? resource.resource : `${resource.resource}/${subResource}`;
  const byRule = rules.some((rule) => rule.apiGroups.includes(resource.group) && rule.resources.includes(name) && rule.operations.includes(operation));
  return byRule && (namespaceSelector?.matchExpressions ?? []).every(({ key, operator, values }) => {
    if (key !== 'kubernetes.io/metadata.name') {
      throw new Error(`the demo knows no label ${key} of namespaces`);
    }
    return (operator === 'In') === values.includes(object.metadata.namespace);
  });
}

function reviewOf({ object, oldObject, resource, subResource = '', operation = 'CREATE' }: Submission, uid: string): string {
  const kind = { group: resource.group, version: resource.version, kind: object.kind };
  const { name, namespace } = object.metadata;
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid, kind, resource, subResource, name, namespace, operation, object, oldObject: oldObject ?? null, dryRun: false },
  });
}

/** RFC 6902 `replace` of something that is there; the verifier sends nothing else. */
function apply(object: PodLike, { path, value }: PatchOperation): PodLike {
  const copy = structuredClone(object);
  const steps = path.split('/').slice(1);
  const last = steps.pop() ?? '';
  const parent = steps.reduce<{ [key: string]: unknown }>((place, step) => place[step] as { [key: string]: unknown }, copy as unknown as { [key: string]: unknown });
  parent[last] = value;
  return copy;
}
