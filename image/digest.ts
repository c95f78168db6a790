import { createHash } from 'node:crypto';

/** `sha256:` and the hash in hex. */
export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
