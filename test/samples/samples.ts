import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FINDINGS = join(__dirname, 'findings.json');

/** By repository (`OWNER/NAME` on GitHub): the commit, and the SHA-256 of each file by its path. */
export interface Sources {
  readonly [repository: string]: { readonly commit: string; readonly files: { readonly [path: string]: string } };
}

/** What lint and import made of a file, all of whose objects were judged together. */
export interface Sample {
  /** Why it was not judged. */
  readonly problem?: string;
  /** How often each rule found something. */
  readonly findings?: { readonly [code: string]: number };
  /** Objects that decide about admission, and not about images. */
  readonly unrelated?: readonly string[];
  /** Where import reads it. */
  readonly imported?: { readonly documents: number; readonly omitted: readonly string[]; readonly stricter: readonly string[] };
}

/** By repository and path. */
export interface Findings {
  [repository: string]: { readonly [path: string]: Sample };
}

export function sources(): Sources {
  return JSON.parse(readFileSync(join(__dirname, 'sources.json'), 'utf8')) as Sources;
}

export function findings(): Findings {
  return JSON.parse(readFileSync(FINDINGS, 'utf8')) as Findings;
}
