import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface ServerProcessOptions {
  /** A command that runs the server in its place, such as `prlimit` with its flags. @default - none */
  readonly under?: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Those that run: none outlives this process. */
const running = new Set<ChildProcess>();
process.once('exit', killServers);

/** Ends all that run, at once. */
export function killServers(): void {
  running.forEach((child) => child.kill('SIGKILL'));
}

/** A server in a process of its own, so that its CPU time is its own. */
export class ServerProcess {
  /** Starts it and waits for the line that says where it listens; its output goes to a file, which it writes as in production it writes a pipe. */
  static async start(args: readonly string[], ca: string, logFile: string, { under = [], env = {} }: ServerProcessOptions = {}): Promise<ServerProcess> {
    const log = openSync(logFile, 'w');
    const [command = process.execPath, ...all] = [...under, process.execPath, ...args];
    const child = spawn(command, all, { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    for (let waited = 0; waited < 20_000; waited += 20) {
      const port = /"event":"listening","address":"127\.0\.0\.1:(\d+)"/.exec(readFileSync(logFile, 'utf8'))?.[1];
      if (port !== undefined) {
        return new ServerProcess(child, { port: Number(port), ca }, logFile);
      }
      if (child.exitCode !== null || child.signalCode !== null) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGKILL');
    throw new Error(`${args.join(' ')} did not start: ${readFileSync(logFile, 'utf8').slice(-2_000)}`);
  }

  private constructor(private readonly child: ChildProcess, readonly target: { readonly port: number; readonly ca: string }, private readonly logFile: string) {}

  /** The process. */
  get pid(): number {
    return this.child.pid ?? NaN;
  }

  /** Whether it has not ended, by itself or by a signal. */
  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Everything it has written. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** @param signal @default SIGTERM */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.isRunning) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
  }
}
