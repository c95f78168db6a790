import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { Entries, Entry } from './entry';
import { ImageError } from './error';

/** The beginning of time: what was when says nothing about what is inside. */
const TIME = new Date(0);

/** Writes entries as a tar: sorted by bytes, owned by root, with fixed times and modes, the folders above them included. The same entries give the same bytes. */
export async function writeTar(entries: Entries): Promise<Buffer> {
  const folders = new Set([...entries.keys()].flatMap(foldersAbove));
  const clash = [...entries.keys()].find((path) => folders.has(path));
  if (clash !== undefined) {
    throw new ImageError(`${clash} cannot be a file and a folder of the same image`);
  }
  const tar = pack();
  for (const path of [...folders, ...entries.keys()].sort(byBytes)) {
    const entry = entries.get(path);
    const common = { mtime: TIME, uid: 0, gid: 0 };
    if (entry === undefined) {
      tar.entry({ ...common, name: `${path}/`, type: 'directory', mode: 0o755 });
    } else if (entry.type === 'link') {
      tar.entry({ ...common, name: path, type: 'symlink', linkname: entry.target, mode: 0o777 });
    } else {
      tar.entry({ ...common, name: path, type: 'file', mode: entry.executable ? 0o755 : 0o644 }, entry.content);
    }
  }
  tar.finalize();
  return buffer(tar);
}

/** Reads the files and symbolic links of a tar; everything else in it is passed over. */
export async function readTar(bytes: Buffer): Promise<Entries> {
  const entries = new Map<string, Entry>();
  const tar = extract();
  tar.end(bytes);
  for await (const entry of tar) {
    const { name, type, mode, linkname } = entry.header;
    const path = posix.normalize(name).replace(/^\/|\/$/g, '');
    const content = await buffer(entry);
    if (type === 'symlink') {
      entries.set(path, { type: 'link', target: linkname ?? '' });
    } else if (type === 'file') {
      entries.set(path, { type: 'file', content, executable: ((mode ?? 0) & 0o111) !== 0 });
    }
  }
  return entries;
}

function foldersAbove(path: string): string[] {
  const above = posix.dirname(path);
  return above === '.' ? [] : [above, ...foldersAbove(above)];
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
