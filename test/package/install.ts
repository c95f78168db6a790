import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { builtCommand } from '../support/command';

/** A project in a folder of its own, in which the package is installed from its tarball, beside others that this repository has. */
export function projectWith(...others: readonly string[]): string {
  builtCommand();
  if (!existsSync('build/lib/index.js')) {
    throw new Error('build/lib is not there, so the tarball would hold no library: run `npm run build` first');
  }
  const project = mkdtempSync(join(tmpdir(), 'installed-'));
  install(project, pack('.', project));
  ['cdk8s', 'constructs', ...others].forEach((name) => link(project, name));
  return project;
}

/** Packs what a folder holds now. @returns the path of the tarball */
export function pack(folder: string, destination: string): string {
  // The build, which packing may begin with, is done.
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', destination], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })) as [{ filename: string; name: string }];
  return join(destination, filename);
}

/** Unpacks a tarball under the name in its package.json, as `npm install` does. */
export function install(project: string, tarball: string): void {
  const { name } = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' })) as { name: string };
  const folder = join(project, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}

function link(project: string, name: string): void {
  const place = join(project, 'node_modules', name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(resolve('node_modules', name), place);
}
