import { generateKeyPairSync } from 'node:crypto';
import { Attestor, Requirement } from '../../../lib/policy/document';
import { loadTrustRoots, TrustRootError } from '../../../lib/verifier/sigstore';
import { trustMaterialOf } from '../../../lib/verifier/sigstore/trust-roots';
import { githubRun, SigstoreWorld, signStatement, TrustedRootJson } from '../../support/sigstore';
import { keyless, Rules, Scene, signature } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
const other = SigstoreWorld.create({ name: 'other.test' });
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

function loaded(change: (root: TrustedRootJson) => unknown): () => unknown {
  const root = world.trustedRoot;
  change(root);
  return () => trustMaterialOf('test', JSON.stringify(root));
}

const REFUSED: ReadonlyArray<[problem: string, change: (root: TrustedRootJson) => unknown, says: RegExp]> = [
  ['of another media type', (root) => Object.assign(root, { mediaType: 'application/json' }), /no trusted root of version/],
  ['that names nobody', (root) => Object.assign(root, { tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] }), /no authority and no log/],
  ['with an authority without start', (root) => Object.assign(root.certificateAuthorities[0]!, { validFor: {} }), /validFor\.start/],
  ['with a timestamp authority without start', (root) => Object.assign(root.timestampAuthorities[0]!, { validFor: { end: '2030-01-01T00:00:00Z' } }), /validFor\.start/],
  ['with a log without start', (root) => Object.assign(root.tlogs[1]!.publicKey, { validFor: {} }), /validFor\.start/],
  ['with a CT log without start', (root) => Object.assign(root.ctlogs[0]!.publicKey, { validFor: undefined }), /validFor\.start/],
  ['with two logs of one id', (root) => root.tlogs.push(root.tlogs[0]!), /two tlogs with the id/],
  ['with two CT logs of one id', (root) => root.ctlogs.push(root.ctlogs[0]!), /two ctlogs with the id/],
  ['with a log without id', (root) => Object.assign(root.tlogs[0]!, { logId: undefined }), /without id or key/],
  ['with a log without key', (root) => Object.assign(root.tlogs[0]!.publicKey, { rawBytes: undefined }), /without id or key/],
  ['with a key that is none', (root) => Object.assign(root.tlogs[0]!.publicKey, { rawBytes: 'AAAA' }), /cannot be read/],
  ['with a certificate that is none', (root) => Object.assign(root.certificateAuthorities[0]!.certChain, { certificates: [{ rawBytes: 'AAAA' }] }), /cannot be read/],
  ['with a timestamp authority without certificate', (root) => Object.assign(root.timestampAuthorities[0]!.certChain, { certificates: [] }), /cannot be read/],
];

test.each(REFUSED)('P08 a trust root %s is refused', (_problem, change, says) => {
  expect(loaded(change)).toThrow(TrustRootError);
  expect(loaded(change)).toThrow(says);
  expect(loaded(() => undefined)).not.toThrow();
});

test('P08 a trust root that can be read in two ways is refused', () => {
  const text = JSON.stringify(world.trustedRoot);
  expect(() => trustMaterialOf('test', text.replace('{', '{"tlogs":[],'))).toThrow(/exactly one way/);
  expect(() => trustMaterialOf('test', `${text}{}`)).toThrow(/exactly one way/);
});

test('the roots that ship are there, unless another of their name is given', () => {
  expect(loadTrustRoots([]).map(({ name }) => name)).toEqual(['sigstore', 'github']);
  const own = { name: 'github', json: JSON.stringify(world.trustedRoot) };
  expect(loadTrustRoots([own]).find(({ name }) => name === 'github')).toEqual(own);
  expect(() => loadTrustRoots([{ name: 'github', json: '{}' }])).toThrow('trust root github: is no trusted root of version');
});

test('an attestor whose trust root the verifier was not given vouches for nothing', async () => {
  const rules = (trustRoot: string): Rules => ({ attestors: { signer: keyless({ trustRoot }) }, requirements: [signature()] });
  expect(await scene.outcome({ rules: rules('missing') })).toBe('UNTRUSTED_CERTIFICATE');
  expect(await scene.outcome({ rules: rules('test') })).toBe('allowed');
});

describe('where one verifier has several anchors', () => {
  const requirement = (name: string): Requirement => ({ ...signature(name), name });
  const unlogged = keyless({ transparency: { log: 'notRequired', timestamp: 'required', reason: 'a private instance' } });

  test('what one root vouches for does not count for an attestor of another', async () => {
    const rules = { attestors: { ours: keyless(), theirs: keyless({ trustRoot: 'other' }) }, requirements: [requirement('ours'), requirement('theirs')] };
    const roots = { other: other.trustedRoot };
    const [ours, theirs] = [world, other].map((one) => (image: string) => one.signKeyless(githubRun(), signStatement(image)));
    expect(await scene.outcome({ rules, roots, evidence: ours! })).toBe('NO_TRUSTED_TIME');
    expect(await scene.outcome({ rules, roots, evidence: theirs! })).toBe('NO_TRUSTED_TIME');
    expect(await scene.outcome({ rules, roots, evidence: (image) => [ours!(image), theirs!(image)] })).toBe('allowed');
  });

  test('what does for an attestor that needs no log does not do for one that does', async () => {
    const rules = { attestors: { strict: keyless(), lax: unlogged }, requirements: [requirement('strict'), requirement('lax')] };
    expect(await scene.outcome({ rules, evidence: (image) => world.signKeyless(githubRun(), signStatement(image), { log: 'none' }) })).toBe('NO_TRANSPARENCY');
    expect(await scene.outcome({ rules })).toBe('allowed');
  });

  test('what does for one key does not do for another', async () => {
    const keys = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const [first, second] = keys.map(({ publicKey }): Attestor => ({ type: 'key', publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), trustRoot: 'test' }));
    const rules = { attestors: { first: first!, second: second! }, requirements: [requirement('first'), requirement('second')] };
    expect(await scene.outcome({ rules, evidence: (image) => world.signWithKey(keys[0]!.privateKey, signStatement(image)) })).toBe('INVALID_SIGNATURE');
    expect(await scene.outcome({ rules, evidence: (image) => keys.map(({ privateKey }) => world.signWithKey(privateKey, signStatement(image))) })).toBe('allowed');
  });
});
