import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { accessByKubeconfig } from '../../../lib/verifier/cluster/kubeconfig';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly further?: object;
}

function write({ cluster = {}, user = {}, further = {} }: Parts = {}): string {
  const file = join(folder, 'config');
  writeFileSync(file, stringify({
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'here',
    'contexts': [{ name: 'there', context: { cluster: 'other', user: 'other' } }, { name: 'here', context: { cluster: 'c', user: 'u' } }],
    'clusters': [{ name: 'other', cluster: { server: 'https://other.test' } }, { name: 'c', cluster: { server: 'https://api.test:6443/', ...cluster } }],
    'users': [{ name: 'other', user: { token: 'of-another' } }, { name: 'u', user }],
    ...further,
  }));
  return file;
}

test('the current context says where and as whom', () => {
  const { server, serverName, credentials } = accessByKubeconfig(write({
    cluster: { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'kubernetes' },
    user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY'), 'token': 'T' },
  }));
  expect({ server, serverName, ...credentials() }).toEqual({ server: 'https://api.test:6443', serverName: 'kubernetes', ca: 'CA', cert: 'CERT', key: 'KEY', token: 'T' });
});

test('what it does not say is left out, and a user without credentials is nobody', () => {
  const access = accessByKubeconfig(write());
  expect(access).toEqual({ server: 'https://api.test:6443', credentials: expect.any(Function) as unknown });
  expect(access.credentials()).toEqual({});
});

test('files are found beside the kubeconfig and read anew', () => {
  for (const name of ['ca.crt', 'tls.crt', 'tls.key', 'token']) {
    writeFileSync(join(folder, name), `${name} 1\n`);
  }
  const { credentials } = accessByKubeconfig(write({ cluster: { 'certificate-authority': 'ca.crt' }, user: { 'client-certificate': 'tls.crt', 'client-key': join(folder, 'tls.key'), 'tokenFile': 'token', 'token': 'stale' } }));
  expect(credentials()).toEqual({ ca: 'ca.crt 1\n', cert: 'tls.crt 1\n', key: 'tls.key 1\n', token: 'token 1' });
  writeFileSync(join(folder, 'token'), 'rotated');
  expect(credentials().token).toBe('rotated');
});

test.each<[string, Parts, RegExp]>([
  ['no current context', { further: { 'current-context': '' } }, /names no cluster; set current-context/],
  ['a context that is not there', { further: { 'current-context': 'nowhere' } }, /contexts has no "nowhere"/],
  ['a cluster that is not there', { further: { clusters: [] } }, /clusters has no "c"/],
  ['a user that is not there', { further: { users: [] } }, /users has no "u"/],
  ['an address without TLS', { cluster: { server: 'http://api.test' } }, /its server is "http:\/\/api\.test"; an https address is needed/],
  ['no address', { cluster: { server: '' } }, /its server is ""/],
  ['a server that is not checked', { cluster: { 'insecure-skip-tls-verify': true } }, /its cluster has insecure-skip-tls-verify, which is not supported: whoever answers would be believed/],
  ['a proxy', { cluster: { 'proxy-url': 'http://proxy.test' } }, /its cluster has proxy-url/],
  ['a program for credentials', { user: { exec: { command: 'aws' } } }, /its user has exec, which is not supported: no program is run/],
  ['a provider of credentials', { user: { 'auth-provider': { name: 'oidc' } } }, /its user has auth-provider/],
  ['a password', { user: { username: 'admin', password: 'SECRET' } }, /its user has username/],
  ['somebody to impersonate', { user: { token: 'T', as: 'admin' } }, /its user has as, which/],
  ['a file that is not there', { user: { tokenFile: 'nowhere' } }, /cannot be used: a file that it names cannot be read \(.*ENOENT/],
])('a kubeconfig with %s is refused, with the file and what to do', (_what, parts, told) => {
  const file = write(parts);
  expect(() => accessByKubeconfig(file)).toThrow(told);
  expect(() => accessByKubeconfig(file)).toThrow(`--kubeconfig ${file}: `);
});

test.each([
  ['insecure-skip-tls-verify: false', { cluster: { 'insecure-skip-tls-verify': false } }],
  ['an empty proxy-url', { cluster: { 'proxy-url': '' } }],
])('%s says nothing', (_what, parts) => {
  expect(accessByKubeconfig(write(parts)).server).toBe('https://api.test:6443');
});

test.each([
  ['not there', undefined, /cannot be read \(.*ENOENT/],
  ['no YAML', 'a: [', /cannot be used \(.* at line \d/],
  ['no object', 'text', /it is no kubeconfig/],
  ['two documents', 'kind: Config\n---\nkind: Config', /it is no kubeconfig/],
])('a file that is %s is refused', (_what, text, told) => {
  const file = join(folder, 'config');
  if (text !== undefined) {
    writeFileSync(file, text);
  }
  expect(() => accessByKubeconfig(file)).toThrow(told);
});

test('what is wrong with it is told without what is in it', () => {
  const file = join(folder, 'config');
  writeFileSync(file, 'users: [{user: {token: SECRET-TOKEN}]');
  expect(() => accessByKubeconfig(file)).toThrow(/^(?!.*SECRET-TOKEN)/s);
});
