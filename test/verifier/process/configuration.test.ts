import { createHash } from 'node:crypto';
import { policySet } from '../../../lib/policy/policy-set';
import { PolicyDocument } from '../../../lib/policy/document';
import { VerifierOptions } from '../../../lib/verifier/options';
import { ConfigurationDigests } from '../../../lib/verifier/policies/digests';
import { builtCommand } from '../../support/command';
import { policy } from '../admission/scene';
import { ProcessScene } from './scene';

jest.setTimeout(60_000);

const POLICY = policy('app', 'reg.test');
const REGISTRIES = '{"127.0.0.1:5000":{"plainHttp":true}}';
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

let scene: ProcessScene;

beforeAll(() => void builtCommand(), 120_000);
beforeEach(async () => {
  scene = await ProcessScene.create();
});
afterEach(() => scene.close());

/** A trust root in a ConfigMap, as it may stand in the file of a policy. */
const inManifest = (name: string): string => `---\n${JSON.stringify({
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { 'proofgate.dev/content': 'trust-root', 'proofgate.dev/trust-root': name } }, data: { 'trusted_root.json': scene.trustedRoot },
})}\n`;

/** What the synthesis said, and the files that lie under the names that it gave them. */
function files(policyText: string, root: string, registries: string): Partial<VerifierOptions> {
  const digests: ConfigurationDigests = {
    policies: policySet([POLICY as unknown as PolicyDocument]).digest, trustRoots: new Map([['test', sha256(scene.trustedRoot)]]), registryConfig: sha256(REGISTRIES),
  };
  return { digests, policies: [scene.file('some.yaml', policyText)], trustRoots: [{ name: 'test', file: scene.file('some-root.json', root) }], registryConfig: scene.file('some-registries.json', registries) };
}

const policyText = `${JSON.stringify(POLICY)}\n`;

test('a verifier whose files are those it was rendered for starts and becomes ready', async () => {
  const verifier = await scene.start({}, files(policyText, scene.trustedRoot, REGISTRIES));
  await scene.eventually(() => scene.isReady(verifier));
});

test.each<[string, () => Partial<VerifierOptions>, RegExp]>([
  ['policies', () => files(JSON.stringify(policy('app', 'other.test')), scene.trustedRoot, REGISTRIES), /the policies: not what this verifier was rendered for/],
  ['a trust root, by one space', () => files(policyText, `${scene.trustedRoot} `, REGISTRIES), /the trust root test: not what this verifier was rendered for/],
  ['a registry configuration', () => files(policyText, scene.trustedRoot, '{"127.0.0.1:5001":{"plainHttp":true}}'), /the registry configuration: not what this verifier was rendered for/],
  ['a trust root in the file of the policies, in the place of one that ships', () => files(policyText + inManifest('sigstore'), scene.trustedRoot, REGISTRIES),
    /the trust root sigstore: .*says nothing of it/],
])('a ConfigMap made anew under its name with another content of %s ends the start', async (_what, options, told) => {
  await expect(scene.start({}, options())).rejects.toThrow(told);
  expect(scene.lines).not.toContain('"policies"');
});
