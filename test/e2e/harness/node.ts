import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeBinaries } from './binaries';
import { accepted, SERVICE_NETWORK, type Cluster } from './cluster';
import { LIBRARIES } from './debian-packages';
import { CannotRun } from './failure';
import { cgroupOf, processesOf } from './machine-traces';
import { NAME_SERVER_ADDRESS } from './name-server';
import type { Program, Programs } from './process';
import { CONTROL_PLANE_ADDRESS, type Sandbox } from './sandbox';
import { until } from './until';

export const NODE_NAME = 'node-1';

const POD_NETWORK = '10.244.0.0/24';
const START_LIMIT_MS = 60_000;
/** Stands for the way out of the machine, which leads nowhere; without one there is no way to the addresses of Services either. */
const UPLINK = 'uplink';
const BRIDGE = 'pods';

export interface NodeOptions {
  /** What every Pod's own container is, as a reference that can be pulled. */
  readonly pauseImage: string;
}

/** What acts on what the API server holds: controllers, scheduler, and one node with containerd, kubelet, kube-proxy (nftables) and what enforces NetworkPolicy. */
export class Node {
  /** Returns when the node is ready. */
  static async start(sandbox: Sandbox, cluster: Cluster, programs: Programs, options: NodeOptions): Promise<Node> {
    const { node: binaries } = sandbox.binaries;
    if (!binaries) {
      throw new CannotRun('The sandbox was entered without the programs of a node.');
    }
    const ip = (...args: string[]): unknown => execFileSync('ip', args, { stdio: 'pipe' });
    ip('link', 'add', UPLINK, 'type', 'bridge');
    ip('link', 'set', UPLINK, 'up');
    ip('route', 'add', 'default', 'dev', UPLINK, 'src', CONTROL_PLANE_ADDRESS);
    writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
    const node = new Node(sandbox, cluster, programs, binaries, join(sandbox.folder, 'node'), options);
    await node.boot();
    return node;
  }

