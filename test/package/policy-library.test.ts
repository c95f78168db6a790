import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeBlocks } from '../docs/pages';
import { install, pack, projectWith } from './install';

jest.setTimeout(240_000);

const SOURCE = 'examples/policy-library';

/** The library's own checkout, inside the project that has its peers, and the project of a team that installs it. */
const workshop = projectWith('@types/node');
const library = join(workshop, 'library');
const team = projectWith();
afterAll(() => [workshop, team].forEach((folder) => rmSync(folder, { recursive: true })));

function run(folder: string, args: readonly string[]): { status: number | null; output: string } {
  const env = { PATH: process.env.PATH, HOME: workshop, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
  return { status, output: `${stdout}${stderr}` };
}

beforeAll(() => {
  mkdirSync(library);
  ['package.json', 'README.md', 'lib', 'API.md'].forEach((name) => cpSync(join(SOURCE, name), join(library, name), { recursive: true }));
  symlinkSync(join(workshop, 'node_modules'), join(library, 'node_modules'));
  const built = run(library, [resolve('node_modules/jsii/bin/jsii'), '--fail-on-warnings']);
  if (built.status !== 0) {
    throw new Error(built.output);
  }
  install(team, pack(library, workshop));
});

test('the page of the library is its reference; what it should be is left in build/', () => {
  const written = resolve('build/policy-library.API.md');
  expect(run(library, [resolve('node_modules/jsii-docgen/bin/jsii-docgen'), '--output', written])).toEqual({ status: 0, output: '' });
  expect(readFileSync(join(SOURCE, 'API.md'), 'utf8') === readFileSync(written, 'utf8')).toBe(true);
});

test('its tarball holds what is compiled and no tests', () => {
  const files = readdirSync(join(team, 'node_modules/@acme/image-policies'), { recursive: true, encoding: 'utf8' });
  expect(files).toEqual(expect.arrayContaining(['.jsii', 'API.md', 'lib/index.js', 'lib/index.d.ts', 'lib/service-policy.js']));
  expect(files.filter((file) => /test|(?<!\.d)\.ts$/.test(file))).toEqual([]);
});

test('a team that installs it and proofgate from their tarballs synthesizes what its README shows', () => {
  const [main = ''] = codeBlocks(readFileSync(join(SOURCE, 'README.md'), 'utf8'), 'ts');
  writeFileSync(join(team, 'main.ts'), main);
  expect(run(team, ['--import', pathToFileURL(require.resolve('tsx')).href, 'main.ts'])).toEqual({ status: 0, output: '' });
  const { status, output } = run(team, ['node_modules/proofgate/bin/proofgate', 'lint', 'dist']);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/^no findings in \d+ objects\n$/) as unknown });
  const written = readFileSync(join(team, 'dist/enforcement.k8s.yaml'), 'utf8');
  expect([...written.matchAll(/"kind": "ImagePolicy",\s+"metadata": \{\s+"name": "(.*)"/g)].map(([, name]) => name).sort()).toEqual(['migrate', 'payments']);
});
