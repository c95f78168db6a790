import { createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOfMaterials, CYCLONEDX, materialsOf } from '../../image/bill-of-materials';
import { assemble } from '../../image/build';
import { ImageError } from '../../image/error';
import { textFile } from '../../image/entry';
import { Layer, layerOf } from '../../image/layer';
import { Attachment, writeLayout } from '../../image/layout';
import { lockedNode, readLock } from '../../image/lock';
import { perPlatform } from '../../image/platform';
import { IN_TOTO, provenance, SLSA_PROVENANCE, statement, UNKNOWN_BUILDER } from '../../image/provenance';
import { parseTarget, Repository } from '../../image/push';
import { NotDeployed, pushImage, signImage } from '../../image/release';
import { Attestor, ImagePolicy, Requirement } from '../../lib/policy/document';
import { run } from '../support/command';
import { TestRegistry, TestRegistryOptions } from '../support/registry';
import { githubRun, SigstoreWorld } from '../support/sigstore';
import { imageCommand } from './image-command';
import { SigstoreServices } from './sigstore-services';

jest.setTimeout(120_000);

const NAME = 'reg.test/proofgate/verifier';
const folder = mkdtempSync(join(tmpdir(), 'release-'));
const [complete, unproven] = [join(folder, 'complete'), join(folder, 'unproven')];
const world = SigstoreWorld.create();
const trustRoot = join(folder, 'trusted_root.json');
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
let digest = '';
let registry: TestRegistry | undefined;

beforeAll(async () => {
  writeFileSync(trustRoot, JSON.stringify(world.trustedRoot));
  // How a layer travels does not depend on what is in it.
  const layer = (text: string): Promise<Layer> => layerOf(new Map([['etc/hostname', textFile(text)]]));
  const image = await assemble(await perPlatform(async ({ architecture, node }) => ({ system: await layer(architecture), node: await layer(node) })));
  const made = { repository: NAME, digest: image.composed.index.digest };
  digest = made.digest;
  const materials = materialsOf({ lock: readLock(), node: lockedNode, bundled: image.application.packages });
  const bill = attachment(CYCLONEDX, billOfMaterials(made, materials));
  const predicate = provenance({ repository: 'https://git.test/proofgate', commit: 'c0ffee' }, UNKNOWN_BUILDER, materials);
  writeLayout(complete, image, NAME, [bill, attachment(IN_TOTO, statement(made, SLSA_PROVENANCE, predicate))]);
  writeLayout(unproven, image, NAME, [bill]);
});
afterEach(async () => {
  await registry?.close();
  registry = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

function attachment(type: string, content: object): Attachment {
  return { type, content: Buffer.from(JSON.stringify(content)) };
}

async function open(options: TestRegistryOptions = {}): Promise<{ readonly repository: Repository; readonly reference: string; readonly started: TestRegistry }> {
  const started = await TestRegistry.start(options);
  registry = started;
  return { started, repository: await Repository.open(parseTarget(`${started.host}/mirror/verifier`)), reference: `${started.host}/mirror/verifier@${digest}` };
}

const REQUIREMENTS: readonly Requirement[] = [
  { type: 'signature', name: 'signature', attestors: ['release'], threshold: 1 },
  { type: 'attestation', name: 'bill', attestors: ['release'], threshold: 1, predicateType: 'https://cyclonedx.org/bom' },
  { type: 'attestation', name: 'provenance', attestors: ['release'], threshold: 1, predicateType: SLSA_PROVENANCE },
];

function byKey(signer: KeyObject): Attestor {
  return { type: 'key', publicKey: createPublicKey(signer).export({ type: 'spki', format: 'pem' }).toString(), transparency: { log: 'notRequired', untimed: { reason: 'a test', owner: 'a test' } } };
}

/** What our own command says of an image that has to be signed by somebody. */
async function verify(started: TestRegistry, reference: string, attestor: Attestor): Promise<{ readonly code: number | null; readonly out: string }> {
  const policy: ImagePolicy = {
    apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'verifier' },
    spec: {
      images: [`${started.host}/mirror/**`], namespaces: { except: [] }, action: { type: 'Deny' },
      attestors: { release: attestor },
      requirements: [...REQUIREMENTS],
    },
  };
  const [policyFile, registries] = [join(folder, 'policy.json'), join(folder, 'registries.yaml')];
  writeFileSync(policyFile, JSON.stringify(policy));
  writeFileSync(registries, `${started.host}: {plainHttp: true}\n`);
  const { code, out, err } = await run(['verify', reference, '--policy', policyFile, '--registry-config', registries, '--trust-root', `world=${trustRoot}`]);
  return { code, out: out + err };
}

describe.each([['with the referrers API', {}], ['without the referrers API', { referrersApi: false }]])('in a registry %s', (_, options) => {
  test('the image, its bill of materials and its provenance are signed so that our own command allows it, and nobody else\'s key does', async () => {
    const { started, repository, reference } = await open(options);
    await pushImage(complete, repository, digest);
    expect(await verify(started, reference, byKey(privateKey))).toMatchObject({ code: 1, out: expect.stringContaining('a statement that nobody signed') as unknown });
    await signImage(complete, NAME, repository, { key, rekor: false });
    expect(await verify(started, reference, byKey(privateKey))).toMatchObject({ code: 0, out: expect.stringMatching(/^allowed/) as unknown });
    const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect((await verify(started, reference, byKey(other))).code).toBe(1);
  });
});

test('signed by an identity instead of a key, with a certificate and a log entry, it is allowed for that identity and for no other', async () => {
  const identity = githubRun({ repository: 'proofgate/proofgate' });
  const services = await SigstoreServices.start(world, identity);
  const { started, repository, reference } = await open();
  process.env['SIGSTORE_ID_TOKEN'] = `e30.${Buffer.from(JSON.stringify({ sub: identity.subject, iss: identity.issuer })).toString('base64url')}.e30`;
  try {
    await pushImage(complete, repository, digest);
    await signImage(complete, NAME, repository, { fulcio: services.url, rekor: services.url });
  } finally {
    delete process.env['SIGSTORE_ID_TOKEN'];
    await services.close();
  }
  const signer: Attestor = { type: 'keyless', issuer: identity.issuer, subject: identity.subject, trustRoot: 'world' };
  expect(await verify(started, reference, signer)).toMatchObject({ code: 0, out: expect.stringMatching(/^allowed/) as unknown });
  expect(await verify(started, reference, { ...signer, subject: `${identity.subject}-x` })).toMatchObject({ code: 1, out: expect.stringContaining('[WRONG_IDENTITY]') as unknown });
});

test.each([
  ['does not answer', '127.0.0.1:1/mirror/verifier', /^127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\): check [^\n]*, and push again$/],
  ['there is not', 'registry.invalid/mirror/verifier', /^registry\.invalid cannot be reached \((?:ENOTFOUND|EAI_AGAIN)\): check [^\n]*, and push again$/],
])('of a registry that %s, one line says which, why and what to do', async (_what, target, line) => {
  const pushed = Repository.open(parseTarget(target)).then((repository) => pushImage(complete, repository, digest));
  await expect(pushed).rejects.toThrow(ImageError);
  await expect(pushed).rejects.toThrow(line);
});

