/** A file or a symbolic link of an image; the folders above it are implied. */
export type Entry = FileEntry | LinkEntry;

export interface FileEntry {
  readonly type: 'file';
  readonly content: Buffer;
  /** Whether it may be run; nothing in the image is writable. */
  readonly executable: boolean;
}

export interface LinkEntry {
  readonly type: 'link';
  readonly target: string;
}

/** By path without a leading slash. */
export type Entries = ReadonlyMap<string, Entry>;

export function textFile(text: string): FileEntry {
  return { type: 'file', content: Buffer.from(text), executable: false };
}
