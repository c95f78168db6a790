import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Cache } from '../../../image/cache';
import { readDeb } from '../../../image/deb';
import { DebianMirror } from '../../../image/debian-mirror';
import { ImageError } from '../../../image/error';
import type { LockedPackage } from '../../../image/lock';
import { cacheFolder } from './binaries';
import { CannotRun } from './failure';

/** The Debian release that packages are locked for. */
export const DEBIAN_SUITE = 'bookworm';

/** Libraries of unpacked packages, for `LD_LIBRARY_PATH`. */
export const LIBRARIES = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'] as const;

/** Where Debian has programs and libraries. */
const PROGRAMS = /^(usr\/)?(s?bin|lib)\//;

/**
 * A folder with the programs and libraries of Debian packages, never installed, only unpacked: from the user's cache or else from a Debian mirror.
 *
 * @param wanted - which of their files @default all programs and libraries
 * @throws CannotRun
 */
export async function prepareDebianPackages(name: string, locked: readonly LockedPackage[], wanted = PROGRAMS): Promise<string> {
  if (process.arch !== 'x64') {
    throw new CannotRun(`Debian's ${name} is locked for amd64, and this is ${process.arch}: run this part of the test on amd64.`);
  }
  const hash = createHash('sha256').update(locked.map(({ sha256 }) => sha256).join()).digest('hex').slice(0, 16);
  const folder = join(cacheFolder(), `${name}-${hash}`);
  if (!existsSync(folder)) {
    // Unpacked beside and moved: a run at the same time sees all of it or nothing.
    const unfinished = `${folder}.${process.pid}`;
    try {
      for (const one of locked) {
        await unpack(await fetched(one), unfinished, wanted);
      }
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return folder;
}

async function unpack(bytes: Buffer, folder: string, wanted: RegExp): Promise<void> {
  const { files } = await readDeb(bytes);
  for (const [path, entry] of files) {
    if (!wanted.test(path)) {
      continue;
    }
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (entry.type === 'link') {
      symlinkSync(entry.target, file);
    } else {
      writeFileSync(file, entry.content, { mode: entry.executable ? 0o755 : 0o644 });
    }
  }
}

async function fetched(locked: LockedPackage): Promise<Buffer> {
  try {
    return await new DebianMirror(DEBIAN_SUITE, Cache.ofUser()).get(locked);
  } catch (error) {
    throw error instanceof ImageError ? new CannotRun(error.message, { cause: error }) : error;
  }
}
