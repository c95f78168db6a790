import { strictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../harness/cluster';
import { KYVERNO_DEPLOYMENT, KYVERNO_NAMESPACE, type KyvernoCommand } from '../harness/kyverno-installation';
import type { Program, Programs } from '../harness/process';
import type { Sandbox } from '../harness/sandbox';
import { until, type UntilOptions } from '../harness/until';

const ADDRESS = '10.99.0.32';
const PORT = 9443;

/** `periodSeconds` of its readiness probe. */
const PERIOD_MS = 10_000;

/** The process of the only Pod of Kyverno's Deployment: with the arguments that the Deployment says, and the rights of its account. */
export class KyvernoProcess {
  private program: Program | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly sandbox: Sandbox,
    private readonly programs: Programs,
    private readonly binary: string,
    private readonly command: KyvernoCommand,
    /** PEM of what the mirror of trust roots shows. */
    private readonly authority: string,
  ) {}

  /** How long to wait for what it does. */
  get patience(): UntilOptions {
    return { timeoutMs: 60_000, unless: () => this.program?.obituary };
  }

  /**
   * Starts it, and has the API server ask it when its probe has succeeded twice, as `successThreshold: 2` of the probe has the kubelet do.
   *
   * @param further - arguments that replace those of the Deployment
   */
  async start(...further: readonly string[]): Promise<void> {
    await this.launch(...further);
    await until('Kyverno is ready', () => probe(), this.patience);
    await sleep(PERIOD_MS);
    await probe();
    await this.expose();
  }

  /** Starts it without asking whether it is ready. */
  async launch(...further: readonly string[]): Promise<void> {
    const authority = join(this.sandbox.folder, 'kyverno-mirror.pem');
    writeFileSync(authority, this.authority);
    const replaced = further.map((argument) => argument.slice(0, argument.indexOf('=') + 1));
    this.program = this.programs.start({
      name: 'kyverno',
      command: this.binary,
      args: [
        ...this.command.args.filter((argument) => !replaced.some((name) => argument.startsWith(name))), ...further,
        `--kubeconfig=${await this.cluster.serviceAccountKubeconfig(KYVERNO_NAMESPACE, KYVERNO_DEPLOYMENT)}`,
      ],
      env: { ...this.command.env, HOME: this.sandbox.folder, TUF_ROOT: join(this.sandbox.folder, 'kyverno-tuf'), SSL_CERT_FILE: authority },
    });
  }

  /** Puts it behind its Service, as a Pod that is ready is. */
  expose(): Promise<void> {
    return this.cluster.setEndpoints(KYVERNO_NAMESPACE, 'kyverno-svc', [{ address: ADDRESS, port: PORT }]);
  }

  /** Ends it, and takes it from behind its Service. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.program?.stop(signal);
    await this.cluster.setEndpoints(KYVERNO_NAMESPACE, 'kyverno-svc', []);
  }
}

/** What the kubelet asks, which compares no certificate. */
async function probe(): Promise<void> {
  const status = await new Promise((answered, failed) => {
    get(`https://${ADDRESS}:${PORT}/health/readiness`, { rejectUnauthorized: false }, (response) => {
      response.resume();
      answered(response.statusCode);
    }).once('error', failed);
  });
  strictEqual(status, 200);
}
