import { AddressInfo, createServer } from 'node:net';
import { VerifierOptions } from '../../../lib/verifier/options';
import { builtCommand } from '../../support/command';
import { freePort } from '../../support/free-port';
import { policy } from '../admission/scene';
import { IMAGE, ProcessScene } from './scene';

jest.setTimeout(60_000);

const GOOD = JSON.stringify(policy('app', 'reg.test'));

/** The frame of a P-256 key (RFC 5480) around 64 equal bytes. */
const NO_POINT = `-----BEGIN PUBLIC KEY-----\n${Buffer.concat([Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex'), Buffer.alloc(64, 1)]).toString('base64')}\n-----END PUBLIC KEY-----\n`;
let scene: ProcessScene;

beforeAll(() => void builtCommand(), 120_000);
beforeEach(async () => {
  scene = await ProcessScene.create();
});
afterEach(() => scene.close());

/** Whether nobody listens there. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** That it does not start, says so, and that nothing of it goes on: neither a server nor a look at the cluster. */
async function expectRefusal(options: Partial<VerifierOptions>, told: RegExp): Promise<void> {
  const port = await freePort();
  await expect(scene.start({}, { listen: { host: '127.0.0.1', port }, ...options })).rejects.toThrow(told);
  expect(await isFree(port)).toBe(true);
  expect(scene.lines).not.toContain('"policies"');
}

test.each<[string, Partial<VerifierOptions>, RegExp]>([
  ['a policy that is not there', { policies: ['/nowhere.json'] }, /nowhere\.json: cannot be read/],
  ['no policy', { policies: [] }, /no file is given/],
  ['a trust root that is not there', { trustRoots: [{ name: 'test', file: '/nowhere.json' }] }, /trust root test.*nowhere\.json/],
  ['a registry configuration that is not there', { registryConfig: '/nowhere.yaml' }, /nowhere\.yaml: cannot be read/],
  ['a kubeconfig that is not there', { kubeconfig: '/nowhere' }, /--kubeconfig \/nowhere: cannot be read/],
  ['a certificate that is not there', { tls: { mode: 'files', certificateFile: '/nowhere.crt', keyFile: '/nowhere.key' } }, /nowhere/],
  ['a place that is not ours to listen on', { listen: { host: '203.0.113.1', port: 1 } }, /cannot listen on 203\.0\.113\.1:1/],
])('%s ends the start with what is wrong', (_what, options, told) => expectRefusal(options, told));

test.each<[string, string, RegExp]>([
  ['empty', '', /holds no policy/],
  ['{}', '{}', /holds no policy/],
  ['cut off', GOOD.slice(0, -20), /some\.json: /],
  ['of an unknown version', GOOD.replace('proofgate.dev/v1', 'proofgate.dev/v9'), /some\.json: apiVersion: /],
  ['with an unknown field', GOOD.replace('"images"', '"enforced":true,"images"'), /some\.json: spec\.enforced: /],
  ['with a key that is no point of its curve', JSON.stringify(policy('app', 'reg.test', { attestors: { release: { type: 'key', publicKey: NO_POINT } } })),
    /policy app, attestor release: the public key cannot be used/],
  ['of 2 MiB that says nothing', `${' '.repeat(2 << 20)}{}`, /holds no policy/],
])('P05: a policy %s ends the start; nothing answers "allowed" for want of one', (_what, text, told) => expectRefusal({ policies: [scene.file('some.json', text)] }, told));

test('P05: policies lying about and in the environment are not used', async () => {
  scene.file('proofgate.yaml', GOOD);
  process.env.PROOFGATE_POLICY = scene.file('other.json', GOOD);
  try {
    await expectRefusal({ policies: [] }, /no file is given/);
  } finally {
    delete process.env.PROOFGATE_POLICY;
  }
});

test.each<[string, object, RegExp]>([
  ['no context', { apiVersion: 'v1', kind: 'Config' }, /--kubeconfig .*: names no cluster; set current-context/],
  ['an address where nobody listens', {
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'c', 'contexts': [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'clusters': [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }], 'users': [{ name: 'u', user: {} }],
  }, /Secret proofgate\/proofgate-verifier-tls cannot be read: no answer/],
])('a kubeconfig with %s ends the start', (_what, config, told) => expectRefusal({ kubeconfig: scene.file('kubeconfig.other', JSON.stringify(config)) }, told));

test('a port in use ends the start; once it is free it starts there, guarding what the policy covers', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const listen = { host: '127.0.0.1', port };
  await expect(scene.start({}, { listen })).rejects.toThrow(new RegExp(`cannot listen on 127\\.0\\.0\\.1:${port} .*EADDRINUSE.*choose another`));
  // What the attempt had begun is over: nothing more is asked of the cluster.
  const { length } = scene.api.calls;
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(scene.api.calls).toHaveLength(length);
  await new Promise((resolve) => other.close(resolve));
  const verifier = await scene.start({}, { listen });
  expect(verifier.address).toBe(`127.0.0.1:${port}`);
  expect(await scene.saidOf(verifier, 'default', IMAGE)).toMatch(/REGISTRY_UNAVAILABLE|DEADLINE/);
});
