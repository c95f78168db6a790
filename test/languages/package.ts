import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Where everything is made; what an earlier run has left is removed. */
export const WORK = resolve('build/languages');

/** Bindings by language. */
export const BINDINGS = join(WORK, 'bindings');

/** Node that the library's runtime in other languages is run by, and tools are: the one that runs this. */
export const ENVIRONMENT: NodeJS.ProcessEnv = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, TMPDIR: join(WORK, 'tmp') };

/** Runs a program to its end. @throws with what it printed, when it fails */
export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  try {
    return execFileSync(command, args, { cwd, env: { ...ENVIRONMENT, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 });
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { readonly stdout?: string; readonly stderr?: string };
    throw new Error([message.split('\n')[0], stdout, stderr].filter(Boolean).join('\n'), { cause: error });
  }
}

/** The package as its tarball installs it, beside its peers, and the bindings that are generated from it. */
export function prepareBindings(): void {
  rmSync(WORK, { recursive: true, force: true });
  const installed = join(WORK, 'node_modules', 'proofgate');
  mkdirSync(installed, { recursive: true });
  mkdirSync(join(WORK, 'tmp'));
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', WORK], resolve('.'))) as [{ readonly filename: string }];
  run('tar', ['-xzf', join(WORK, packed.filename), '-C', installed, '--strip-components=1'], WORK);
  for (const peer of ['cdk8s', 'constructs']) {
    cpSync(resolve('node_modules', peer), join(WORK, 'node_modules', peer), { recursive: true });
    withoutDevelopment(join(WORK, 'node_modules', peer, 'package.json'));
  }
  withoutDevelopment(join(installed, 'package.json'));
  const generate = (...args: string[]): string => run(process.execPath, [resolve('node_modules/jsii-pacmak/bin/jsii-pacmak'), '--code-only', '--outdir', BINDINGS, ...args], installed);
  generate('--target', 'python', 'java');
  // Those of its peers are on no proxy for every release, so that they are generated as well.
  generate('--target', 'go', '--recurse');
}

/** The generator packs the package once more, and follows what it names: neither its build nor its development tools are there. */
function withoutDevelopment(file: string): void {
  const fields = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as object).filter(([name]) => !['devDependencies', 'scripts'].includes(name));
  writeFileSync(file, JSON.stringify(Object.fromEntries(fields)));
}
