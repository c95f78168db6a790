// The CEL library as one TypeScript file, so that the package needs nothing at run time and the pure folders import no package:
// node scripts/cel.mjs [--check]
// With --check nothing is written; exit code 1 says that the written one is not what the installed package gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const FOLDER = 'node_modules/@marcbachmann/cel-js';
const OUTPUT = 'lib/policy/cel/library.ts';

const { name, version } = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8'));
const licence = readFileSync(`${FOLDER}/LICENSE`, 'utf8').trim().split('\n').map((line) => ` * ${line}`.trimEnd()).join('\n');

const { outputFiles } = await build({
  stdin: { contents: `export { Environment } from '${name}';`, resolveDir: '.', sourcefile: 'library.js' },
  // Names in the output come from paths.
  preserveSymlinks: true,
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'library',
  platform: 'neutral',
  target: 'es2022',
  charset: 'ascii',
  minifyWhitespace: true,
  lineLimit: 160,
});
const code = outputFiles[0].text.trim().replace(/^var library=/, '').replace(/;$/, '');
const text = `// @ts-nocheck
/*
 * ${name} ${version}, bundled by scripts/cel.mjs; not to be edited.
 *
${licence}
 */
import type { CelLibrary } from './library-types';

/** Takes some milliseconds, which only whoever has conditions should wait for. */
export function loadLibrary(): CelLibrary {
  return ${code};
}
`;

if (!process.argv.includes('--check')) {
  writeFileSync(OUTPUT, text);
} else if (readFileSync(OUTPUT, 'utf8') !== text) {
  console.error(`${OUTPUT} is not what ${name} ${version} gives. Run 'npm run cel' and commit it.`);
  process.exit(1);
}
