import { readFileSync } from 'node:fs';
import { Testing } from 'cdk8s';
import { Enforcement } from '../../examples/quickstart/chart';
import * as kit from '../../lib/testing';
import { codeBlocks } from './pages';

const page = readFileSync('docs/testing-policies.md', 'utf8');
const chart = new Enforcement(Testing.app(), 'enforcement');
const [message = '', outline = ''] = codeBlocks(page, 'text');

test('the page shows the tests of the quickstart, whole', () => {
  expect(codeBlocks(page, 'ts')[0]).toBe(readFileSync('examples/quickstart/chart.test.ts', 'utf8'));
});

test('the page shows a message as it is', () => {
  const branch = kit.githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/feature' });
  expect(() => kit.assertAdmits(chart, kit.inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), kit.signedBy(branch).withProvenance())).toThrow(new Error(message.trimEnd()));
});

test('the page shows the outline of the quickstart', () => {
  expect(outline).toBe(kit.enforcementOf(chart));
});

test('the page names what the kit exports, and nothing that it does not', () => {
  const methods = Object.getOwnPropertyNames(kit.SignerEvidence.prototype).filter((name) => /^[a-z]/.test(name) && name !== 'constructor' && name !== 'saying');
  const functions = Object.entries(kit).filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name)).map(([name]) => name);
  expect([...functions, ...methods, 'and', ...Object.keys(kit.matchers)].filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
});

test('the README shows matchers that there are', () => {
  const [, shown = ''] = /## Test it[^]*?```ts\n([^]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const lines = shown.split('\n').filter((line) => line !== '');
  const tests = readFileSync('examples/quickstart/chart.test.ts', 'utf8');
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter((line) => !tests.includes(`  ${line}\n`))).toEqual([]);
});
