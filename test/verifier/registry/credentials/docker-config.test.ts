import { dockerCredentials, DockerConfig, parseDockerConfig } from '../../../../lib/verifier/registry/credentials/docker-config';
import { containing } from '../../../support/texts';

const wrong: string[] = [];
beforeEach(() => wrong.splice(0));

function parse(auths: object): DockerConfig {
  return parseDockerConfig(Buffer.from(JSON.stringify({ auths })), (message) => wrong.push(message));
}

function entry(username: string): object {
  return { auth: Buffer.from(`${username}:p:w`).toString('base64') };
}

test('the longest path decides, by whole segments', () => {
  const config = parse({ 'reg.test': entry('host'), 'reg.test/acme': entry('acme'), 'reg.test/acme/app': entry('app') });
  const user = (repository: string, registry = 'reg.test'): unknown => dockerCredentials([config], registry, repository)[0];
  expect(user('acme/app')).toEqual({ type: 'password', username: 'app', password: 'p:w' });
  expect(user('acme/app/sub')).toMatchObject({ username: 'app' });
  expect(user('acme/application')).toMatchObject({ username: 'acme' });
  expect(user('acme-evil/app')).toMatchObject({ username: 'host' });
  expect(user('acme/app', 'reg.test:5000')).toBeUndefined();
  expect(user('acme/app', 'evil.test')).toBeUndefined();
});

test('a longer path decides before an exact host, an exact host before a pattern, and of patterns the last in the alphabet', () => {
  const config = parse({ 'reg.test': entry('host'), '*.test/acme': entry('path'), '*.test': entry('any'), 'r*.test': entry('r') });
  const user = (registry: string, repository: string): unknown => dockerCredentials([config], registry, repository)[0];
  expect(user('reg.test', 'acme/app')).toMatchObject({ username: 'path' });
  expect(user('reg.test', 'other/app')).toMatchObject({ username: 'host' });
  expect(user('rest.test', 'other/app')).toMatchObject({ username: 'r' });
  expect(user('other.test', 'other/app')).toMatchObject({ username: 'any' });
});

test('a key that is longer than any repository is none, and padding is what base64 writes', () => {
  const path = (length: number): string => `reg.test/${'a'.repeat(length)}`;
  expect(dockerCredentials([parse({ [path(500)]: entry('long') })], 'reg.test', 'a'.repeat(500))).toHaveLength(1);
  expect(dockerCredentials([parse({ [path(600)]: entry('longer') })], 'reg.test', 'a'.repeat(600))).toEqual([]);
  const padded = (padding: string): number => dockerCredentials([parse({ 'reg.test': { auth: `YTpiYw${padding}` } })], 'reg.test', 'acme/app').length;
  expect(['', '==', '===', '='.repeat(60_000)].map(padded)).toEqual([1, 1, 0, 0]);
});

test('all that are for a place are tried, those of the same key by the files, none twice', () => {
  const [one, other] = [parse({ 'reg.test': entry('one'), 'reg.test/acme': entry('acme'), 'other.test': entry('none') }), parse({ 'reg.test': entry('other'), '*.test': entry('one'), 'reg.test/ac': entry('none') })];
  const users = (...configs: readonly DockerConfig[]): unknown => dockerCredentials(configs, 'reg.test', 'acme/app').map((credential) => (credential as { readonly username?: string }).username);
  expect(users(one, other)).toEqual(['acme', 'one', 'other']);
  expect(users(other, one)).toEqual(['acme', 'other', 'one']);
  expect(users(other)).toEqual(['other', 'one']);
  expect(users()).toEqual([]);
});

test.each([
  ['*.azurecr.io', 'acme.azurecr.io', true], ['*.azurecr.io', 'a.b.azurecr.io', false], ['*.azurecr.io', 'azurecr.io', false], ['*.azurecr.io', 'acme.azurecr.io:443', false],
  ['*.azurecr.io:5000', 'acme.azurecr.io:5000', true], ['*.te*', 'reg.test:5000', false], ['*.azurecr.io', 'acme.azurecr.io.evil.test', false],
  ['a*b*c.test', 'abc.test', true], ['a*b*c.test', 'a-b-c.test', true], ['a*b*c.test', 'acb.test', false], ['a*a.test', 'a.test', false], ['a*a.test', 'aa.test', true],
  ['ab*ba.test', 'aba.test', false], ['r*g.test', 'reg-g.test', true], ['R*.TEST', 'reg.test', true],
])('the pattern %s is for %s: %s', (pattern, registry, expected) => {
  expect(dockerCredentials([parse({ [pattern]: entry('u') })], registry, 'acme/app').length > 0).toBe(expected);
  expect(wrong).toEqual([]);
});

