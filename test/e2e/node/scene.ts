import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OCI_INDEX } from '../../../image/compose';
import { readBlob } from '../../../image/layout';
import { synthesizeExample } from '../../support/example';
import { HOST } from '../cases/images';
import { NAMESPACE, VERIFIER, verifierImage } from '../cases/scene';
import type { ApiAnswer, KubernetesObject, WriteOptions } from '../harness/api';
import { accepted, type Cluster } from '../harness/cluster';
import type { NodeBinaries } from '../harness/binaries';
import { Node } from '../harness/node';
import { startNameServer } from '../harness/name-server';
import type { Programs } from '../harness/process';
import { OciRegistry } from '../harness/registry';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { EARLIER_LAYOUT } from './earlier';
import { NodeImages, type RunnableImages } from './images';

/** Of the registry that policies name. */
export const REGISTRY_ADDRESS = '10.99.0.21';
const VERIFIER_REGISTRY_ADDRESS = '10.99.0.20';
/** Kinds that nobody applies. */
const PASSING: readonly string[] = ['componentstatuses', 'events', 'leases', 'pods'];
/** How long a rollout may take on a busy machine. */
export const ROLLOUT_MS = 180_000;

/** A cluster with a node, registries that hold what runs there, and what `examples/private-sigstore` wrote; nothing of it is applied yet. */
export class NodeScene {
  static async prepare(cluster: Cluster, sandbox: Sandbox, programs: Programs, node: NodeBinaries): Promise<NodeScene> {
    await startNameServer(sandbox);
    const made = new NodeImages(node.debian);
    const scene = new NodeScene(cluster, sandbox, programs, made, node, synthesize(sandbox, 'example', made.trustedRoot), synthesize(sandbox, 'example-with-partner', made.trustedRootWithPartner));
    await scene.startRegistry();
    return scene;
  }

  private filled: RunnableImages | undefined;
  private registry: OciRegistry | undefined;
  private verifierRegistry: OciRegistry | undefined;
  private joined: Node | undefined;
  private count = 0;
  private installedOn: readonly string[] = [];

  private constructor(
    readonly cluster: Cluster,
    private readonly sandbox: Sandbox,
    private readonly programs: Programs,
    private readonly made: NodeImages,
    private readonly binaries: NodeBinaries,
    /** The file that the example wrote, byte for byte. */
    readonly yaml: string,
    /** The same example with a trust root that also names a partner's Sigstore instance: other policies in force, so a rollout. */
    readonly yamlWithPartner: string,
  ) {}

  get images(): RunnableImages {
    assert.ok(this.filled, 'the registry was never started');
    return this.filled;
  }

  get node(): Node {
    assert.ok(this.joined, 'no node has joined');
    return this.joined;
  }

  async join(): Promise<void> {
    this.joined = await Node.start(this.sandbox, this.cluster, this.programs, { pauseImage: this.images.pause });
  }

  /** The registry that policies name. It loses what it holds when it is stopped: every start fills it again. */
  async startRegistry(): Promise<void> {
    this.registry = await this.serve(HOST, REGISTRY_ADDRESS);
    this.filled = await this.made.push(this.registry);
  }

  async stopRegistry(): Promise<void> {
    await this.registry?.program.stop('SIGKILL');
  }

  /** Pushes the verifier's image to where the example says it is, by the command of docs/operations.md. @returns what that command printed */
  async pushVerifier(): Promise<string> {
    const { host, path } = this.verifierRepository;
    this.verifierRegistry = await this.serve(host, VERIFIER_REGISTRY_ADDRESS);
    return this.push(this.layout, `${host}/${path}`, '.');
  }

  /** Pushes the image of a version with a source of its own. @returns the file that its example writes, about the same images */
  async pushEarlierVersion(): Promise<string> {
    const { earlier } = this.binaries;
    assert.ok(earlier, 'no earlier version was built');
    const yaml = synthesize(this.sandbox, 'example-of-earlier', this.made.trustedRoot, earlier);
    const { host, path } = this.verifierRepository;
    const said = await this.push(EARLIER_LAYOUT, `${host}/${path}`, earlier);
    assert.ok(said.includes(verifierImage(yaml)), said);
    return yaml;
  }

  private push(layout: string, repository: string, source: string): Promise<string> {
    const authority = join(this.sandbox.folder, 'authority.crt');
    writeFileSync(authority, this.cluster.authorityCertificate);
    return output(source, ['scripts/image.mjs', '--output', layout, '--push', repository], { NODE_EXTRA_CA_CERTS: authority, NO_PROXY: '*', no_proxy: '*' });
  }

  /** Pushes an image of the verifier that differs in what is written about it, and so in its digest. @returns the file that names it: an earlier version */
  async pushEarlierVerifier(): Promise<string> {
    assert.ok(this.verifierRegistry, 'the verifier was never pushed');
    const image = verifierImage(this.yaml);
    const index = JSON.parse(readBlob(this.layout, image.split('@')[1] ?? '').toString()) as { readonly annotations: object };
    const earlier = Buffer.from(JSON.stringify({ ...index, annotations: { ...index.annotations, 'org.opencontainers.image.version': 'earlier' } }));
    const { host, path } = this.verifierRepository;
    return this.yaml.replaceAll(image, `${host}/${path}@${await this.verifierRegistry.pushManifest(path, OCI_INDEX, earlier)}`);
  }

