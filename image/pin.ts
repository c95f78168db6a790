import { readFileSync, writeFileSync } from 'node:fs';
import { ImageError } from './error';

const FILE = 'lib/engines/webhook/verifier-image.ts';
const REFERENCE = /'([^'@]+)@(sha256:[0-9a-f]{64})'/;

/** The image that the constructs deploy unless told otherwise. */
export interface Pin {
  readonly repository: string;
  readonly digest: string;
}

export function readPin(): Pin {
  const [, repository, digest] = REFERENCE.exec(readFileSync(FILE, 'utf8')) ?? [];
  if (repository === undefined || digest === undefined) {
    throw new ImageError(`${FILE} names no image by digest`);
  }
  return { repository, digest };
}

/** Names another digest; the repository stays. */
export function writePin(digest: string): void {
  writeFileSync(FILE, readFileSync(FILE, 'utf8').replace(REFERENCE, `'${readPin().repository}@${digest}'`));
}