  private readonly running = new Map<string, Program>();

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly cluster: Cluster,
    private readonly programs: Programs,
    private readonly binaries: NodeBinaries,
    private readonly folder: string,
    private readonly options: NodeOptions,
  ) {}

  /** Starts whatever does not run, and returns when the node is ready. */
  async boot(): Promise<void> {
    await this.startControllers();
    await this.startContainerd();
    await this.startKubelet();
    await this.startKubeProxy();
    await until('the node is ready', async () => {
      const found = accepted(await this.cluster.api.get({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE_NAME } }));
      const { conditions } = found['status'] as { conditions: ReadonlyArray<{ type: string; status: string; lastHeartbeatTime: string; message?: string }> };
      const ready = conditions.find(({ type }) => type === 'Ready');
      if (ready?.status !== 'True' || Date.parse(ready.lastHeartbeatTime) < this.startedAt - 1000) {
        throw new Error(JSON.stringify(ready));
      }
    }, { timeoutMs: START_LIMIT_MS, unless: () => this.obituary });
    await this.startNetworkPolicy();
  }

  private startedAt = 0;

  /**
   * Everything on the node ends at once, containers too, and what lies in memory is gone, as when the power fails. What lies on the disk
   * stays: images, the state of kubelet and containerd, the addresses that were given to Pods.
   */
  async crash(): Promise<void> {
    await Promise.all([...this.running.values()].map((program) => program.stop('SIGKILL')));
    this.running.clear();
    await until('no process of the node is left', () => {
      const left = [...this.shims(), ...processesOf(this.sandbox.folder)];
      left.forEach(kill);
      if (left.length > 0) {
        throw new Error(`${left.length} processes`);
      }
    });
    const mounted = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '');
    for (const mount of mounted.filter((path) => path.startsWith(`${this.folder}/`) || path.startsWith('/run/netns/')).toReversed()) {
      execFileSync('umount', ['--lazy', mount], { stdio: 'pipe' });
    }
    rmSync(this.path('containerd/state'), { recursive: true, force: true });
    ['/run/netns', '/run/containerd'].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
    execFileSync('ip', ['link', 'delete', BRIDGE], { stdio: 'pipe' });
    this.nft('flush ruleset');
  }

  /** Ends kube-proxy and forgets its rules and what was forwarded by them. */
  async stopKubeProxy(): Promise<void> {
    await this.running.get('kube-proxy')?.stop('SIGKILL');
    this.running.delete('kube-proxy');
    // To add one that may be there, then delete it: there is no way to delete one that may not be.
    this.nft(['ip', 'ip6'].flatMap((family) => ['add', 'delete'].map((verb) => `${verb} table ${family} kube-proxy\n`)).join(''));
  }

  private nft(commands: string): void {
    execFileSync('nft', ['--file', '-'], { input: commands, stdio: 'pipe', env: this.environment() });
  }

  /** Takes away the way between Pods and everything else. */
  partPods(): void {
    execFileSync('ip', ['link', 'set', BRIDGE, 'down'], { stdio: 'pipe' });
  }

  joinPods(): void {
    execFileSync('ip', ['link', 'set', BRIDGE, 'up'], { stdio: 'pipe' });
  }

  /** The process of a Pod's container, by what its command line contains. */
  processes(commandLine: string): number[] {
    return processesOf(this.sandbox.folder).filter((pid) => commandLineOf(pid).includes(commandLine));
  }

  /** The processes of one Pod, by what their command line contains. @param uid - the Pod's */
  processesOfPod(uid: string, commandLine: string): number[] {
    return this.processes(commandLine).filter((pid) => readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`pod${uid}`));
  }

  /** How a part of it ended; `undefined` while all run. */
  get obituary(): string | undefined {
    return [...this.running.values()].map((program) => program.obituary).find((text) => text !== undefined);
  }

  /** Where the kubelet keeps what containers write, a folder for each Pod. */
  get podLogs(): string {
    return this.path('pod-logs');
  }

  private async startControllers(): Promise<void> {
    const { authority, serviceAccountKey } = this.cluster.controllerFiles;
    const controllers = await this.cluster.clientKubeconfig('system:kube-controller-manager');
    const scheduler = await this.cluster.clientKubeconfig('system:kube-scheduler');
    const common = (kubeconfig: string): string[] => [
      `--kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`, `--authorization-kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1',
    ];
    this.start('kube-controller-manager', [
      ...common(controllers), '--use-service-account-credentials=true', `--service-account-private-key-file=${serviceAccountKey}`, `--root-ca-file=${authority}`,
      `--service-cluster-ip-range=${SERVICE_NETWORK}`, '--allocate-node-cidrs=false', '--node-monitor-grace-period=20s',
    ]);
    this.start('kube-scheduler', common(scheduler));
  }

  private async startContainerd(): Promise<void> {
    const [state, socket] = [this.path('containerd/state'), this.socket];
    mkdirSync(state, { recursive: true });
    mkdirSync(this.path('cni'), { recursive: true });
    writeFileSync(this.path('cni/10-pods.conflist'), JSON.stringify({
      cniVersion: '0.4.0', name: 'pods',
      plugins: [{
        type: 'bridge', bridge: BRIDGE, isGateway: true, hairpinMode: true,
        ipam: { type: 'host-local', dataDir: this.path('cni/addresses'), ranges: [[{ subnet: POD_NETWORK }]], routes: [{ dst: '0.0.0.0/0' }] },
      }],
    }));
    const config = this.write('containerd.toml', toml({
      '': { version: 2, root: this.path('containerd/root'), state, oom_score: 0, disabled_plugins: ['io.containerd.internal.v1.opt'] },
      'grpc': { address: socket },
      // Without CAP_SYS_RESOURCE runc may not make a process harder to kill than itself.
      'plugins."io.containerd.grpc.v1.cri"': { sandbox_image: this.options.pauseImage, restrict_oom_score_adj: true },
      'plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc': { runtime_type: 'io.containerd.runc.v2' },
      'plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options': { BinaryName: join(this.binaries.debian, 'usr/sbin/runc') },
      'plugins."io.containerd.grpc.v1.cri".cni': { bin_dir: join(this.binaries.debian, 'usr/lib/cni'), conf_dir: this.path('cni') },
    }));
    const containerd = this.programs.start({ name: 'containerd', command: join(this.binaries.debian, 'usr/bin/containerd'), args: ['--config', config], env: this.environment() });
    this.running.set('containerd', containerd);
    await until('containerd listens', () => {
      if (!existsSync(socket)) {
        throw new Error(`there is no ${socket}`);
      }
    }, { timeoutMs: START_LIMIT_MS, unless: () => containerd.obituary });
  }

  private async startKubelet(): Promise<void> {
    const serving = await this.cluster.issue({ commonName: NODE_NAME, hosts: [CONTROL_PLANE_ADDRESS] });
    const kubeconfig = await this.cluster.clientKubeconfig(`system:node:${NODE_NAME}`, ['system:nodes']);
    const config = this.write('kubelet.json', JSON.stringify({
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      containerRuntimeEndpoint: `unix://${this.socket}`,
      cgroupDriver: 'cgroupfs', cgroupRoot: cgroupOf(this.sandbox.folder), failCgroupV1: false, enforceNodeAllocatable: [],
      failSwapOn: false, localStorageCapacityIsolation: false, makeIPTablesUtilChains: false, oomScoreAdj: 0,
      // The disk is the machine's, with what others keep there.
      imageGCHighThresholdPercent: 100, evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
      tlsCertFile: this.write('kubelet.crt', serving.certificate), tlsPrivateKeyFile: this.write('kubelet.key', serving.key),
      authentication: { x509: { clientCAFile: this.cluster.controllerFiles.authority }, anonymous: { enabled: false }, webhook: { enabled: true } },
      authorization: { mode: 'Webhook' },
      clusterDomain: 'cluster.local', clusterDNS: [NAME_SERVER_ADDRESS], resolvConf: '',
      podLogsDir: this.podLogs, registerNode: true, nodeStatusUpdateFrequency: '4s', nodeStatusReportFrequency: '4s',
    }));
    this.startedAt = Date.now();
    this.start('kubelet', [
      `--config=${config}`, `--kubeconfig=${kubeconfig}`, `--hostname-override=${NODE_NAME}`, `--node-ip=${CONTROL_PLANE_ADDRESS}`,
      `--root-dir=${this.path('kubelet')}`, `--cert-dir=${this.path('kubelet-certificates')}`,
    ]);
  }

  async startKubeProxy(): Promise<void> {
    const kubeconfig = await this.cluster.clientKubeconfig('system:kube-proxy');
    this.start('kube-proxy', [`--hostname-override=${NODE_NAME}`, `--config=${this.write('kube-proxy.json', JSON.stringify({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: 'nftables',
      clientConnection: { kubeconfig },
      clusterCIDR: POD_NETWORK,
      // Settings of the whole machine stay as they are.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    }))}`]);
  }

  /** Returns when it has made its first rules: until then a Pod's connections are as free as its plugin, a bridge, leaves them. */
  private async startNetworkPolicy(): Promise<void> {
    const links = this.path('iptables');
    if (!existsSync(links)) {
      mkdirSync(links, { recursive: true });
      // As Debian's alternatives name them.
      ['iptables', 'iptables-save', 'iptables-restore'].forEach((name) => symlinkSync(join(this.binaries.debian, 'usr/sbin/xtables-nft-multi'), join(links, name)));
    }
    const env = this.environment();
    const kubeconfig = await this.cluster.clientKubeconfig('network-policy', ['system:masters']);
    const program = this.programs.start({
      name: 'network-policy', command: this.binaries.networkPolicy, args: [kubeconfig, NODE_NAME, SERVICE_NETWORK],
      env: { ...env, PATH: `${links}:${env['PATH'] ?? ''}`, XTABLES_LIBDIR: join(this.binaries.debian, 'usr/lib/x86_64-linux-gnu/xtables') },
    });
    this.running.set('network-policy', program);
    await until('NetworkPolicy is enforced', () => {
      const rules = execFileSync('nft', ['list', 'table', 'ip', 'filter'], { encoding: 'utf8', stdio: 'pipe', env });
      if (!rules.includes('KUBE-ROUTER-FORWARD')) {
        throw new Error(rules);
      }
    }, { timeoutMs: START_LIMIT_MS, unless: () => program.obituary });
  }

  private start(name: string, args: readonly string[]): void {
    this.running.set(name, this.programs.start({ name, command: this.binaries.programs, args: [name, ...args], env: this.environment() }));
  }

  /** Programs and libraries of the unpacked packages come first; registries are those whose certificates the cluster's authority issued. */
  private environment(): Readonly<Record<string, string>> {
    const { debian } = this.binaries;
    return {
      PATH: [...['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => join(debian, folder)), process.env['PATH'] ?? ''].join(':'),
      LD_LIBRARY_PATH: LIBRARIES.map((folder) => join(debian, folder)).join(':'),
      SSL_CERT_FILE: this.cluster.controllerFiles.authority,
      SSL_CERT_DIR: '/nonexistent',
    };
  }

  private shims(): number[] {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => commandLineOf(pid).includes('containerd-shim') && commandLineOf(pid).includes(this.socket));
  }

  private get socket(): string {
    return this.path('containerd/state/containerd.sock');
  }

  private write(name: string, content: string): string {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.path(name), content, { mode: 0o600 });
    return this.path(name);
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

/** Empty for a process that has ended. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended
  }
}

/** Tables by their names; the values are those that TOML writes as JSON does. */
function toml(tables: { readonly [table: string]: { readonly [key: string]: string | number | boolean | readonly string[] } }): string {
  return Object.entries(tables).map(([table, values]) => [
    ...(table === '' ? [] : [`[${table}]`]), ...Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
  ].join('\n')).join('\n\n');
}
