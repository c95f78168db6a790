import { createHash } from 'node:crypto';
import { builtCommand } from '../../support/command';
import { TufRepository } from '../../support/tuf-repository';
import { IMAGE, ProcessScene } from './scene';

jest.setTimeout(60_000);

let scene: ProcessScene;
let repository: TufRepository;

beforeAll(() => void builtCommand(), 120_000);
beforeEach(async () => {
  scene = await ProcessScene.create();
  repository = await TufRepository.start(scene.trustedRoot);
});
afterEach(async () => {
  await scene.close();
  await repository.close();
});

/** A verifier whose root `test` is fetched from the repository. */
function options(source: object = repository.source): Parameters<ProcessScene['start']>[1] {
  const file = scene.file('source.json', JSON.stringify(source));
  const registryConfig = scene.file('registries.json', JSON.stringify({ [repository.host]: { caFile: scene.file('ca.pem', repository.certificate) } }));
  return { trustRoots: [{ name: 'test', file }], registryConfig };
}

test('starts and becomes ready with the mirror away, says so, and takes the root when the mirror is back', async () => {
  repository.down = true;
  const verifier = await scene.start({}, options());
  await scene.eventually(() => scene.isReady(verifier));
  await scene.eventually(() => scene.lines.includes('"event":"trust-root-refresh-failed"'));
  expect(scene.lines).toMatch(/"level":"error"[^\n]*"trustRoot":"test"[^\n]*"endsSoon":true/);
  expect((await scene.call(verifier, '/metrics')).text).toContain('proofgate_trust_root_end_seconds{trust_root="test"} 0');
  expect(await scene.saidOf(verifier, 'default', IMAGE)).toBe('TRUST_ROOT_UNAVAILABLE');
});

test('goes by the fetched root, in threads of their own, and shows when its metadata ends', async () => {
  const verifier = await scene.start({}, options());
  await scene.eventually(() => scene.lines.includes('"event":"trust-root-refreshed"'));
  expect(await scene.saidOf(verifier, 'default', IMAGE)).toMatch(/REGISTRY_UNAVAILABLE|DEADLINE/);
  expect((await scene.call(verifier, '/metrics')).text).toMatch(/proofgate_trust_root_end_seconds\{trust_root="test"\} [1-9]\d{9}/);
  expect(await scene.isReady(verifier)).toBe(true);
});

test('a root that no policy names is not asked for', async () => {
  await scene.start({ attestors: { release: { type: 'keyless', issuer: 'https://dex.corp.test', subject: 'a@corp.test', trustRoot: 'github' } } }, options());
  expect(repository.asked).toEqual([]);
});

test.each<[string, (source: { [field: string]: unknown }) => object, RegExp]>([
  ['a mirror without TLS', (source) => ({ ...source, mirror: 'http://127.0.0.1' }), /trust root test: mirror is "http:/],
  ['a target outside of its folder', (source) => ({ ...source, target: '../root.json' }), /trust root test: target is "\.\.\/root\.json"/],
  ['a root that its keys did not sign', (source) => ({ ...source, root: { ...source['root'] as object, signatures: [] } }), /trust root test: its root\.json cannot be trusted/],
  ['a field that nobody reads', (source) => ({ ...source, threshold: 1 }), /trust root test: threshold is not known here/],
  ['no trust root at all', () => ({ hello: createHash('sha256').update('x').digest('hex') }), /trust root test: is no trusted root/],
])('P08: %s ends the start', async (_what, change, told) => {
  await expect(scene.start({}, options(change(repository.source as unknown as { [field: string]: unknown })))).rejects.toThrow(told);
  await expect(scene.start({}, options())).resolves.toBeDefined();
});
