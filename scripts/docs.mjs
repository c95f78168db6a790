// The generated pages: node --import tsx scripts/docs.mjs [--check]
// API.md comes from the jsii assembly, which the step `jsii` of `npm run build` writes. Each file in scripts/docs/ makes one page more: it exports
// `path`, where the page goes, and `render(): string`. With --check nothing is written; exit code 1 says that a page is not what the sources say.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, machineNode, run } from './nodes.mjs';

const PAGES = 'scripts/docs';
const check = process.argv.includes('--check');

const stale = (await pages()).filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
for (const { path, text } of stale) {
  if (check) {
    console.error(`${path} is not what the sources say. Run 'npm run build && npm run docs' and commit it.`);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
process.exit(check && stale.length > 0 ? 1 : 0);

async function pages() {
  const files = existsSync(PAGES) ? readdirSync(PAGES).filter((file) => file.endsWith('.ts')) : [];
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(resolve(PAGES, file)).href)));
  return [{ path: 'API.md', text: apiReference() }, ...modules.map(({ path, render }) => ({ path, text: render() }))];
}

function apiReference() {
  if (!existsSync('.jsii')) {
    fail("API.md is made from the file .jsii, which is not there. Run 'npm run build' first.");
  }
  const output = 'build/API.md';
  if (run(machineNode(), ['node_modules/jsii-docgen/bin/jsii-docgen', '--output', output]) !== 0) {
    fail('jsii-docgen failed, see above.');
  }
  return `${sameProgram()}\n${readFileSync(output, 'utf8')}`;
}

/** The program that `npm run e2e:languages` compiles and runs, before the reference, which speaks TypeScript alone. */
function sameProgram() {
  const programs = { TypeScript: 'typescript/main.ts', Python: 'python/main.py', Java: 'java/Main.java', Go: 'go/main.go' };
  const shown = Object.entries(programs).map(([language, file]) => (
    `${language}:\n\n\`\`\`${language.toLowerCase()}\n${readFileSync(join('examples/languages', file), 'utf8')}\`\`\`\n`
  ));
  return `# The same program in every language\n\nWhat is called differently: [docs/languages.md](docs/languages.md#what-is-called-differently).\n\n${shown.join('\n')}`;
}
