import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubernetesApi, type ApiAnswer, type KubernetesObject } from './api';
import { Kubectl } from './kubectl';
import { CertificateAuthority, type Credential } from './pki';
import type { Program, Programs } from './process';
import { CONTROL_PLANE_ADDRESS, type Sandbox } from './sandbox';
import { until } from './until';

const SERVER = `https://${CONTROL_PLANE_ADDRESS}:6443`;
const ETCD = `http://${CONTROL_PLANE_ADDRESS}:2379`;
const ETCD_PEERS = `http://${CONTROL_PLANE_ADDRESS}:2380`;
const START_LIMIT_MS = 90_000;
/** Addresses of Services. */
export const SERVICE_NETWORK = '10.96.0.0/16';
/** Of the Service `kubernetes`, by which Pods reach the API server: the first of that network. */
const SERVER_SERVICE = '10.96.0.1';

/** Where one instance behind a Service listens. */
export interface Endpoint {
  /** An address of the sandbox, such as `10.99.0.11`. */
  readonly address: string;
  readonly port: number;
}

/** How an API server reaches the Pods behind a webhook's Service: it looks up their endpoints, or it asks the Service's address and kube-proxy forwards. */
export type WebhookRouting = 'endpoints' | 'service-address';

/**
 * etcd and an API server: everything that decides about a request, and nothing that acts on it afterwards.
 *
 * There are no controllers, unless a `Node` joins. What they would have made is made here: ServiceAccounts named `default`, EndpointSlices.
 */
export class Cluster {
  /** Returns when the API server is ready and the namespace `default` takes Pods. */
  static async start(sandbox: Sandbox, programs: Programs, routing: WebhookRouting = 'endpoints'): Promise<Cluster> {
    const authority = await CertificateAuthority.create('proofgate-e2e');
    const files = await writeServerFiles(join(sandbox.folder, 'control-plane'), authority);
    const admin = await authority.issue({ commonName: 'admin', organizations: ['system:masters'] });
    const api = new KubernetesApi(SERVER, authority.certificate, admin);
    const cluster = new Cluster(sandbox, programs, authority, files, api, admin);
    cluster.startEtcd();
    await cluster.startServer(routing);
    await until('the namespace default exists', () => cluster.createDefaultServiceAccount('default'));
    return cluster;
  }

