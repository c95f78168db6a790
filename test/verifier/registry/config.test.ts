import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRegistryConfig, readRegistryConfig, RegistryConfigError } from '../../../lib/verifier/registry';
import { isLoopback } from '../../../lib/verifier/registry/config';
import { credentialFor, parseDockerConfig } from '../../../lib/verifier/registry/docker-config';
import { codeBlocks } from '../../docs/pages';
import { selfSigned } from '../../support/registry/certificates';
import { containing } from '../../support/texts';

let folder: string;
let pem: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'registry-config-'));
  pem = (await selfSigned()).cert;
  writeFileSync(join(folder, 'ca.pem'), pem);
  writeFileSync(join(folder, 'not-a-ca.pem'), 'hello');
  writeFileSync(join(folder, 'docker.json'), JSON.stringify({ auths: { 'reg.test/acme': { auth: Buffer.from('u:p').toString('base64') } } }));
  writeFileSync(join(folder, 'broken.json'), '{"auths": {"reg.test": {"auth": "SECRET');
});

afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(text: string): readonly string[] {
  try {
    parseRegistryConfig(text, join(folder, 'registries.yaml'));
    return [];
  } catch (error) {
    if (error instanceof RegistryConfigError) {
      return error.problems;
    }
    throw error;
  }
}

test('everything that can be said about a host', () => {
  const config = parseRegistryConfig('REG.test:443:\n  caFile: ca.pem\n  username: u\n  password: p\nother.test:\n  dockerConfigFile: docker.json\n127.0.0.1:5000: {plainHttp: true}\n', join(folder, 'registries.yaml'));
  expect([...config.keys()]).toEqual([expect.stringMatching(/^reg\.test/i), 'other.test', '127.0.0.1:5000']);
  expect([...config.values()]).toMatchObject([{ ca: pem, basic: { username: 'u', password: 'p' } }, { plainHttp: false }, { plainHttp: true }]);
});

test.each([
  ['auth.reg.test', 'auth.reg.test'], ['AUTH.reg.test:443', 'auth.reg.test'], ['127.0.0.1:5001', '127.0.0.1:5001'], ['"[::1]:5001"', '[::1]:5001'],
])('tokenHost: %s', (text, host) => {
  expect([...parseRegistryConfig(`reg.test: {tokenHost: ${text}}`, folder).values()]).toEqual([{ plainHttp: false, tokenHost: host }]);
});

test.each(['"https://auth.reg.test"', 'auth.reg.test/token', '"u:p@auth.reg.test"', '"auth.reg.test:0x1"', '"a b"', '""', '7'])('tokenHost: %s is refused', (text) => {
  expect(problemsOf(`reg.test: {tokenHost: ${text}}`)).toEqual([containing('reg.test.tokenHost')]);
});

test('no file, no settings', async () => {
  await expect(readRegistryConfig()).resolves.toEqual(new Map());
});

test('a file that is not there is named', async () => {
  await expect(readRegistryConfig(join(folder, 'absent.yaml'))).rejects.toThrow(/absent\.yaml: cannot be read/);
});

describe('plain HTTP', () => {
  test.each(['127.0.0.1:5000', '127.1.2.3', 'localhost:5000', '"[::1]:5000"'])('needs no reason for %s, which never leaves the machine', (host) => {
    expect(problemsOf(`${host}: {plainHttp: true}`)).toEqual([]);
  });

  test.each(['reg.test', '10.0.0.1:5000', '128.0.0.1', 'localhost.evil.test', '127.0.0.1.evil.test', '0.0.0.0'])('needs a reason for %s', (host) => {
    expect(problemsOf(`${host}: {plainHttp: true}`)).toEqual([containing('acknowledgePlainHttp')]);
    expect(problemsOf(`${host}: {plainHttp: true, acknowledgePlainHttp: "inside of the mesh"}`)).toEqual([]);
    expect(problemsOf(`${host}: {plainHttp: false}`)).toEqual([]);
  });

  test('a reason for what is not done is a mistake', () => {
    expect(problemsOf('reg.test: {acknowledgePlainHttp: "mesh"}')).toEqual([containing('acknowledges nothing')]);
  });

  test.each([['127.0.0.1', true], ['127.0.0.1:80', true], ['localhost', true], ['[::1]', true], ['[::1]:80', true], ['127.0.0.1.test', false], ['1127.0.0.1', false], ['[::2]', false]])(
    '%s is loopback: %s', (host, expected) => {
      expect(isLoopback(host)).toBe(expected);
    });
});

test.each([
  ['', 'expected a mapping'], ['[]', 'expected a mapping'], ['text', 'expected a mapping'], ['reg.test: {', 'Flow map'],
  ['reg.test: {}\nreg.test: {}', 'unique'], ['reg.test: {}\nREG.test: {}', 'listed twice'], ['reg.test:', 'expected settings'], ['reg.test: [1]', 'expected settings'],
  ['"reg.test/path": {}', 'reg.test/path'], ['"https://reg.test": {}', 'https://reg.test'],
  ['reg.test: {insecure: true}', 'reg.test.insecure: is not a setting'],
  ['reg.test: {plainHttp: "yes"}', 'expected true or false'],
  ['reg.test: {username: u}', 'password: is missing'], ['reg.test: {password: p}', 'username: is missing'], ['reg.test: {username: u, password: 5}', 'not empty'],
  ['reg.test: {caFile: absent.pem}', 'caFile: absent.pem cannot be read'],
  ['reg.test: {caFile: not-a-ca.pem}', 'caFile: not-a-ca.pem holds no certificate'],
  ['reg.test: {caFile: ""}', 'caFile: expected a text'],
  ['reg.test: {dockerConfigFile: broken.json}', 'is not JSON'],
  ['reg.test: {dockerConfigFile: ca.pem}', 'is not JSON'],
  ['reg.test: {dockerConfigFile: docker.json, username: u, password: p}', 'keep one'],
])('%j is refused with what is wrong', (text, told) => {
  const problems = problemsOf(text);
  expect(problems).toContainEqual(containing(told));
  expect(problems.join()).not.toContain('SECRET');
});

