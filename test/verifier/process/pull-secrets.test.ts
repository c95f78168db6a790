import { startVerifier } from '../../../lib/verifier/process';
import { builtThread } from '../../support/command';
import { basicAuth, TestRegistry } from '../../support/registry';
import { bundleBytes, githubRun, signStatement, SigstoreWorld } from '../../support/sigstore';
import { containers, pod, policy, request } from '../admission/scene';
import { ProcessScene } from './scene';

jest.setTimeout(60_000);

const CREDENTIAL = { username: 'puller', password: 'SECRET-OF-A' };

let scene: ProcessScene;
let registry: TestRegistry;

beforeAll(() => void builtThread(), 120_000);
beforeEach(async () => {
  scene = await ProcessScene.create();
  registry = await TestRegistry.start({ auth: basicAuth(CREDENTIAL.username, CREDENTIAL.password) });
});
afterEach(async () => {
  await scene.close();
  await registry.close();
});

const configuration = (): string => scene.file('registries.json', JSON.stringify({ [registry.host]: { plainHttp: true, pullSecrets: ['pull'] } }));

test('G15: the whole verifier reads a registry with the Secret of the namespace that asks, and writes neither it nor what is made of it', async () => {
  const world = SigstoreWorld.create();
  const digest = registry.pushImage('acme/app', 'the good one');
  registry.attach('acme/app', digest, bundleBytes(world.signKeyless(githubRun(), signStatement(digest))));
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths: { [registry.host]: CREDENTIAL } })).toString('base64') };
  scene.api.put('/api/v1/namespaces/a/secrets/pull', { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson', data });
  const verifier = await scene.start({}, {
    policies: [scene.file('pulled.json', JSON.stringify(policy('app', registry.host)))],
    trustRoots: [{ name: 'test', file: scene.file('world.json', JSON.stringify(world.trustedRoot)) }],
    registryConfig: configuration(),
    deadline: 8_000,
  });
  const ask = async (namespace: string, name: string): Promise<string> => {
    const asked = pod({ containers: containers(`${registry.host}/acme/app@${digest}`), imagePullSecrets: [{ name }] });
    return (await scene.call(verifier, '/validate', request(asked, { namespace }))).text;
  };
  expect(await ask('a', 'pull')).toContain('"allowed":true');
  expect(await ask('b', 'pull')).toContain('the pull Secret b/pull is not there');
  expect(await ask('b', 'other')).toContain('[REGISTRY_UNAVAILABLE]');
  expect(await ask('a', 'pull')).toContain('"allowed":true');
  const { text: metrics } = await scene.call(verifier, '/metrics');
  await new Promise((resolve) => setImmediate(resolve));
  expect(scene.lines).toContain('the pull Secret b/pull is not there');
  expect(scene.lines + metrics).not.toMatch(new RegExp(['SECRET', data['.dockerconfigjson'], Buffer.from('puller:SECRET-OF-A').toString('base64')].join('|')));
});

test('without a cluster it does not start, rather than read anonymously what it was told to read with the rights of workloads', async () => {
  const options = (registryConfig: string): Promise<unknown> => startVerifier({
    policies: [scene.file('policy.json', JSON.stringify(policy('app', registry.host)))], trustRoots: [{ name: 'test', file: scene.file('world.json', scene.trustedRoot) }], registryConfig,
    listen: { host: '127.0.0.1', port: 0 }, tls: { mode: 'files', certificateFile: 'absent.crt', keyFile: 'absent.key' }, refreshShipped: false, entry: builtThread(), deadline: 2_000,
    namespace: 'proofgate', name: 'proofgate-verifier',
  }, process.stdout);
  await expect(options(configuration())).rejects.toThrow(/pull Secrets of workloads, and there is no cluster to read them from: give --kubeconfig/);
  await expect(options(scene.file('plain.json', JSON.stringify({ [registry.host]: { plainHttp: true } })))).rejects.toThrow(/absent\.(?:crt|key)/);
});
