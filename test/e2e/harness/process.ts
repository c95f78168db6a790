import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until';

export interface ProgramOptions {
  /** Shows in messages and names the log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The processes of one run, their logs, and their end. */
export class Programs {
  private readonly started: Program[] = [];

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  start(options: ProgramOptions): Program {
    const program = new Program(options, join(this.folder, `${options.name}-${this.started.length}.log`));
    this.started.push(program);
    return program;
  }

  /** What every program logs from now on; the result, called later, gives it as text for each that logged something. */
  listen(): () => { readonly name: string; readonly text: string }[] {
    const marks = new Map(this.started.map((program) => [program, program.log().length]));
    return () => this.started
      .map((program) => ({ name: program.name, text: program.log().slice(marks.get(program) ?? 0) }))
      .filter(({ text }) => text.trim() !== '');
  }

  /** Last started, first stopped, without grace: an API server waits for its clients, and nothing here is worth keeping. */
  async killAll(): Promise<void> {
    for (const program of this.started.toReversed()) {
      await program.stop('SIGKILL');
    }
  }
}

/** A process with its standard output and error in one log file. */
export class Program {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly end: Promise<string>;
  private ended: string | undefined;

  constructor(options: ProgramOptions, private readonly logFile: string) {
    this.name = options.name;
    const log = openSync(logFile, 'a');
    this.child = spawn(options.command, options.args, { env: { ...process.env, ...options.env }, stdio: ['ignore', log, log] });
    closeSync(log);
    this.end = new Promise((done) => {
      const ended = (how: string): void => done(this.ended = how);
      this.child.once('error', (error) => ended(error.message));
      this.child.once('exit', (code, signal) => ended(signal ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  /** How it ended and its last words; `undefined` while it runs. */
  get obituary(): string | undefined {
    return this.ended === undefined ? undefined : `${this.name} ended with ${this.ended}:\n${lastLines(this.log())}`;
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Sends a signal, waits for the end, and returns how it ended. @param signal @default SIGTERM */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<string> {
    if (this.ended === undefined) {
      this.child.kill(signal);
    }
    return this.end;
  }

  /** The first JSON line of the log that is such an event, as soon as it is there. */
  event(name: string): Promise<Readonly<Record<string, unknown>>> {
    return until(`${this.name} reports '${name}'`, () => {
      const event = this.log().split('\n').map(jsonObject).find((line) => line?.['event'] === name);
      if (!event) {
        throw new Error(`no such line in its log:\n${lastLines(this.log())}`);
      }
      return event;
    }, { unless: () => this.obituary });
  }
}

/** The last lines of a log, indented and cut. */
export function lastLines(text: string, count = 12): string {
  return text.trimEnd().split('\n').slice(-count).map((line) => `    ${line.slice(0, 300)}`).join('\n');
}

function jsonObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) {
    return undefined;
  }
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined; // still being written
  }
}
