import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { decide } from '../../lib/decide/decide';
import { explain } from '../../lib/decide/explain';
import { readBundle } from '../../lib/kubernetes/read-bundle';
import { parseReference } from '../../lib/kubernetes/reference';
import { policySet } from '../../lib/policy/policy-set';
import { codeBlocks, notSynthesized, synthesize } from './pages';

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const examples = readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join('examples', entry.name, 'chart.ts'))).map(({ name }) => name);
const written = new Map(examples.map((name) => [name, Object.values(synthesize(name)).join('---\n')]));
const fileOf = (name: string): string => written.get(name) ?? '';

test('there are the examples that the documentation speaks of', () => {
  expect(examples).toEqual(expect.arrayContaining(['github-slsa3', 'quickstart']));
});

describe.each(examples)('the page of %s', (name) => {
  const page = read('examples', name, 'README.md');

  test('shows the YAML that main.ts writes, line by line', () => {
    const blocks = codeBlocks(page, 'yaml');
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.flatMap((block) => notSynthesized(block, fileOf(name)))).toEqual([]);
  });

  test('shows code only as it stands in chart.ts', () => {
    const chart = `\n${read('examples', name, 'chart.ts')}`;
    const blocks = codeBlocks(page, 'ts');
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.filter((block) => !chart.includes(`\n${block}`))).toEqual([]);
  });

  test('has a snapshot test beside it', () => {
    expect(existsSync(join('examples', name, 'chart.test.ts'))).toBe(true);
    expect(existsSync(join('examples', name, '__snapshots__', 'chart.test.ts.snap'))).toBe(true);
  });
});

test('the page of pulumi-stack shows enforcement.ts, whole, and a snapshot test is beside it', () => {
  expect(codeBlocks(read('examples/pulumi-stack/README.md'), 'ts')).toEqual([read('examples/pulumi-stack/enforcement.ts')]);
  expect(existsSync('examples/pulumi-stack/__snapshots__/enforcement.test.ts.snap')).toBe(true);
});

test('the page of Pulumi shows the policy pack of its example, whole', () => {
  expect(codeBlocks(read('docs/pulumi.md'), 'ts')).toEqual([read('examples/pulumi-stack/policy/index.ts')]);
});

describe('the page of the project', () => {
  const page = read('README.md');

  test('shows the quickstart\'s chart.ts, whole', () => {
    expect(codeBlocks(page, 'ts')[0]).toBe(read('examples', 'quickstart', 'chart.ts'));
  });

  test('shows the quickstart\'s main.ts, whole', () => {
    expect(codeBlocks(page, 'ts')[1]).toBe(read('examples', 'quickstart', 'main.ts'));
  });

  test('shows what the quickstart\'s policy says of an unsigned image', () => {
    const set = policySet([...readBundle(parseAllDocuments(fileOf('quickstart')).map((document) => document.toJS() as unknown)).documents]);
    const digest = `sha256:efa8${'0'.repeat(56)}09a3`;
    const reference = parseReference(`ghcr.io/acme/payments/api@${digest}`);
    const said = explain(decide({ set, reference, digest, namespace: { name: 'payments' }, evidence: { status: 'found', pieces: [] }, content: { status: 'unread' }, now: 0 }));
    expect(page).toContain(`denied the request:\nspec.containers[0].image: ${said.replace(/efa80+09a3/, 'efa8…09a3')}\n`);
  });

  test('shows the YAML that the quickstart writes', () => {
    const blocks = codeBlocks(page, 'yaml');
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.flatMap((block) => notSynthesized(block, fileOf('quickstart')))).toEqual([]);
  });
});

test('a line that differs, is missing or stands in another document is noticed', () => {
  const file = 'kind: A\na: 1\nb: 2\n---\nkind: B\nc: 3\n';
  expect(notSynthesized('kind: A\na: 1\n', file)).toEqual([]);
  expect(notSynthesized('kind: A\n# …\nb: 2\n', file)).toEqual([]);
  expect(notSynthesized('kind: A\na: 2\n', file)).toEqual(['kind: A\na: 2\n']);
  expect(notSynthesized('kind: A\nb: 2\n', file)).toEqual(['kind: A\nb: 2\n']);
  expect(notSynthesized('b: 2\n# …\na: 1\n', file)).toEqual(['a: 1\n']);
  expect(notSynthesized('kind: A\n# …\nc: 3\n', file)).toHaveLength(1);
});
