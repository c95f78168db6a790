import { ImageError } from './error';

/** What a 64-bit little-endian ELF file says about how it is loaded (elf(5)). */
export interface ElfFile {
  /** Path of the loader, for programs. */
  readonly interpreter?: string;
  /** Names of the libraries that it is linked with (DT_NEEDED). */
  readonly needed: readonly string[];
  /** Where the last loaded byte ends: symbols and debug information follow, which nothing needs at run time. */
  readonly loadedSize: number;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

export function isElf(bytes: Buffer): boolean {
  return bytes.readUInt32BE(0) === 0x7f454c46;
}

/** @throws ImageError for bytes that are no such file */
export function readElf(bytes: Buffer): ElfFile {
  if (bytes.length < 64 || !isElf(bytes) || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new ImageError('not a 64-bit little-endian ELF file');
  }
  const segments = readSegments(bytes);
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  return {
    ...(interpreter === undefined ? {} : { interpreter: textAt(bytes, interpreter.offset) }),
    needed: needed(bytes, segments, loaded),
    loadedSize: Math.max(...loaded.map(({ offset, size }) => offset + size)),
  };
}

/**
 * Cuts off what is never loaded, together with the table of sections that describes it: what `strip` does, without depending on one that knows
 * the platform, and with the same bytes everywhere.
 */
export function stripElf(bytes: Buffer): Buffer {
  const stripped = Buffer.from(bytes.subarray(0, readElf(bytes).loadedSize));
  // e_shoff, e_shnum, e_shstrndx
  stripped.writeBigUInt64LE(0n, 40);
  stripped.writeUInt16LE(0, 60);
  stripped.writeUInt16LE(0, 62);
  return stripped;
}

function readSegments(bytes: Buffer): Segment[] {
  const start = Number(bytes.readBigUInt64LE(32));
  const entrySize = bytes.readUInt16LE(54);
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = start + index * entrySize;
    const number = (field: number): number => Number(bytes.readBigUInt64LE(at + field));
    return { type: bytes.readUInt32LE(at), offset: number(8), address: number(16), size: number(32) };
  });
}

function needed(bytes: Buffer, segments: readonly Segment[], loaded: readonly Segment[]): string[] {
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) {
    return [];
  }
  const tags = Array.from({ length: Math.floor(dynamic.size / 16) }, (_, index) => {
    const at = dynamic.offset + index * 16;
    return { tag: Number(bytes.readBigInt64LE(at)), value: Number(bytes.readBigUInt64LE(at + 8)) };
  });
  const address = tags.find(({ tag }) => tag === DT_STRTAB)?.value ?? 0;
  const segment = loaded.find((one) => address >= one.address && address < one.address + one.size);
  if (segment === undefined) {
    throw new ImageError('an ELF file whose table of names is not loaded');
  }
  const names = address - segment.address + segment.offset;
  return tags.filter(({ tag }) => tag === DT_NEEDED).map(({ value }) => textAt(bytes, names + value));
}

function textAt(bytes: Buffer, start: number): string {
  return bytes.toString('latin1', start, bytes.indexOf(0, start));
}
