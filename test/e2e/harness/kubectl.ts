import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Sandbox } from './sandbox';

export interface KubectlAnswer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command that a user would type. */
export class Kubectl {
  constructor(private readonly sandbox: Sandbox, private readonly kubeconfig: string) {}

  /**
   * Applies manifests as they are, with the server's strict validation: an unknown or doubled field is an error.
   *
   * @throws Error with what kubectl said when the server refuses any of them
   */
  async apply(yaml: string): Promise<string> {
    const answer = await this.run(['apply', '--server-side', '--validate=strict', '--filename=-'], yaml);
    if (answer.code !== 0) {
      throw new Error(`kubectl apply: exit code ${answer.code}: ${answer.stderr.trim()}`);
    }
    return answer.stdout;
  }

  async run(args: readonly string[], input = ''): Promise<KubectlAnswer> {
    const cache = join(this.sandbox.folder, 'kubectl-cache');
    const child = spawn(this.sandbox.binaries.cluster, ['kubectl', '--kubeconfig', this.kubeconfig, '--cache-dir', cache, ...args]);
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.stdout += text);
    child.stderr.setEncoding('utf8').on('data', (text: string) => output.stderr += text);
    // Whoever does not read what is written says by his exit code why.
    child.stdin.on('error', () => undefined).end(input);
    const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
    return { code, ...output };
  }
}
