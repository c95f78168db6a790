import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binaries } from './binaries';
import { CannotRun, messageOf } from './failure';

/** Every address of this network is local to the sandbox. Not a loopback one: EndpointSlices may not name those. */
const NETWORK = '10.99.0.1/24';

/** Where the control plane is. */
export const CONTROL_PLANE_ADDRESS = '10.99.0.1';

const ENVIRONMENT = 'PROOFGATE_E2E_SANDBOX';

/**
 * Network, mount and process namespaces: ports and host names are the run's own, so that two runs never meet and nothing outside can be
 * reached by mistake; and the kernel ends what is left in them with their first process, however that ends.
 */
const UNSHARE = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/**
 * Runs this program again inside a sandbox of its own, and returns its exit code.
 *
 * The sandbox ends when its standard input does, so that it cannot outlive this process.
 *
 * @param claim - prepares the machine for what namespaces do not separate, given the sandbox's folder; what it returns undoes that at the end
 * @throws CannotRun when this machine does not allow such namespaces
 */
export async function runInSandbox(binaries: Binaries, claim: (folder: string) => () => Promise<void> = () => async () => undefined): Promise<number> {
  const flags = process.getuid?.() === 0 ? UNSHARE : ['--map-root-user', ...UNSHARE];
  const trial = spawnSync('unshare', [...flags, 'true'], { encoding: 'utf8' });
  if (trial.error || trial.status !== 0) {
    const why = trial.error ? trial.error.message : trial.stderr.trim();
    throw new CannotRun(`The cluster test runs in Linux namespaces of its own (network, mount, process), which cannot be made here: ${why}. `
      + 'Install util-linux, and run it as root or where unprivileged user namespaces are allowed.');
  }

  const folder = mkdtempSync(join(tmpdir(), 'proofgate-e2e-'));
  const release = claim(folder);
  const child = spawn('unshare', [...flags, process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, [ENVIRONMENT]: JSON.stringify({ folder, binaries }) },
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true, // a Ctrl-C reaches this process alone, which then closes the sandbox
  });
  const close = () => child.stdin.end();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  signals.forEach((signal) => process.on(signal, close));
  try {
    return await new Promise<number>((done, failed) => child.once('error', failed).once('close', (code) => done(code ?? 1)));
  } finally {
    signals.forEach((signal) => process.off(signal, close));
    await release();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The inside of a sandbox. */
export class Sandbox {
  /**
   * The sandbox this process is the first one of, its network ready; `undefined` outside.
   *
   * @throws CannotRun when the network or the host names cannot be set up
   */
  static enter(): Sandbox | undefined {
    const described = process.env[ENVIRONMENT];
    if (described === undefined) {
      return undefined;
    }
    delete process.env[ENVIRONMENT];
    const { folder, binaries } = JSON.parse(described) as { folder: string; binaries: Binaries };
    return new Sandbox(folder, binaries);
  }

  private readonly hosts = new Map<string, string>();

  private constructor(
    /** Scratch space, removed with the sandbox. */
    readonly folder: string,
    readonly binaries: Binaries,
  ) {
    this.endWithParent();
    try {
      execFileSync(binaries.cluster, ['loopback', NETWORK], { stdio: 'pipe' });
      this.ownFolders();
    } catch (error) {
      throw new CannotRun(`The sandbox of the cluster test cannot be set up: ${messageOf(error)}`, { cause: error });
    }
  }

  /** What a host name means here; `undefined` for one that nobody has given a meaning. */
  addressOf(hostName: string): string | undefined {
    return this.hosts.get(hostName);
  }

  /** Makes a host name, such as that of a registry, mean an address of the sandbox for every process in it. */
  resolve(hostName: string, address: string): void {
    this.hosts.set(hostName, address);
    this.writeHosts();
  }

  /**
   * Makes `/etc` and `/var/run` the sandbox's own, so that files can lie where a Pod would have them mounted. What the machine has in `/etc`,
   * its host names aside, stays visible.
   */
  private ownFolders(): void {
    const machine = join(this.folder, 'etc-of-the-machine');
    mkdirSync(machine);
    mount('--rbind', '/etc', machine);
    // Whatever is done to this folder must not be done to the machine.
    mount('-o', 'remount,bind,ro', machine);
    for (const own of ['/etc', realpathSync('/var/run')]) {
      mount('-t', 'tmpfs', 'tmpfs', own);
    }
    for (const name of readdirSync(machine).filter((entry) => entry !== 'hosts')) {
      symlinkSync(join(machine, name), join('/etc', name));
    }
    this.writeHosts();
  }

  private writeHosts(): void {
    const lines = ['127.0.0.1 localhost', '::1 localhost', ...[...this.hosts].map(([name, address]) => `${address} ${name}`)];
    writeFileSync('/etc/hosts', `${lines.join('\n')}\n`);
  }

  /** The one outside removes the folder, when all that is mounted in it has gone with this process; never is it done in here, where the machine's own files lie in it. */
  private endWithParent(): void {
    process.stdin.resume().once('end', () => {
      console.log('interrupted');
      process.exit(130);
    });
  }
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'pipe' });
}
