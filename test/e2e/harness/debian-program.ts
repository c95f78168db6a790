import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Cache } from '../../../image/cache';
import { readDeb } from '../../../image/deb';
import { DebianMirror } from '../../../image/debian-mirror';
import { ImageError } from '../../../image/error';
import type { LockedPackage } from '../../../image/lock';
import { cacheFolder } from './binaries';
import { CannotRun } from './failure';

/**
 * The folder that holds programs of a Debian package, never installed, only unpacked: from the user's cache or else from a Debian mirror.
 *
 * @param programs - paths within the package
 * @throws CannotRun
 */
export async function prepareDebianPrograms(locked: LockedPackage, programs: readonly string[]): Promise<string> {
  if (process.arch !== 'x64') {
    throw new CannotRun(`Debian's ${locked.name} is locked for amd64, and this is ${process.arch}: run this part of the test on amd64.`);
  }
  const folder = join(cacheFolder(), `${locked.name}-${locked.sha256.slice(0, 16)}`);
  if (programs.every((program) => existsSync(join(folder, basename(program))))) {
    return folder;
  }
  const { files } = await readDeb(await fetched(locked));
  mkdirSync(folder, { recursive: true });
  for (const program of programs) {
    const found = files.get(program);
    if (found?.type !== 'file') {
      throw new CannotRun(`The Debian package ${locked.name} ${locked.version} has no ${program}.`);
    }
    // Written beside and moved: a run at the same time sees the whole program or none.
    const file = join(folder, basename(program));
    const unfinished = `${file}.${process.pid}`;
    try {
      writeFileSync(unfinished, found.content, { mode: 0o755 });
      renameSync(unfinished, file);
    } finally {
      rmSync(unfinished, { force: true });
    }
  }
  return folder;
}

async function fetched(locked: LockedPackage): Promise<Buffer> {
  try {
    return await new DebianMirror('bookworm', Cache.ofUser()).get(locked);
  } catch (error) {
    throw error instanceof ImageError ? new CannotRun(error.message, { cause: error }) : error;
  }
}
