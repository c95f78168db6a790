import { readFileSync } from 'node:fs';
import { App, Chart } from 'cdk8s';
import { KeylessAttestor, SignedImagePolicy } from '../../lib';
import { codeBlocks } from './pages';

const page = readFileSync('docs/first-policy.md', 'utf8');
const [chart, main, tests = ''] = codeBlocks(page, 'ts');
const read = (file: string): string => readFileSync(`examples/quickstart/${file}`, 'utf8');

test('the page shows the programs of the quickstart, whole, and its first test', () => {
  expect([chart, main]).toEqual([read('chart.ts'), read('main.ts')]);
  const first = tests.slice(tests.indexOf('test('));
  expect(first).toMatch(/toRefuse\(api, 'WRONG_IDENTITY'/);
  expect(read('chart.test.ts')).toContain(first);
});

test('the lines before that test are those of the quickstart, as far as it needs them', () => {
  const needed = tests.slice(0, tests.indexOf('test(')).split('\n').filter((line) => line.startsWith('const api') || line.startsWith('const release'));
  expect(needed).toHaveLength(2);
  expect(needed.filter((line) => !read('chart.test.ts').includes(`${line}\n`))).toEqual([]);
});

test('the page shows the refusal of the pattern that it says to try', () => {
  const made = new Chart(new App(), 'enforcement');
  const release = KeylessAttestor.githubWorkflow(made, 'release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
  const [said = ''] = codeBlocks(page, 'text');
  expect(() => new SignedImagePolicy(made, 'payments', { images: ['ghcr.io/acme*'], attestors: [release] })).toThrow(new Error(said.trimEnd()));
});
