import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { CannotRun } from './failure';

/** Paths of the programs of the cluster test. */
export interface Binaries {
  /** etcd, kube-apiserver, kubectl and loopback, chosen by the first argument. */
  readonly cluster: string;
  /** The OCI registry. */
  readonly registry: string;
  /** What a node runs. @default - there are no nodes */
  readonly node?: NodeBinaries;
  /** @default - there is no cert-manager */
  readonly certManager?: CertManagerFiles;
}

export interface CertManagerFiles {
  /** Its controllers and its injector, chosen by the first argument. */
  readonly program: string;
  /** Folder of its CustomResourceDefinitions. */
  readonly schemas: string;
}

export interface NodeBinaries {
  /** kube-controller-manager, kube-scheduler, kubelet and kube-proxy, chosen by the first argument. */
  readonly programs: string;
  /** What has its kernel enforce NetworkPolicy. */
  readonly networkPolicy: string;
  /** Folder of the Debian packages that are unpacked, not installed: containerd, runc, CNI plugins, nft, iptables, ipset, and busybox for images. */
  readonly debian: string;
  /** Folder of an earlier version of this repository, built; `undefined` where nothing is upgraded. */
  readonly earlier: string | undefined;
}

/** The Kubernetes release that `cluster/go.mod` and `node-programs/go.mod` pin. */
export const KUBERNETES_VERSION = '1.36.3';

const PROGRESS_INTERVAL_MS = 15_000;

/**
 * The programs, built from their pinned Go modules unless an earlier run has left the very same ones in the user's cache.
 *
 * @throws CannotRun when Go is missing or a build fails
 */
export async function prepareBinaries(root: string): Promise<Binaries> {
  const go = goVersion();
  const modules = join(root, 'test/e2e');
  const controlPlane = `kube-apiserver ${KUBERNETES_VERSION}, kubectl and etcd (some minutes)`;
  const cluster = await prepare({ source: join(modules, 'cluster'), title: controlPlane, ldflags: versionFlags() }, go);
  return { cluster, registry: await prepareRegistry(root) };
}

/** The programs of a node that are built. @throws CannotRun when Go is missing or a build fails */
export function prepareNodePrograms(root: string): Promise<string> {
  const title = `kubelet, kube-proxy, kube-scheduler and kube-controller-manager ${KUBERNETES_VERSION} (some minutes)`;
  return prepare({ source: join(root, 'test/e2e/node-programs'), title, ldflags: versionFlags() }, goVersion());
}

/** What has a node's kernel enforce NetworkPolicy. @throws CannotRun when Go is missing or a build fails */
export function prepareNetworkPolicy(root: string): Promise<string> {
  return prepare({ source: join(root, 'test/e2e/network-policy'), title: 'kube-router\'s controller of NetworkPolicy (a minute)', ldflags: '-s -w' }, goVersion());
}

/** The OCI registry alone, which is built in seconds. @throws CannotRun */
export async function prepareRegistry(root: string): Promise<string> {
  return prepare({ source: join(root, 'test/e2e/registry'), title: 'the OCI registry', ldflags: '-s -w' }, goVersion());
}

/** A program that is built from a Go module of the tests. */
export interface GoProgram {
  /** Folder of the module. */
  readonly source: string;
  /** @default - the name of the folder */
  readonly name?: string;
  readonly title: string;
  readonly ldflags: string;
  /** @default - the module's own package */
  readonly package?: string;
  /** Makes files that the build needs and git does not keep. @default - none */
  readonly generate?: () => void;
}

/** The path of a program, built unless an earlier run has left the very same one in the user's cache. */
export async function prepare(program: GoProgram, go: string): Promise<string> {
  const name = program.name ?? basename(program.source);
  const folder = join(cacheFolder(), `${name}-${cacheKey(program, go)}`);
  const binary = join(folder, name);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    // Built beside and moved: a run at the same time sees the whole program or none.
    const unfinished = `${binary}.${process.pid}`;
    try {
      await build(program, unfinished);
      renameSync(unfinished, binary);
    } finally {
      rmSync(unfinished, { force: true });
    }
  }
  return binary;
}

/** Without the release in the linker's flags the API server takes itself for v0.0.0 and turns features off. */
function versionFlags(): string {
  const [major, minor] = KUBERNETES_VERSION.split('.');
  const set = { gitVersion: `v${KUBERNETES_VERSION}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return ['-s -w', ...Object.entries(set).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)].join(' ');
}

/** @throws CannotRun without Go */
export function goVersion(): string {
  const answer = spawnSync('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { encoding: 'utf8' });
  if (answer.error || answer.status !== 0) {
    const why = answer.error ? answer.error.message : answer.stderr.trim();
    throw new CannotRun(`The tests against real programs build them with Go, and 'go' cannot be run (${why}). `
      + 'Install Go 1.26 or later and put it on the PATH.');
  }
  return answer.stdout;
}

/** Where programs are kept from run to run. */
export function cacheFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'];
  return resolve(cache ? cache : join(homedir(), '.cache'), 'proofgate/e2e');
}

function cacheKey(program: GoProgram, go: string): string {
  const hash = createHash('sha256').update(JSON.stringify([go, program.ldflags, ...(program.package === undefined ? [] : [program.package])]));
  for (const file of readdirSync(program.source).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name)).sort()) {
    hash.update(JSON.stringify([file, readFileSync(join(program.source, file), 'utf8')]));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Go names each package it has compiled; those become a line of progress now and then, the rest is kept for the error. */
async function build(program: GoProgram, output: string): Promise<void> {
  program.generate?.();
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.log(`building ${program.title}; kept for later runs in ${dirname(output)}`);

  const go = spawn('go', ['build', '-v', '-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', program.ldflags, '-o', output, program.package ?? '.'], {
    cwd: program.source,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let packages = 0;
  let said = '';
  go.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-100_000);
    packages += text.split('\n').filter((line) => /^[\w.-]+(\/|$)/.test(line)).length;
  });
  const progress = setInterval(() => console.log(`  ${packages} packages compiled, ${seconds()} s`), PROGRESS_INTERVAL_MS);
  try {
    const code = await new Promise<number | null>((done, failed) => go.once('error', failed).once('close', done));
    if (code !== 0) {
      const reason = said.split('\n').filter((line) => line && !/^[\w.-]+(\/\S*)?$/.test(line)).slice(-20).join('\n');
      throw new CannotRun(`'go build' in ${program.source} failed with exit code ${code}:\n${reason}`);
    }
  } finally {
    clearInterval(progress);
  }
  console.log(`  built in ${seconds()} s`);
}
