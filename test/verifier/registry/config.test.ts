import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '../../../lib/engines/webhook';
import { registryConfig } from '../../../lib/engines/webhook/registries';
import { startDeadline } from '../../../lib/verifier/deadline';
import { parseRegistryConfig, readRegistryConfig, RegistryConfigError, registryConfigOf } from '../../../lib/verifier/registry';
import { settingsOf } from '../../../lib/verifier/registry/config';
import { RenewedCredential } from '../../../lib/verifier/registry/credentials/renewed';
import { isLoopback } from '../../../lib/verifier/registry/loopback';
import { Transport } from '../../../lib/verifier/registry/transport';
import { codeBlocks } from '../../docs/pages';
import { selfSigned } from '../../support/registry/certificates';
import { containing } from '../../support/texts';

let folder: string;
let pem: string;
let otherPem: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'registry-config-'));
  pem = (await selfSigned()).cert;
  otherPem = (await selfSigned()).cert;
  writeFileSync(join(folder, 'ca.pem'), pem);
  writeFileSync(join(folder, 'other-ca.pem'), otherPem);
  writeFileSync(join(folder, 'not-a-ca.pem'), 'hello');
  writeFileSync(join(folder, 'docker.json'), JSON.stringify({ auths: { 'other.test/acme': { auth: Buffer.from('u:p').toString('base64') } } }));
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

