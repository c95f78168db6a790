import { gunzipSync } from 'node:zlib';
import { stripElf } from './elf';
import { Entries, FileEntry } from './entry';
import { ImageError } from './error';
import { readTar } from './tar';

/** Node and its licences, from the tarball of its npm package; without symbols, which are a seventh of it. */
export async function nodeEntries(tarball: Buffer): Promise<{ readonly entries: Entries; readonly program: Buffer }> {
  const files = await readTar(gunzipSync(tarball));
  const file = (path: string): FileEntry => {
    const found = files.get(`package/${path}`);
    return found?.type === 'file' ? found : missing(path);
  };
  const program = stripElf(file('bin/node').content);
  return {
    program,
    entries: new Map([
      ['usr/bin/node', { type: 'file', content: program, executable: true }],
      ['usr/share/doc/node/LICENSE', file('LICENSE')],
    ]),
  };
}

function missing(path: string): never {
  throw new ImageError(`the npm package of Node holds no ${path}`);
}