test.each([
  ['https://index.docker.io/v1/', 'docker.io'], ['docker.io', 'docker.io'], ['index.docker.io', 'docker.io'], ['registry-1.docker.io', 'docker.io'], ['https://reg.test', 'reg.test'],
  ['https://reg.test/v2/', 'reg.test'], ['https://reg.test/v2/acme', 'reg.test'], ['reg.test/', 'reg.test'], ['REG.test', 'reg.test'], ['http://reg.test:5000', 'reg.test:5000'],
])('the key %s is for %s', (key, registry) => {
  expect(dockerCredentials([parse({ [key]: entry('u') })], registry, 'acme/app')[0]).toMatchObject({ username: 'u' });
  expect(wrong).toEqual([]);
});

test('a path of Docker Hub', () => {
  const config = parse({ 'docker.io/acme': entry('acme'), 'https://index.docker.io/v1/': entry('hub') });
  expect(dockerCredentials([config], 'docker.io', 'acme/app')[0]).toMatchObject({ username: 'acme' });
  expect(dockerCredentials([config], 'docker.io', 'library/nginx')[0]).toMatchObject({ username: 'hub' });
});

test.each(['', '/', 'https://', 'reg.test:x', 'u:p@reg.test', 'reg.test//acme', '[*.test', 'reg..test', 'reg.test?'])('the key "%s" is for no registry', (key) => {
  expect(parse({ [key]: entry('u') }).size).toBe(0);
  expect(wrong).toEqual([containing('is for no registry')]);
});

test('two keys for one registry are told unless they say the same', () => {
  parse({ 'docker.io': entry('u'), 'https://index.docker.io/v1/': entry('u') });
  expect(wrong).toEqual([]);
  parse({ 'docker.io': entry('u'), 'https://index.docker.io/v1/': entry('v') });
  expect(wrong).toEqual([containing('is for docker.io, for which there is another credential; keep one')]);
});

test.each([
  ['auth', entry('u'), { username: 'u', password: 'p:w' }],
  ['auth without padding', { auth: 'dTpw' }, { username: 'u', password: 'p' }],
  ['username and password', { username: 'u', password: 'p' }, { username: 'u', password: 'p' }],
  ['both, which say the same', { ...entry('u'), username: 'u', password: 'p:w' }, { username: 'u', password: 'p:w' }],
  ['identitytoken', { ...entry('<token>'), identitytoken: 't' }, { type: 'identity-token', token: 't' }],
])('an entry with %s', (_what, given, expected) => {
  expect(dockerCredentials([parse({ 'reg.test': given })], 'reg.test', 'x')[0]).toMatchObject(expected);
  expect(wrong).toEqual([]);
});

test.each([
  ['nothing', {}], ['null', null], ['a text', 'x'], ['auth without colon', { auth: Buffer.from('SECRET').toString('base64') }], ['auth without a name', { auth: Buffer.from(':SECRET').toString('base64') }],
  ['auth that is no text', { auth: 5 }], ['auth in another alphabet', { auth: 'dTp_' }], ['auth with more behind it', { auth: 'dTpw=x' }], ['auth that is not UTF-8', { auth: Buffer.from([0x75, 0x3a, 0xff]).toString('base64') }],
])('an entry with %s is told, without its secret', (_what, given) => {
  expect(dockerCredentials([parse({ 'reg.test': given })], 'reg.test', 'x')[0]).toBeUndefined();
  expect(wrong).toEqual([containing('auths["reg.test"] holds neither')]);
  expect(wrong.join()).not.toContain('SECRET');
});

test('an entry that says two things is told', () => {
  expect(parse({ 'reg.test': { ...entry('u'), username: 'u', password: 'SECRET' } }).size).toBe(0);
  expect(wrong).toEqual([containing('says one thing in auth and another in username and password')]);
  expect(wrong.join()).not.toContain('SECRET');
});

test.each(['{}', '[]', 'null', '{"auths":[]}', '{"credHelpers":{}}'])('%s has no auths', (text) => {
  parseDockerConfig(Buffer.from(text), (message) => wrong.push(message));
  expect(wrong).toEqual(['has no `auths`']);
});

test('a key that stands there twice is told', () => {
  parseDockerConfig(Buffer.from('{"auths": {"reg.test": {"auth": "dTpw"}, "reg.test": {"auth": "SECRET"}}}'), (message) => wrong.push(message));
  expect(wrong).toEqual(['is not JSON, or has a key twice']);
});
