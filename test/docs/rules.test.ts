import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../lib/refusals';
import { path, render } from '../../scripts/docs/rules';

const page = render();
const sections = page.split(/^#/m).filter((part) => part.startsWith('# '));

test('every rule has exactly one section, with its title, reason and remedy', () => {
  const expected = RULES.map(({ code, title, why, remedy }) => `# ${code}\n\n**${title}.** ${why}\n\n*What to do:* ${remedy}`);
  expect(sections.map((section) => section.trim()).sort()).toEqual(expected.sort());
});

test('every code with which a construct refuses is on the page', () => {
  const codes = [...sources('lib/authoring'), ...sources('lib/cdk8s')].flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bcode: '([A-Z_]+)'/g)].map(([, code = '']) => code));
  expect(codes).toContain('ALTERED');
  expect(codes.filter((code) => !page.includes(`\`${code}\``) && !page.includes(`## ${code}\n`))).toEqual([]);
});

test('the written page is what the rules say', () => {
  expect(readFileSync(path, 'utf8')).toBe(page);
});

function sources(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name)).flatMap((file) => (statSync(file).isDirectory() ? sources(file) : [file]));
}