test.each([
  ['a name with a tag', ['--push', 'registry.acme.example/verifier:v1'], 'image: registry.acme.example/verifier:v1 is no repository to push to; '],
  ['signatures that are to lie nowhere', ['--sign'], 'image: signatures lie in a registry beside the image: '],
])('%s: said before anything is built', async (_what, args, said) => {
  const output = join(folder, 'unbuilt');
  await expect(imageCommand([...args, '--output', output])).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(new RegExp(`^${said}[^\\n]*\\n$`)) as unknown });
  expect(existsSync(output)).toBe(false);
});

test('--check says in one line what it found, whatever that is', async () => {
  const { stdout, stderr } = await imageCommand(['--check']).then((text) => ({ stdout: text, stderr: '' }), (error: { stdout: string; stderr: string }) => error);
  expect(stdout + stderr).toMatch(/^image: the source makes the image sha256:[0-9a-f]{64}, (?:which \S+ names|and \S+ names sha256:[^\n]*)\.\n$/);
});

test('pushed again, an image is attached to nothing twice', async () => {
  const { started, repository } = await open();
  await pushImage(complete, repository, digest);
  const before = started.repository('mirror/verifier').referrers(digest).length;
  await pushImage(complete, repository, digest);
  expect([before, started.repository('mirror/verifier').referrers(digest).length]).toEqual([2, 2]);
});

test('an image that the constructs do not deploy is not pushed, and both digests are said', async () => {
  const { started, repository } = await open();
  const deployed = `sha256:${'0'.repeat(64)}`;
  const refused = pushImage(complete, repository, deployed);
  await expect(refused).rejects.toBeInstanceOf(NotDeployed);
  await expect(refused).rejects.toThrow(new RegExp(`nothing was pushed: this source makes the image ${digest}, and its constructs deploy ${deployed}.*'npm run image -- --pin', then 'npm pack'`));
  expect(started.requests).toEqual([]);
});

test('without provenance nothing is signed', async () => {
  const { started, repository } = await open();
  await pushImage(unproven, repository, digest);
  await expect(signImage(unproven, NAME, repository, { key, rekor: false })).rejects.toThrow(/holds no application\/vnd\.in-toto\+json beside its image; build it from a checkout/);
  expect(started.repository('mirror/verifier').referrers(digest)).toHaveLength(1);
});

test.each(['proofgate', 'reg.test/verifier:1', `reg.test/verifier@sha256:${'a1'.repeat(32)}`, 'https://reg.test/verifier', ''])('%j is no repository to push to', (text) => {
  expect(() => parseTarget(text)).toThrow(/is no repository to push to; expected HOST\/PATH/);
});

test('a repository is a host with or without a port, and a path', () => {
  expect(parseTarget('reg.test:5000/a/b-c/d_e')).toEqual({ registry: 'reg.test:5000', repository: 'a/b-c/d_e' });
});