  /** As admin. */
  readonly kubectl: Kubectl;
  private etcd: Program | undefined;
  private server: Program | undefined;

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly programs: Programs,
    private readonly authority: CertificateAuthority,
    private readonly files: ServerFiles,
    /** As admin; `api.as('alice')` is somebody else. */
    readonly api: KubernetesApi,
    admin: Credential,
  ) {
    const user = { 'client-certificate-data': base64(admin.certificate), 'client-key-data': base64(admin.key) };
    this.kubectl = new Kubectl(sandbox, this.writeKubeconfig('admin', user));
  }

  /** Starts etcd with what it held when it was last stopped. */
  startEtcd(): void {
    this.etcd = this.programs.start({ name: 'etcd', command: this.sandbox.binaries.cluster, args: ['etcd', ...etcdFlags(join(this.sandbox.folder, 'etcd'))] });
  }

  /** Starts the API server and returns when it is ready. */
  async startServer(routing: WebhookRouting): Promise<void> {
    this.server = this.programs.start({ name: 'kube-apiserver', command: this.sandbox.binaries.cluster, args: ['kube-apiserver', ...serverFlags(this.files, routing)] });
    await until('etcd answers', () => fetch(`${ETCD}/version`), { timeoutMs: START_LIMIT_MS, unless: () => this.etcd?.obituary });
    const ready = async (): Promise<unknown> => accepted(await this.api.send('GET', '/readyz'));
    await until('the API server is ready', ready, { timeoutMs: START_LIMIT_MS, unless: () => this.etcd?.obituary ?? this.server?.obituary });
  }

  /** Ends the API server at once, without waiting for its clients. */
  async killServer(): Promise<void> {
    await this.server?.stop('SIGKILL');
  }

  /** Ends etcd at once; what was written stays. */
  async killEtcd(): Promise<void> {
    await this.etcd?.stop('SIGKILL');
  }

  async createNamespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    accepted(await this.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }));
    await this.createDefaultServiceAccount(name);
  }

  /** What a Pod in a namespace that came from a manifest needs before it is admitted; a controller may have been faster. */
  async createDefaultServiceAccount(namespace: string): Promise<void> {
    const answer = await this.api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
    if (answer.status !== 409) {
      accepted(answer);
    }
  }

  /** Puts instances behind a Service that exists, as the endpoint controller would for its ready Pods; replaces earlier ones. */
  async setEndpoints(namespace: string, service: string, endpoints: readonly Endpoint[]): Promise<void> {
    const found = accepted(await this.api.get({ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name: service } }));
    const [servicePort] = (found['spec'] as { ports: readonly { name?: string }[] }).ports;
    const slices = endpoints.map(({ address, port }, index) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace, name: `${service}-${index}`, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      ports: [{ name: servicePort?.name ?? '', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
    }));
    const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
    accepted(await this.api.send('DELETE', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`));
    for (const slice of slices) {
      accepted(await this.api.create(slice));
    }
  }

  /** A token of a ServiceAccount, as a Pod that runs as it gets one. */
  async serviceAccountToken(namespace: string, name: string): Promise<string> {
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } };
    const answer = accepted(await this.api.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, request));
    return (answer['status'] as { token: string }).token;
  }

  /** Path of a kubeconfig with a token of a ServiceAccount, so that a process has exactly the rights of a Pod that runs as it. */
  async serviceAccountKubeconfig(namespace: string, name: string): Promise<string> {
    return this.writeKubeconfig(`${namespace}-${name}`, { token: await this.serviceAccountToken(namespace, name) });
  }

  /** A serving or client certificate by the authority that the API server's own certificate is from. */
  issue(...request: Parameters<CertificateAuthority['issue']>): Promise<Credential> {
    return this.authority.issue(...request);
  }

  /** Path of a kubeconfig with a client certificate, as the parts of a cluster have them. */
  async clientKubeconfig(commonName: string, organizations: readonly string[] = []): Promise<string> {
    const { certificate, key } = await this.authority.issue({ commonName, organizations });
    return this.writeKubeconfig(commonName.replaceAll(':', '-'), { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) });
  }

  /** The key that signs tokens of ServiceAccounts, and the authority's certificate, as files. */
  get controllerFiles(): Pick<ServerFiles, 'authority' | 'serviceAccountKey'> {
    return this.files;
  }

  /** What the API server has written down of deletions of webhook configurations, the oldest first. */
  auditLog(): AuditEvent[] {
    return readFileSync(this.files.auditLog, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as AuditEvent);
  }

  /** PEM of that authority. */
  get authorityCertificate(): string {
    return this.authority.certificate;
  }

  private writeKubeconfig(name: string, user: object): string {
    const cluster = { server: SERVER, 'certificate-authority-data': base64(this.authority.certificate) };
    return writeFile(this.sandbox.folder, `${name}.kubeconfig`, JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'e2e', cluster }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: 'e2e', user: name } }],
      'current-context': name,
    }));
  }
}

/** The object of an answer that has to be a success. @throws Error with what the server said otherwise */
export function accepted(answer: ApiAnswer): KubernetesObject {
  if (answer.status >= 300) {
    throw new Error(`the API server answered ${answer.status}: ${answer.message}`);
  }
  return answer.object;
}

/** A line of the audit log (audit.k8s.io/v1). */
export interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly name?: string };
  readonly responseStatus?: { readonly code: number };
}

/** As much as a page asks to be kept. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', verbs: ['delete'], resources: [{ group: 'admissionregistration.k8s.io' }] }, { level: 'None' }],
};

interface ServerFiles {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly serviceAccountKey: string;
  /** What the server shows to kubelets. */
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
}

async function writeServerFiles(folder: string, authority: CertificateAuthority): Promise<ServerFiles> {
  mkdirSync(folder, { recursive: true });
  const serving = await authority.issue({ commonName: 'kube-apiserver', hosts: [CONTROL_PLANE_ADDRESS, SERVER_SERVICE, '127.0.0.1', 'localhost'] });
  const client = await authority.issue({ commonName: 'kube-apiserver', organizations: ['system:masters'] });
  const tokens = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' });
  return {
    authority: writeFile(folder, 'ca.crt', authority.certificate),
    certificate: writeFile(folder, 'server.crt', serving.certificate),
    key: writeFile(folder, 'server.key', serving.key),
    serviceAccountKey: writeFile(folder, 'service-accounts.key', tokens.toString()),
    clientCertificate: writeFile(folder, 'client.crt', client.certificate),
    clientKey: writeFile(folder, 'client.key', client.key),
    auditPolicy: writeFile(folder, 'audit-policy.json', JSON.stringify(AUDIT_POLICY)),
    auditLog: join(folder, 'audit.log'),
  };
}

/** Nothing outlives the run: no reason to wait for a disk. */
function etcdFlags(dataFolder: string): string[] {
  return [
    `--data-dir=${dataFolder}`,
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    `--listen-peer-urls=${ETCD_PEERS}`,
    `--initial-advertise-peer-urls=${ETCD_PEERS}`,
    `--initial-cluster=default=${ETCD_PEERS}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

/** Defaults except for addresses, keys, and what kubelets need. */
function serverFlags(files: ServerFiles, routing: WebhookRouting): string[] {
  return [
    `--etcd-servers=${ETCD}`,
    '--bind-address=0.0.0.0',
    `--advertise-address=${CONTROL_PLANE_ADDRESS}`,
    '--secure-port=6443',
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--client-ca-file=${files.authority}`,
    // What controllers and kubelets look up, though nothing here stands before the server.
    `--requestheader-client-ca-file=${files.authority}`,
    '--requestheader-allowed-names=nobody',
    '--requestheader-username-headers=X-Remote-User',
    `--tls-cert-file=${files.certificate}`,
    `--tls-private-key-file=${files.key}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    `--kubelet-client-certificate=${files.clientCertificate}`,
    `--kubelet-client-key=${files.clientKey}`,
    `--kubelet-certificate-authority=${files.authority}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--audit-policy-file=${files.auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
    `--enable-aggregator-routing=${routing === 'endpoints'}`,
  ];
}

function writeFile(folder: string, name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
