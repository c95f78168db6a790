import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

/** A server in a process of its own, so that its CPU time is its own. */
export class ServerProcess {
  /** Starts it and waits for the line that says where it listens; its output goes to a file, which it writes as in production it writes a pipe. */
  static async start(args: readonly string[], ca: string, logFile: string): Promise<ServerProcess> {
    const log = openSync(logFile, 'w');
    const child = spawn(process.execPath, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    for (let waited = 0; waited < 20_000; waited += 20) {
      const port = /"event":"listening","address":"127\.0\.0\.1:(\d+)"/.exec(readFileSync(logFile, 'utf8'))?.[1];
      if (port !== undefined) {
        return new ServerProcess(child, { port: Number(port), ca });
      }
      if (child.exitCode !== null) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGKILL');
    throw new Error(`${args.join(' ')} did not start: ${readFileSync(logFile, 'utf8').slice(-2_000)}`);
  }

  private constructor(private readonly child: ChildProcess, readonly target: { readonly port: number; readonly ca: string }) {}

  /** Seconds of processor time that it has used; `undefined` where the system does not say. */
  cpuSeconds(): number | undefined {
    const file = `/proc/${this.child.pid}/stat`;
    if (!existsSync(file)) {
      return undefined;
    }
    // After the name, which may hold anything and ends with the last parenthesis: fields 14 and 15, in ticks of 10 ms (proc(5)).
    const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
  }
}
