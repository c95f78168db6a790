import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What was downloaded or built before, by the hash of its content, so that it can be trusted as much as what is new. */
export class Cache {
  /** Of the user, so that all checkouts share it and `npm ci` leaves it alone. */
  static ofUser(): Cache {
    return new Cache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'proofgate', 'image'));
  }

  constructor(private readonly folder: string) {}

  /** The content with this hash, such as `sha256:…`; `undefined` when it is not there, or is not what its name says. */
  tryGet(hash: string): Buffer | undefined {
    const file = this.fileOf(hash);
    const content = existsSync(file) ? readFileSync(file) : undefined;
    return content !== undefined && hasHash(content, hash) ? content : undefined;
  }

  /** Keeps content under a hash that it was seen to have; whole or not at all, also when others do the same. */
  put(hash: string, content: Buffer): void {
    mkdirSync(this.folder, { recursive: true });
    const file = this.fileOf(hash);
    const unfinished = `${file}.${randomUUID()}`;
    writeFileSync(unfinished, content);
    renameSync(unfinished, file);
  }

  private fileOf(hash: string): string {
    return join(this.folder, hash.replace(':', '-'));
  }
}

/** Whether content has a hash, written as `sha256:` or `sha512:` and hex. */
export function hasHash(content: Uint8Array, hash: string): boolean {
  const [algorithm = '', hex] = hash.split(':');
  return createHash(algorithm).update(content).digest('hex') === hex;
}
