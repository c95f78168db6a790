import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache, hasHash } from './cache';
import { ImageError } from './error';
import { LockedNpmPackage } from './lock';

/** The tarball of a package, from the registry that npm is configured with, by npm itself. @throws ImageError when it is not the locked one */
export function npmTarball(locked: LockedNpmPackage, cache: Cache): Buffer {
  const hash = hexHash(locked);
  const cached = cache.tryGet(hash);
  if (cached !== undefined) {
    return cached;
  }
  const content = pack(locked);
  if (!hasHash(content, hash)) {
    throw new ImageError(`${locked.name} ${locked.version} of the npm registry is not the locked one: its hash is not ${locked.integrity}, which package-lock.json names`);
  }
  cache.put(hash, content);
  return content;
}

function pack({ name, version }: LockedNpmPackage): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'proofgate-image-'));
  // npm says how it was started; on its own it is on the PATH.
  const [program, first] = process.env.npm_execpath === undefined ? ['npm', []] : [process.env.npm_node_execpath ?? process.execPath, [process.env.npm_execpath]];
  try {
    const args = [...first, 'pack', `${name}@${version}`, '--json', '--ignore-scripts', '--prefer-offline', '--pack-destination', folder];
    const [packed] = JSON.parse(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 })) as Array<{ filename: string }>;
    return readFileSync(join(folder, packed?.filename ?? ''));
  } catch (error) {
    throw new ImageError(`npm cannot get ${name} ${version}: ${String(error instanceof Error ? error.message : error)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** npm writes base64. */
function hexHash({ name, integrity }: LockedNpmPackage): string {
  const [, algorithm, base64 = ''] = /^(sha512)-([A-Za-z0-9+/]+=*)$/.exec(integrity) ?? [];
  if (algorithm === undefined) {
    throw new ImageError(`package-lock.json names no SHA-512 for ${name}, so nothing says which content is meant`);
  }
  return `${algorithm}:${Buffer.from(base64, 'base64').toString('hex')}`;
}