describe('docker\'s configuration', () => {
  const wrong: string[] = [];
  const parse = (auths: object): ReturnType<typeof parseDockerConfig> => parseDockerConfig(JSON.stringify({ auths }), (message) => wrong.push(message));
  const entry = (username: string): object => ({ auth: Buffer.from(`${username}:p:w`).toString('base64') });
  beforeEach(() => wrong.splice(0));

  test('the longest path decides, by whole segments', () => {
    const config = parse({ 'reg.test': entry('host'), 'reg.test/acme': entry('acme'), 'reg.test/acme/app': entry('app') });
    const user = (repository: string, registry = 'reg.test'): unknown => credentialFor(config, registry, repository);
    expect(user('acme/app')).toEqual({ type: 'password', username: 'app', password: 'p:w' });
    expect(user('acme/app/sub')).toMatchObject({ username: 'app' });
    expect(user('acme/application')).toMatchObject({ username: 'acme' });
    expect(user('acme-evil/app')).toMatchObject({ username: 'host' });
    expect(user('acme/app', 'reg.test:5000')).toBeUndefined();
    expect(user('acme/app', 'evil.test')).toBeUndefined();
  });

  test.each([
    ['https://index.docker.io/v1/', 'docker.io'], ['docker.io', 'docker.io'], ['index.docker.io', 'docker.io'], ['https://reg.test', 'reg.test'],
    ['https://reg.test/v2/', 'reg.test'], ['reg.test/', 'reg.test'], ['REG.test', 'reg.test'], ['http://reg.test:5000', 'reg.test:5000'],
  ])('the key %s is for %s', (key, registry) => {
    expect(credentialFor(parse({ [key]: entry('u') }), registry, 'acme/app')).toMatchObject({ username: 'u' });
    expect(wrong).toEqual([]);
  });

  test.each([
    ['auth', entry('u'), { username: 'u', password: 'p:w' }],
    ['username and password', { username: 'u', password: 'p' }, { username: 'u', password: 'p' }],
    ['identitytoken', { ...entry('<token>'), identitytoken: 't' }, { type: 'identity-token', token: 't' }],
  ])('an entry with %s', (_what, given, expected) => {
    expect(credentialFor(parse({ 'reg.test': given }), 'reg.test', 'x')).toMatchObject(expected);
  });

  test.each([['nothing', {}], ['null', null], ['a text', 'x'], ['auth without colon', { auth: Buffer.from('SECRET').toString('base64') }], ['auth that is no text', { auth: 5 }]])(
    'an entry with %s is told, without its secret', (_what, given) => {
      expect(credentialFor(parse({ 'reg.test': given }), 'reg.test', 'x')).toBeUndefined();
      expect(wrong).toEqual([containing('auths["reg.test"] holds neither')]);
      expect(wrong.join()).not.toContain('SECRET');
    });

  test.each(['{}', '[]', 'null', '{"auths":[]}', '{"credHelpers":{}}'])('%s has no auths', (text) => {
    parseDockerConfig(text, (message) => wrong.push(message));
    expect(wrong).toEqual(['has no `auths`']);
  });
});

describe('the page about registries', () => {
  const page = readFileSync('docs/registries.md', 'utf8');

  test('shows a file that is taken as it stands, once the files that it names are there', () => {
    const [example = ''] = codeBlocks(page, 'yaml');
    const config = parseRegistryConfig(example.replace('/run/secrets/ghcr/.dockerconfigjson', 'docker.json').replace('acme-ca.pem', 'ca.pem'), join(folder, 'registries.yaml'));
    expect([...config].map(([host, { plainHttp }]) => [host, plainHttp])).toEqual([['ghcr.io', false], ['registry.acme.test:5000', false], ['127.0.0.1:5001', true], ['lab.acme.test', true]]);
  });

  test('explains each key that there is', () => {
    const [, keys = ''] = /there are (.*)$/.exec(problemsOf('reg.test: {nothing: 1}')[0] ?? '') ?? [];
    expect(keys.split(', ')).toHaveLength(7);
    keys.split(', ').forEach((key) => expect(page).toMatch(new RegExp(`^\\| .*\`${key}\`.* \\|`, 'm')));
  });
});

test.each([
  ['registries.json', '{"reg.test": {"password": "hunter2"', /^is not JSON at line 1, column \d+$/],
  ['registries.json', '{"reg.test": {}, "reg.test": {}}', /^Map keys must be unique at line 1, column \d+$/],
  ['registries.yaml', '{"reg.test": {"password": "hunter2"', / end with a \} at line 1, column \d+$/],
])('a mistake in the syntax of %s is told in its own terms, with the place and without the text: %s', (name, text, words) => {
  expect(() => parseRegistryConfig(text, join(folder, name))).toThrow(expect.objectContaining({ problems: [expect.stringMatching(words)] }) as Error);
});