test('everything that can be said about a host', async () => {
  const config = parseRegistryConfig('REG.test:443:\n  caFile: ca.pem\n  username: u\n  password: p\nother.test:\n  dockerConfigFile: docker.json\n127.0.0.1:5000: {plainHttp: true}\n', join(folder, 'registries.yaml'));
  expect([...config.keys()]).toEqual([expect.stringMatching(/^reg\.test/i), 'other.test', '127.0.0.1:5000']);
  const [first, second, third] = [...config.values()];
  expect([first, second, third]).toMatchObject([{ ca: pem }, { plainHttp: false }, { plainHttp: true }]);
  const deadline = startDeadline(60_000);
  const transport = new Transport((_bytes, _deadline, work) => work());
  await expect(first?.credentials?.credentialsFor('acme/app', deadline, transport)).resolves.toEqual([{ credential: { type: 'password', username: 'u', password: 'p' } }]);
  await expect(second?.credentials?.credentialsFor('acme/app', deadline, transport)).resolves.toEqual([{ credential: { type: 'password', username: 'u', password: 'p' } }]);
  await expect(second?.credentials?.credentialsFor('other/app', deadline, transport)).resolves.toEqual([]);
  expect(third?.credentials).toBeUndefined();
  deadline.done();
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
  expect(registryConfigOf()).toEqual(new Map());
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
  ['', 'expected a mapping'], ['reg.test: {}\n---\nother.test: {}', 'several documents'], ['[]', 'expected a mapping'], ['text', 'expected a mapping'], ['reg.test: {', 'Flow map'],
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

describe('mirrors', () => {
  test('are tried in the order in which they are written, by host and path', () => {
    const { mirrors } = settingsOf(parseRegistryConfig('docker.io: {mirrors: [MIRROR.test:5000/hub/cache, ghcr.io, index.docker.io/copies]}', folder), 'docker.io');
    expect(mirrors).toEqual([{ registry: 'mirror.test:5000', path: 'hub/cache' }, { registry: 'ghcr.io' }, { registry: 'docker.io', path: 'copies' }]);
  });

  test.each([
    ['reg.test: {mirrors: mirror.test}', 'expected a list'], ['reg.test: {mirrors: []}', 'expected a list with one or more'], ['reg.test: {mirrors: ["https://mirror.test"]}', 'reg.test.mirrors: '],
    ['reg.test: {mirrors: [mirror.test/]}', 'is no part of a repository'], ['reg.test: {mirrors: [mirror.test/A]}', 'is no part of a repository'], ['reg.test: {mirrors: [mirror.test/../x]}', 'is no part of'],
    ['reg.test: {mirrors: [mirror.test/x:1]}', 'is no part of a repository'],
    ['reg.test: {mirrors: [REG.test]}', 'is the registry itself'], ['reg.test: {mirrors: [mirror.test/x, MIRROR.test/x]}', 'named twice'],
  ])('%s is refused with what is wrong', (text, message) => {
    expect(problemsOf(text)).toEqual([containing(message)]);
  });
});

describe('G15: pull Secrets', () => {
  test('are names, and no credential of the verifier', () => {
    const { pullSecrets, credentials } = settingsOf(parseRegistryConfig('reg.test: {pullSecrets: [pull, deploy.prod]}', folder), 'reg.test');
    expect([pullSecrets, credentials]).toEqual([['pull', 'deploy.prod'], undefined]);
  });

  test.each([
    ['reg.test: {pullSecrets: pull}', 'expected a list'], ['reg.test: {pullSecrets: []}', 'expected a list'], ['reg.test: {pullSecrets: [1]}', 'expected a list'],
    ['reg.test: {pullSecrets: [../pull]}', 'is no name of a Secret'], ['reg.test: {pullSecrets: [shop/pull]}', 'is no name of a Secret'], ['reg.test: {pullSecrets: [pull, pull]}', 'or is there twice'],
    [`reg.test: {pullSecrets: [${Array.from({ length: 17 }, (_, index) => `p${index}`).join()}]}`, 'names 17 Secrets'],
    ['reg.test: {pullSecrets: [pull], username: u, password: p}', 'pullSecrets: cannot stand beside username'], ['reg.test: {pullSecrets: [pull], dockerConfigFile: docker.json}', 'cannot stand beside dockerConfigFile'],
    ['reg.test: {pullSecrets: [pull], google: {metadata: true}}', 'cannot stand beside google'], ['reg.test: {pullSecrets: [pull], mirrors: [mirror.test]}', 'cannot stand beside mirrors'],
    ['reg.test: {mirrors: [mirror.test/x]}\nMIRROR.test: {pullSecrets: [pull]}', 'reg.test.mirrors: mirror.test is read with the pull Secrets of workloads'],
    ['"*": {pullSecrets: [pull]}', 'is not a setting'],
  ])('%j is refused with what is wrong', (text, message) => {
    expect(problemsOf(text)).toEqual([containing(message)]);
  });
});

describe('clouds', () => {
  test.each([
    'aws: {region: eu-west-1, roleArn: "arn:aws:iam::1:role/x", tokenFile: token}', 'aws: {region: us-gov-east-1, keysFolder: keys}', 'google: {metadata: true}',
    'google: {audience: a, tokenFile: token}', 'google: {audience: a, tokenFile: token, serviceAccount: s}', 'azure: {tenantId: t, clientId: c, tokenFile: token}',
  ])('%s is taken', (text) => {
    expect(settingsOf(parseRegistryConfig(`reg.test: {${text}}`, folder), 'reg.test').credentials).toBeInstanceOf(RenewedCredential);
  });

  test('what the engine writes is taken as it stands', () => {
    const text = JSON.stringify(registryConfig({
      ...defaultSettings,
      proxy: { url: 'http://proxy.test:3128', except: ['.acme.test'], credentialsSecret: 'proxy' },
      registries: [
        { host: 'docker.io', mirrors: ['mirror.test/hub'], tokenHost: 'token.test' },
        { host: 'a.test', identity: { type: 'aws-role', region: 'eu-west-1', roleArn: 'r' } }, { host: 'b.test', identity: { type: 'aws-keys', region: 'eu-west-1', secret: 's' } },
        { host: 'c.test', identity: { type: 'google-metadata' } }, { host: 'd.test', identity: { type: 'google-federation', audience: 'a', serviceAccount: 's' } },
        { host: 'f.test', pullSecrets: ['pull'] },
        { host: 'e.test', identity: { type: 'azure', tenantId: 't', clientId: 'c' } },
      ],
    }));
    expect(problemsOf(text)).toEqual([]);
  });

  test.each([
    ['aws: {}', ['aws.region: is missing']], ['aws: {region: eu-west-1}', ['aws.roleArn: is missing', 'aws.tokenFile: is missing']],
    ['aws: {region: "evil.test/", keysFolder: keys}', ['aws.region: expected the name of a region']], ['aws: {region: eu-west-1, roleArn: r}', ['aws.tokenFile: is missing']],
    ['aws: {region: eu-west-1, roleArn: r, tokenFile: t, keysFolder: keys}', ['aws.roleArn: cannot stand beside keysFolder', 'aws.tokenFile: cannot stand beside keysFolder']],
    ['google: {}', ['google.audience: is missing', 'google.tokenFile: is missing']], ['google: {metadata: true, audience: a}', ['google.audience: cannot stand beside metadata']],
    ['google: {metadata: "yes"}', ['google.metadata: expected true or false', 'google.audience: is missing', 'google.tokenFile: is missing']],
    ['azure: {tenantId: t}', ['azure.clientId: is missing', 'azure.tokenFile: is missing']], ['azure: {secret: x}', ['azure.secret: is not a setting', 'azure.tenantId', 'azure.clientId', 'azure.tokenFile']],
    ['google: {metadata: true}, username: u, password: p', ['google: cannot stand beside username']], ['google: {metadata: true}, dockerConfigFile: docker.json', ['google: cannot stand beside dockerConfigFile']],
    ['google: {metadata: true}, azure: {tenantId: t, clientId: c, tokenFile: token}', ['azure: cannot stand beside google']],
  ])('%s is refused with what is wrong', (text, told) => {
    expect(problemsOf(`reg.test: {${text}}`)).toEqual(told.map((message) => containing(`reg.test.${message}`)));
  });
});

describe('what holds for every host', () => {
  const PROXY = 'url: "https://proxy.test:3128", caFile: ca.pem, credentialsFolder: secret, except: [".reg.test", 10.0.0.0/8]';

  test('is used for hosts that are listed and for those that are not; what a host says of its own goes before', () => {
    const config = parseRegistryConfig(`"*": {caFile: ca.pem, proxy: {${PROXY}}}\nlisted.test: {username: u, password: p}\nown.test: {caFile: other-ca.pem}`, join(folder, 'registries.yaml'));
    const proxy = { url: new URL('https://proxy.test:3128'), ca: pem, credentialsFolder: join(folder, 'secret') };
    for (const [host, ca] of [['listed.test', pem], ['other.test', pem], ['own.test', otherPem]] as const) {
      expect(settingsOf(config, host)).toMatchObject({ plainHttp: false, ca, proxy });
    }
    const { proxy: { exceptions } = {} } = settingsOf(config, 'other.test');
    expect(['a.reg.test', '10.1.1.1', 'other.test'].map((host) => exceptions?.(new URL(`https://${host}`)))).toEqual([true, true, false]);
    expect(settingsOf(config, 'listed.test').credentials).toBeDefined();
    expect(settingsOf(config, 'other.test').credentials).toBeUndefined();
  });

  test('is nothing where nothing is said', () => {
    expect(settingsOf(new Map(), 'other.test')).toEqual({ plainHttp: false });
    expect(settingsOf(parseRegistryConfig('"*": {proxy: {url: "http://proxy.test:3128"}}', folder), '*.test')).toMatchObject({ plainHttp: false });
  });

  test.each([
    ['"*": {username: u, password: p}', '"*".username: is not a setting'], ['"*": {plainHttp: true}', '"*".plainHttp: is not a setting'], ['"*": 1', '"*": expected settings'],
    ['"*": {proxy: {}}', '"*".proxy.url: is missing'], ['"*": {proxy: "http://proxy.test"}', '"*".proxy: expected settings'],
    ['"*": {proxy: {url: "proxy.test:3128"}}', 'expected http://host:port'], ['"*": {proxy: {url: "socks5://proxy.test"}}', 'expected http://host:port'],
    ['"*": {proxy: {url: "http://u:SECRET@proxy.test"}}', 'belong into files in credentialsFolder'], ['"*": {proxy: {url: "http://proxy.test/path"}}', 'without path'],
    ['"*": {proxy: {url: "http://proxy.test?"}}', 'without path'],
    ['"*": {proxy: {url: "http://proxy.test", caFile: ca.pem}}', 'proxy.caFile: is for a proxy that is spoken to by TLS'],
    ['"*": {proxy: {url: "http://proxy.test", except: reg.test}}', 'proxy.except: expected a list'], ['"*": {proxy: {url: "http://proxy.test", except: ["*"]}}', 'proxy.except: '],
    ['"*": {proxy: {url: "http://proxy.test", except: []}}', 'proxy.except: expected a list with one or more'],
    ['reg.test: {proxy: {url: "http://proxy.test"}}', 'reg.test.proxy: is not a setting'],
  ])('%s is refused with what is wrong', (text, told) => {
    expect(problemsOf(text)).toContainEqual(containing(told));
    expect(problemsOf(text).join()).not.toContain('SECRET');
  });
});

describe('the page about registries', () => {
  const page = readFileSync('docs/registries.md', 'utf8');

  test('shows a file that is taken as it stands, once the files that it names are there', () => {
    const [example = ''] = codeBlocks(page, 'yaml');
    const config = parseRegistryConfig(example.replace('/run/secrets/ghcr/.dockerconfigjson', 'docker.json').replace('acme-ca.pem', 'ca.pem'), join(folder, 'registries.yaml'));
    expect([...config].map(([host, { plainHttp }]) => [host, plainHttp])).toEqual([['*', false], ['ghcr.io', false], ['registry.acme.test:5000', false], ['127.0.0.1:5001', true], ['lab.acme.test', true]]);
  });

  test('explains each key that there is', () => {
    const [, keys = ''] = /there are (.*)$/.exec(problemsOf('reg.test: {nothing: 1}')[0] ?? '') ?? [];
    const [, every = ''] = /there are (.*)$/.exec(problemsOf('"*": {nothing: 1}')[0] ?? '') ?? [];
    const [, proxy = ''] = /there are (.*)$/.exec(problemsOf('"*": {proxy: {url: "http://proxy.test", nothing: 1}}')[0] ?? '') ?? [];
    expect(keys.split(', ')).toHaveLength(12);
    expect([...every.split(', '), ...proxy.split(', ')]).toHaveLength(6);
    [keys, every, proxy].flatMap((list) => list.split(', ')).forEach((key) => expect(page).toMatch(new RegExp(`^\\| .*\`${key}\`.* \\|`, 'm')));
  });
});

test.each([
  ['registries.json', '{"reg.test": {"password": "hunter2"', /^is not JSON at line 1, column \d+$/],
  ['registries.json', '{"reg.test": {}, "reg.test": {}}', /^Map keys must be unique at line 1, column \d+$/],
  ['registries.yaml', '{"reg.test": {"password": "hunter2"', / end with a \} at line 1, column \d+$/],
])('a mistake in the syntax of %s is told in its own terms, with the place and without the text: %s', (name, text, words) => {
  expect(() => parseRegistryConfig(text, join(folder, name))).toThrow(expect.objectContaining({ problems: [expect.stringMatching(words)] }) as Error);
});
