import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const BUNDLE = join(ROOT, 'build/bin/proofgate.cjs');
const THREAD = join(ROOT, 'build/bin/sigstore-thread.cjs');
const LOCK = join(ROOT, 'build/bundle.lock');

/** In milliseconds. */
const LONGEST_BUILD = 60_000;

/** How a command ended, and what it wrote. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: { readonly [name: string]: string };
}

/** The command line as one file, as it is shipped; built when a source is younger than it. */
export function builtCommand(): string {
  mkdirSync(dirname(LOCK), { recursive: true });
  while (isStale()) {
    if (!lock()) {
      // Another test file is building it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      continue;
    }
    try {
      execFileSync(process.execPath, ['scripts/bundle.mjs', 'proofgate', 'sigstore-thread', 'certificates'], { cwd: ROOT, stdio: 'pipe' });
    } finally {
      rmdirSync(LOCK);
    }
  }
  return BUNDLE;
}

/** What its threads run, as it is shipped. */
export function builtThread(): string {
  builtCommand();
  return THREAD;
}

/** Runs the command to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const command = new RunningCommand(args, options);
  command.child.stdin?.on('error', () => undefined).end(options.input ?? '');
  return command.end;
}

/** A command that goes on running. */
export class RunningCommand {
  readonly child: ChildProcess;
  readonly end: Promise<Finished>;
  private out = '';
  private err = '';

  constructor(args: readonly string[], { env = {} }: RunOptions = {}) {
    this.child = spawn(process.execPath, [builtCommand(), ...args], { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.end = new Promise((resolve) => this.child.once('close', (code) => resolve({ code, out: this.out, err: this.err })));
  }

  /** The JSON lines so far. */
  get lines(): readonly { readonly [field: string]: unknown }[] {
    return this.out.split('\n').slice(0, -1).map((line) => JSON.parse(line) as { [field: string]: unknown });
  }

  /** The first line that is such an event, as soon as it is there. @throws Error when the command ends before */
  async event(name: string): Promise<{ readonly [field: string]: unknown }> {
    let ended: Finished | undefined;
    void this.end.then((finished) => (ended = finished));
    for (;;) {
      const found = this.lines.find(({ event }) => event === name);
      if (found !== undefined) {
        return found;
      }
      if (ended !== undefined) {
        throw new Error(`ended with ${ended.code} before it said ${name}:\n${ended.err}${ended.out}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Whether this process is the one that builds; what a process that was killed left behind is taken over. */
function lock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error;
    }
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return Date.now() - since > LONGEST_BUILD;
  }
}

function isStale(): boolean {
  const built = Math.min(...[BUNDLE, THREAD].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
  const sources = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).map((file) => join(ROOT, 'lib', file));
  return [...sources, join(ROOT, 'scripts/bundles.mjs')].some((file) => statSync(file).mtimeMs > built);
}
