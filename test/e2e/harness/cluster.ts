import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubernetesApi, type ApiAnswer, type KubernetesObject } from './api';
import { Kubectl } from './kubectl';
import { CertificateAuthority, type Credential } from './pki';
import type { Programs } from './process';
import { CONTROL_PLANE_ADDRESS, type Sandbox } from './sandbox';
import { until } from './until';

const SERVER = `https://${CONTROL_PLANE_ADDRESS}:6443`;
const ETCD = `http://${CONTROL_PLANE_ADDRESS}:2379`;
const ETCD_PEERS = `http://${CONTROL_PLANE_ADDRESS}:2380`;
const START_LIMIT_MS = 90_000;
const SERVICE_NETWORK = '10.96.0.0/16';

/** Where one instance behind a Service listens. */
export interface Endpoint {
  /** An address of the sandbox, such as `10.99.0.11`. */
  readonly address: string;
  readonly port: number;
}

/**
 * etcd and an API server: everything that decides about a request, and nothing that acts on it afterwards.
 *
 * There are no controllers. What they would have made is made here: ServiceAccounts named `default`, EndpointSlices.
 */
export class Cluster {
  /** Returns when the API server is ready and the namespace `default` takes Pods. */
  static async start(sandbox: Sandbox, programs: Programs): Promise<Cluster> {
    const authority = await CertificateAuthority.create('proofgate-e2e');
    const files = await writeServerFiles(join(sandbox.folder, 'control-plane'), authority);
    const etcd = programs.start({ name: 'etcd', command: sandbox.binaries.cluster, args: ['etcd', ...etcdFlags(join(sandbox.folder, 'etcd'))] });
    const server = programs.start({ name: 'kube-apiserver', command: sandbox.binaries.cluster, args: ['kube-apiserver', ...serverFlags(files)] });

    const admin = await authority.issue({ commonName: 'admin', organizations: ['system:masters'] });
    const api = new KubernetesApi(SERVER, authority.certificate, admin);
    await until('etcd answers', () => fetch(`${ETCD}/version`), { timeoutMs: START_LIMIT_MS, unless: () => etcd.obituary });
    const ready = async (): Promise<unknown> => accepted(await api.send('GET', '/readyz'));
    await until('the API server is ready', ready, { timeoutMs: START_LIMIT_MS, unless: () => etcd.obituary ?? server.obituary });
    const cluster = new Cluster(sandbox, authority, api, admin);
    await until('the namespace default exists', () => cluster.createDefaultServiceAccount('default'));
    return cluster;
  }

  /** As admin. */
  readonly kubectl: Kubectl;

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly authority: CertificateAuthority,
    /** As admin; `api.as('alice')` is somebody else. */
    readonly api: KubernetesApi,
    admin: Credential,
  ) {
    const user = { 'client-certificate-data': base64(admin.certificate), 'client-key-data': base64(admin.key) };
    this.kubectl = new Kubectl(sandbox, this.writeKubeconfig('admin', user));
  }

  async createNamespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    accepted(await this.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }));
    await this.createDefaultServiceAccount(name);
  }

  /** What a Pod in a namespace that came from a manifest needs before it is admitted. */
  async createDefaultServiceAccount(namespace: string): Promise<void> {
    accepted(await this.api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }));
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

interface ServerFiles {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly serviceAccountKey: string;
}

async function writeServerFiles(folder: string, authority: CertificateAuthority): Promise<ServerFiles> {
  mkdirSync(folder, { recursive: true });
  const serving = await authority.issue({ commonName: 'kube-apiserver', hosts: [CONTROL_PLANE_ADDRESS, '127.0.0.1', 'localhost'] });
  const tokens = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' });
  return {
    authority: writeFile(folder, 'ca.crt', authority.certificate),
    certificate: writeFile(folder, 'server.crt', serving.certificate),
    key: writeFile(folder, 'server.key', serving.key),
    serviceAccountKey: writeFile(folder, 'service-accounts.key', tokens.toString()),
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

/**
 * Defaults except for addresses and keys, and for the one that stands in for kube-proxy: `enable-aggregator-routing` makes the server
 * look up the endpoints of a webhook's Service itself.
 */
function serverFlags(files: ServerFiles): string[] {
  return [
    `--etcd-servers=${ETCD}`,
    '--bind-address=0.0.0.0',
    `--advertise-address=${CONTROL_PLANE_ADDRESS}`,
    '--secure-port=6443',
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    '--authorization-mode=RBAC',
    `--client-ca-file=${files.authority}`,
    `--tls-cert-file=${files.certificate}`,
    `--tls-private-key-file=${files.key}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--enable-aggregator-routing=true',
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
