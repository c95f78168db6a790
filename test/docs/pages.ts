import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The fenced blocks of a page in one language, in their order. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\S+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , code = '']) => code);
}

/** Runs an example's main.ts as its README says, in a folder of its own; gives the text of every file that it wrote to `dist`. */
export function synthesize(example: string): { readonly [file: string]: string } {
  const folder = mkdtempSync(join(tmpdir(), 'proofgate-example-'));
  try {
    const args = ['--require', resolve('test/docs/fixed-clock.cjs'), '--import', pathToFileURL(require.resolve('tsx')).href, resolve('examples', example, 'main.ts')];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: folder, encoding: 'utf8', env: { ...process.env, TSX_TSCONFIG_PATH: resolve('tsconfig.dev.json') },
    });
    if (status !== 0) {
      throw new Error(`examples/${example}/main.ts ended with exit code ${status}:\n${stderr}`);
    }
    return Object.fromEntries(readdirSync(join(folder, 'dist')).map((name) => [name, readFileSync(join(folder, 'dist', name), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Marks in a block of YAML that something is left out. */
const ELISION = /^ *# …$/m;

/**
 * What is wrong with YAML shown on a page: empty when all of it stands, line by line and in this order, in one document of the file.
 *
 * Parts are separated by lines `# …`.
 */
export function notSynthesized(shown: string, file: string): string[] {
  const parts = shown.split(ELISION).map((part) => part.replace(/^\n/, '')).filter((part) => part !== '');
  const documents = file.split('---\n').map((document) => `\n${document}`);
  const missing = documents.map((document) => partsNotIn(document, parts)).sort((a, b) => a.length - b.length);
  return missing[0] ?? parts;
}

function partsNotIn(document: string, parts: readonly string[]): string[] {
  let position = 0;
  return parts.filter((part) => {
    const found = document.indexOf(`\n${part}`, position);
    position = found < 0 ? position : found + part.length;
    return found < 0;
  });
}
