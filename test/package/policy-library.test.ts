import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeBlocks } from '../docs/pages';
import { install, pack, projectWith } from './install';

jest.setTimeout(240_000);

const SOURCE = 'examples/policy-library';

/** The library's own checkout, inside the project that has what it depends on, and the project of a team that installs it. */
const workshop = projectWith('.bin', '@types/jest', '@types/node', 'jest', 'jsii', 'ts-jest', 'typescript');
const library = join(workshop, 'library');
const team = projectWith();
afterAll(() => [workshop, team].forEach((folder) => rmSync(folder, { recursive: true })));

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

const env = { PATH: process.env.PATH, HOME: workshop, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };

function run(folder: string, args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
  return { status, output: `${stdout}${stderr}` };
}

/** Runs a line of the README as it stands there, in the library. */
function follow(line: string): Ended {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: library, encoding: 'utf8', env: { ...env, CI: 'true' } });
  return { status, output: `${stdout}${stderr}` };
}

const [installed = '', commands = ''] = codeBlocks(readFileSync(join(SOURCE, 'README.md'), 'utf8'), 'sh');
const [build = '', tests = '', packs = ''] = commands.split('\n');

beforeAll(() => {
  cpSync(SOURCE, library, { recursive: true });
  symlinkSync(join(workshop, 'node_modules'), join(library, 'node_modules'));
  const built = follow(build);
  if (built.status !== 0) {
    throw new Error(built.output);
  }
  install(team, pack(library, workshop));
});

test('its README installs the tarball of proofgate, builds, tests and packs', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(installed).toBe(`npm install --no-save PATH/TO/proofgate-${version}.tgz\n`);
  expect([build, tests, packs]).toEqual(['npm run build', 'npm test', 'npm pack']);
});

test('what it depends on to be built and tested is what this repository tests it with', () => {
  const versions = (file: string): { readonly [name: string]: string } => (JSON.parse(readFileSync(file, 'utf8')) as { devDependencies: { [name: string]: string } }).devDependencies;
  const { proofgate, ...others } = versions(join(SOURCE, 'package.json'));
  expect(proofgate).toBe('0.0.0');
  expect(versions('package.json')).toMatchObject(others);
});

test('its tests pass as its README runs them, with their types checked', () => {
  const { status, output } = follow(tests);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/Tests: +\d+ passed, \d+ total\nSnapshots: +1 passed, 1 total/) as unknown });
  const file = join(library, 'test', 'policies.test.ts');
  const sound = readFileSync(file, 'utf8');
  writeFileSync(file, sound.replace('toEnforce()', 'toEnforceAll()'));
  expect(follow(tests)).toEqual({ status: 1, output: expect.stringContaining('\'toEnforceAll\' does not exist') as unknown });
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