  private get verifierRepository(): { readonly host: string; readonly path: string } {
    const [host = '', ...path] = (verifierImage(this.yaml).split('@')[0] ?? '').split('/');
    return { host, path: path.join('/') };
  }

  private get layout(): string {
    return join(this.sandbox.folder, 'image');
  }

  /** What the example's page says has to be there before the file: a namespace with the registry's certificate authority. */
  async createRegistryAuthority(): Promise<void> {
    accepted(await this.cluster.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: VERIFIER.namespace } }));
    accepted(await this.cluster.api.create({
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'registry-ca', namespace: VERIFIER.namespace }, data: { 'ca.crt': this.cluster.authorityCertificate },
    }));
  }

  /** Waits as an operator would. @throws Error with what kubectl said */
  async rolledOut(what = `deployment/${VERIFIER.name}`, namespace: string = VERIFIER.namespace): Promise<void> {
    await this.kubectl(['--namespace', namespace, 'rollout', 'status', what, `--timeout=${ROLLOUT_MS / 1000}s`]);
  }

  /** What the command printed. @throws Error with what it said when it fails */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.cluster.kubectl.run(args, input);
    if (code !== 0) {
      throw new Error(`kubectl ${args.join(' ')}: exit code ${code}: ${stderr.trim()}`);
    }
    return stdout;
  }

  /** Remembers what is in the cluster before anything of the file is. */
  async beforeInstallation(): Promise<void> {
    this.installedOn = await this.inventory();
  }

  /** What is in the cluster and was not before the file was applied first, of whatever kind; nothing that comes and goes by itself. */
  async leftOver(): Promise<string[]> {
    const before = new Set(this.installedOn);
    return (await this.inventory()).filter((object) => !before.has(object));
  }

  private async inventory(): Promise<string[]> {
    const kinds = (await this.kubectl(['api-resources', '--verbs=list', '--output=name'])).trim().split('\n').filter((kind) => !PASSING.includes(kind.split('.')[0] ?? ''));
    const listed = await this.kubectl(['get', kinds.join(','), '--all-namespaces', '--output=jsonpath={range .items[*]}{.kind} {.metadata.namespace} {.metadata.name}{"\\n"}{end}']);
    return listed.split('\n').filter((line) => line !== '');
  }

  /** Enforcement as it should be: the signed admitted, the unsigned refused for its reason. */
  async enforces(): Promise<void> {
    await until('a signed image is admitted', async () => expectAdmitted(await this.create(this.images.signed, { dryRun: true })), { timeoutMs: ROLLOUT_MS });
    expectDenied(await this.create(this.images.unsigned, { dryRun: true }), '[NO_SIGNATURE]');
  }

  create(image: string, options: WriteOptions = {}): Promise<ApiAnswer> {
    return this.cluster.api.create(this.pod(image), options);
  }

  pod(image: string): NamedObject {
    return this.object('v1', 'Pod', podSpec(image));
  }

  /** An object in the guarded namespace, with a name of its own. */
  object(apiVersion: string, kind: string, spec: object): NamedObject {
    return { apiVersion, kind, metadata: this.metadata(), spec };
  }

  metadata(): NamedObject['metadata'] {
    this.count += 1;
    return { name: `case-${this.count}`, namespace: NAMESPACE };
  }

  /** The verifier's Pods that are not being deleted. */
  async verifierPods(): Promise<readonly PodObject[]> {
    const { object } = await this.cluster.api.send('GET', `/api/v1/namespaces/${VERIFIER.namespace}/pods?labelSelector=app.kubernetes.io/name%3D${VERIFIER.name}`);
    return (object['items'] as readonly PodObject[]).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  private async serve(host: string, address: string): Promise<OciRegistry> {
    const tls = await this.cluster.issue({ commonName: host, hosts: [host] });
    this.sandbox.resolve(host, address);
    mkdirSync(this.sandbox.folder, { recursive: true });
    return OciRegistry.start(this.sandbox, this.programs, { address, port: 443, tls });
  }
}

export type NamedObject = KubernetesObject & { readonly metadata: { readonly name: string; readonly namespace: string } };

export interface PodObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string; readonly namespace: string };
  readonly spec: { readonly containers: ReadonlyArray<{ readonly image: string }> };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: ReadonlyArray<{ readonly type: string; readonly status: string }>;
    readonly containerStatuses?: ReadonlyArray<{ readonly imageID: string; readonly restartCount: number }>;
  };
}

export function podSpec(image: string, more: object = {}): object {
  return { terminationGracePeriodSeconds: 1, automountServiceAccountToken: false, containers: [{ name: 'main', image, ...more }] };
}

/** What the example writes when it is given the registry's host and a trust root. @param repository - whose example, and whose package */
function synthesize(sandbox: Sandbox, name: string, trustedRoot: string, repository = '.'): string {
  const file = join(sandbox.folder, `${name}.json`);
  writeFileSync(file, trustedRoot);
  return synthesizeExample('private-sigstore', join(sandbox.folder, name), { REGISTRY: HOST, TRUSTED_ROOT: file }, repository);
}

/** Runs a script of a repository on this Node. @throws Error with what it printed when it fails */
async function output(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => said += text);
  }
  const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
  if (code !== 0) {
    throw new Error(`node ${args.join(' ')}: exit code ${code}:\n${said}`);
  }
  return said;
}
