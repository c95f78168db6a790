import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const within = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.md')).map((name) => join(folder, name));

/** The pages of the project and of its examples. */
const PAGES = ['README.md', 'MIGRATION.md', 'API.md', 'RULES.md', ...within('docs'), ...within('docs/dev'), ...readdirSync('examples').map((name) => `examples/${name}/README.md`)].filter((page) => existsSync(page));

interface Link {
  readonly target: string;
  readonly anchor: string | undefined;
}

/** Links of a page to what is in the project; that of a folder leads to its page. */
function linksOf(page: string): Link[] {
  return [...readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)].map(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    const ofFolder = join(target, 'README.md');
    return { target: existsSync(target) && statSync(target).isDirectory() && existsSync(ofFolder) ? ofFolder : target.replace(/\/$/, ''), anchor };
  });
}

function anchorsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const titles = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replace(/[^a-z0-9_ -]/g, '').replaceAll(' ', '-'));
  return [...titles, ...[...text.matchAll(/ (?:id|name)="([^"]*)"/g)].map(([, id = '']) => id)];
}

test('there are pages to read, each with a way on', () => {
  expect(PAGES.length).toBeGreaterThan(30);
});

test.each(PAGES)('links of %s lead somewhere, also within a page', (page) => {
  const astray = linksOf(page).filter(({ target, anchor }) => !existsSync(target) || (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor)));
  expect(astray).toEqual([]);
});

test('whoever begins at the README gets to every page', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    linksOf(page).filter(({ target }) => PAGES.includes(target)).forEach(({ target }) => reached.add(target));
  }
  expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
});

test('the README itself leads to the guides that a newcomer needs', () => {
  const targets = linksOf('README.md').map(({ target, anchor }) => (anchor === undefined ? target : `${target}#${anchor}`));
  expect(targets).toEqual(expect.arrayContaining([
    'docs/first-policy.md', 'docs/migrating.md', 'docs/testing-policies.md', 'MIGRATION.md', 'docs/operations.md', 'docs/operations.md#the-first-apply', 'docs/operations.md#emergency-exit',
    'docs/languages.md', 'docs/pulumi.md', 'docs/documents.md', 'API.md', 'RULES.md', 'docs/reason-codes.md', 'docs/security.md',
  ]));
  expect(targets).toEqual(expect.arrayContaining(PAGES.filter((page) => page.startsWith('examples/'))));
});
