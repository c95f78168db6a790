import { ReadableStream } from 'node:stream/web';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync, gunzipSync } from 'node:zlib';
import { XzReadableStream } from 'xz-decompress';
import { Entries } from './entry';
import { ImageError } from './error';
import { readTar } from './tar';

/** A Debian package, unpacked. */
export interface DebianPackage {
  /** What the package says of itself (deb-control(5)), as it stands there. */
  readonly control: Buffer;
  readonly files: Entries;
}

const MAGIC = '!<arch>\n';
const HEADER = 60;

/** Unpacks a Debian binary package (deb(5)). @throws ImageError when it is none, or compressed in an unknown way */
export async function readDeb(bytes: Buffer): Promise<DebianPackage> {
  const members = readAr(bytes);
  const control = (await member(members, 'control.tar')).get('control');
  if (control?.type !== 'file') {
    throw new ImageError('a Debian package without a control file');
  }
  return { control: control.content, files: await member(members, 'data.tar') };
}

/** The members of an archive in the common format of ar(5): names of up to 16 bytes, which is all that Debian uses. */
function readAr(bytes: Buffer): ReadonlyMap<string, Buffer> {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new ImageError('not a Debian package: it does not begin as an archive of ar');
  }
  const members = new Map<string, Buffer>();
  for (let at = MAGIC.length; at < bytes.length;) {
    const header = bytes.toString('latin1', at, at + HEADER);
    const size = Number(header.slice(48, 58));
    const start = at + HEADER;
    if (!header.endsWith('`\n') || !Number.isInteger(size) || start + size > bytes.length) {
      throw new ImageError(`not a Debian package: its archive is broken at byte ${at}`);
    }
    members.set(header.slice(0, 16).trimEnd().replace(/\/$/, ''), bytes.subarray(start, start + size));
    // Members begin at even places.
    at = start + size + (size % 2);
  }
  return members;
}

const DECOMPRESSION: { readonly [suffix: string]: (bytes: Buffer) => Promise<Buffer> } = {
  '': async (bytes) => bytes,
  '.gz': async (bytes) => gunzipSync(bytes),
  '.xz': async (bytes) => buffer(new XzReadableStream(ReadableStream.from([bytes]))),
  '.zst': async (bytes) => zstdDecompressSync(bytes),
};

async function member(members: ReadonlyMap<string, Buffer>, name: string): Promise<Entries> {
  for (const [found, bytes] of members) {
    const decompress = found.startsWith(name) ? DECOMPRESSION[found.slice(name.length)] : undefined;
    if (decompress !== undefined) {
      return readTar(await decompress(bytes));
    }
  }
  throw new ImageError(`a Debian package without ${name} in a compression that is known here; it has ${[...members.keys()].join(', ')}`);
}
