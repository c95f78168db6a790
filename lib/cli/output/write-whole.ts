import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unreadable } from '../../policy/unreadable';
import { UsageError } from '../exit';

/**
 * Writes what `--out` names: beside it first, then by a new name, so that what was there stays whole where it cannot be written.
 *
 * What a link leads to is what is written; a device or a pipe is written to as it is, and so is a file that is open and has no name any more.
 *
 * @param out - the file, or the folder that the file goes into, which is made
 * @param name - of the file in that folder. @default - `out` is the file
 * @throws UsageError
 */
export async function writeWhole(out: string, text: string, name?: string): Promise<void> {
  try {
    if (name !== undefined) {
      await mkdir(out, { recursive: true });
    }
    await replace(name === undefined ? out : join(out, name), text);
  } catch (error) {
    throw new UsageError(`--out ${out}: cannot be written${name === undefined ? '' : ' to'} (${unreadable(error)})`);
  }
}

async function replace(path: string, text: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  const named = await realpath(path).catch(() => undefined);
  // Another name for what has none would replace the link to it, which may be the machine's /dev/stdout.
  if (found !== undefined && (!found.isFile() || named === undefined)) {
    await writeFile(path, text);
    return;
  }
  const file = named ?? path;
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}
