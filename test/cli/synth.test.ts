import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { readBundle } from '../../lib/kubernetes/read-bundle';
import { synthesize } from '../docs/pages';
import { builtCommand, run } from '../support/command';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file and gives its path. */
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const POLICY = `# yaml-language-server: $schema=node_modules/proofgate/schema/policy.json
apiVersion: proofgate.dev/v1
kind: ImagePolicy
metadata:
  name: payments
spec:
  images:
    - ghcr.io/acme/payments/**
  namespaces:
    names: [payments]
  attestors:
    release:
      type: keyless
      issuer: https://token.actions.githubusercontent.com
      subject: https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main
      trustRoot: sigstore
  requirements:
    - type: signature
      name: signature
      attestors: [release]
`;
const EXEMPTION = `apiVersion: proofgate.dev/v1
kind: ImageExemption
metadata:
  name: agent
spec:
  image: docker.io/vendor/agent
  digests: [sha256:${'8d4b'.repeat(16)}]
  reason: Not signed yet
  owner: platform@acme.example
  until: "2027-06-30T00:00:00Z"
`;
const policy = file('policy.yaml', POLICY);

describe.each([
  ['quickstart', []],
  ['github-slsa3', ['--verifier', file('registries.yaml', 'registries:\n  - host: ghcr.io\n    credentialsSecret: ghcr-read\n')]],
] as const)('the documents of %s', (example, options) => {
  const written = Object.values(synthesize(example)).join('---\n');
  const { documents } = readBundle(parseAllDocuments(written).map((document) => document.toJS() as unknown));

  test.each([['YAML', stringify], ['JSON', JSON.stringify]] as const)('in %s become the objects that cdk8s writes, byte for byte', async (format, text) => {
    const files = documents.map((document, index) => file(`${example}-${index}.${format.toLowerCase()}`, text(document)));
    const { code, out, err } = await run(['synth', ...files, ...options]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    // Constructs come in the order of the program, files in that of the engine.
    const objects = (manifests: string): string[] => manifests.split(/^---\n/m).sort();
    expect(objects(out)).toEqual(objects(written));
  });
});

test('one policy becomes the very file', async () => {
  const written = Object.values(synthesize('quickstart')).join('---\n');
  const [document] = readBundle(parseAllDocuments(written).map((found) => found.toJS() as unknown)).documents;
  expect((await run(['synth', file('one.yaml', stringify(document))])).out).toBe(written);
});

test('an exemption beside a policy, in one file or two, becomes the same', async () => {
  const apart = await run(['synth', policy, file('exemption.yaml', EXEMPTION)]);
  expect(apart).toMatchObject({ code: 0, err: '' });
  expect(await run(['synth', file('both.yaml', `${POLICY}---\n${EXEMPTION}`)])).toEqual(apart);
});

test('--out writes one file, named after the verifier, and nothing else', async () => {
  const out = join(folder, 'dist');
  const { out: text } = await run(['synth', policy]);
  expect(await run(['synth', policy, '--out', out])).toEqual({ code: 0, out: '', err: `proofgate: wrote ${join(out, 'proofgate-verifier.k8s.yaml')}\n` });
  expect(readdirSync(out)).toEqual(['proofgate-verifier.k8s.yaml']);
  expect(readFileSync(join(out, 'proofgate-verifier.k8s.yaml'), 'utf8')).toBe(text);
  expect(await run(['lint', out])).toMatchObject({ code: 0, err: '' });
});

test('--output json holds the same objects', async () => {
  const yaml = await run(['synth', policy]);
  const json = await run(['synth', policy, '--output', 'json']);
  expect(JSON.parse(json.out)).toEqual({ manifests: parseAllDocuments(yaml.out).map((document) => document.toJS() as unknown) });
});

test('--verifier takes what a WebhookVerifier takes', async () => {
  const { out } = await run(['synth', policy, '--verifier', file('verifier.yaml', 'replicas: 5\nimageRepository: registry.corp.example/proofgate\n')]);
  expect(out).toContain('replicas: 5\n');
  expect(out).toContain('image: registry.corp.example/proofgate@sha256:');
});

test('a trust root of one\'s own comes along', async () => {
  const own = file('own.yaml', POLICY.replace('trustRoot: sigstore', 'trustRoot: corp'));
  const root = 'examples/private-sigstore/sigstore/trusted_root.json';
  expect(await run(['synth', own, '--trust-root', `corp=${root}`])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('trusted_root.json: ') as unknown });
  expect(await run(['synth', own])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/\[TRUST_ROOT_MISSING\] .*Give its trusted_root\.json with --trust-root NAME=FILE/) as unknown });
  expect(await run(['synth', policy, '--trust-root', `corp=${root}`])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/\[UNUSED\] no attestor names the trust root "corp"/) as unknown });
});

test.each([
  ['of 0 bytes', ''],
  ['of comments', '# nothing\n'],
  ['of a list without items', 'apiVersion: v1\nkind: List\nitems: []\n'],
])('a named file %s is refused beside a good one, and one with a document is not', async (_what, text) => {
  const nothing = file('nothing.yaml', text);
  for (const paths of [[policy, nothing], [nothing, policy]]) {
    expect(await run(['synth', ...paths])).toEqual({ code: 2, out: '', err: `proofgate: ${nothing}: holds no policy document; expected an ImagePolicy, ImageExemption or ImageDenyList of proofgate.dev/v1\n` });
  }
  expect((await run(['synth', policy, file('nothing.yaml', EXEMPTION)])).code).toBe(0);
});

test('of a folder, files that were not read or hold nothing are named', async () => {
  const below = join(folder, 'below');
  mkdirSync(below);
  writeFileSync(join(below, 'policy.yaml'), POLICY);
  expect(await run(['synth', below])).toMatchObject({ code: 0, err: '' });
  writeFileSync(join(below, 'exemption.YAML'), EXEMPTION);
  writeFileSync(join(below, 'nothing.yaml'), '');
  expect(await run(['synth', below])).toMatchObject({
    code: 0, err: `proofgate: ${join(below, 'nothing.yaml')}: holds no object, passed over\nproofgate: ${join(below, 'exemption.YAML')}: is not read, for its extension\n`,
  });
});

test('what --out wrote before stays whole where no more can be written', async () => {
  const out = join(folder, 'full');
  expect((await run(['synth', policy, '--out', out])).code).toBe(0);
  const before = readFileSync(join(out, 'proofgate-verifier.k8s.yaml'), 'utf8');
  // No file of this process may be longer than one block.
  const limited = (blocks: string): ReturnType<typeof spawnSync> => spawnSync('sh', ['-c', 'trap "" XFSZ; ulimit -f "$0"; exec "$@"', blocks, process.execPath, builtCommand(), 'synth', policy, '--out', out], { encoding: 'utf8' });
  expect(limited('1')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^proofgate: --out .*: cannot be written to \(/) as unknown });
  expect(readdirSync(out)).toEqual(['proofgate-verifier.k8s.yaml']);
  expect(readFileSync(join(out, 'proofgate-verifier.k8s.yaml'), 'utf8')).toBe(before);
  expect(limited('unlimited')).toMatchObject({ status: 0, stderr: expect.stringMatching(/^proofgate: wrote [^\n]*\n$/) as unknown });
});

test('a standard output that takes nothing ends with 2 and says so, one that takes it with 0', () => {
  const into = (path: string): ReturnType<typeof spawnSync> => spawnSync(process.execPath, [builtCommand(), 'synth', policy], { encoding: 'utf8', stdio: ['ignore', openSync(path, 'w'), 'pipe'] });
  expect(into('/dev/full')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^proofgate: standard output cannot be written to \(ENOSPC[^\n]*\)\n$/) as unknown });
  expect(into('/dev/null')).toMatchObject({ status: 0, stderr: '' });
});

/** What is wrong in a policy that is sound but for one thing, with the line of that. */
const REFUSED: ReadonlyArray<readonly [what: string, sound: string, weak: string, line: number, said: RegExp]> = [
  ['a pattern that matches look-alikes', 'ghcr.io/acme/payments/**', 'ghcr.io/acme*', 8, /^\[INVALID_DOCUMENT\] spec\.images\[0\] .*look-alikes/],
  ['a name that stands for another one', 'ghcr.io/acme/payments/**', 'nginx', 8, /^\[INVALID_DOCUMENT\] spec\.images\[0\] is "nginx", which means "docker\.io\/library\/nginx"/],
  ['an issuer without https', 'issuer: https://token', 'issuer: http://token', 14, /^\[INVALID_DOCUMENT\] spec\.attestors\.release\.issuer /],
  ['a field that there is not', '      name: signature\n', '      name: signature\n      treshold: 1\n', 20, /^\[INVALID_DOCUMENT\] spec\.requirements\[0\]\.treshold /],
  ['YAML that is read in two ways', 'name: payments', 'name: 0755', 5, /^\[AMBIGUOUS_YAML\] metadata\.name: /],
  ['an attestor that nothing names', 'attestors: [release]', 'attestors: []', 20, /^\[INVALID_DOCUMENT\] spec\.requirements\[0\]\.attestors /],
  ['the verifier\'s own namespace', 'names: [payments]', 'names: [proofgate]', 2, /^\[INVALID_INPUT\] namespaces names "proofgate", the verifier's own/],
  ['refs that anybody may make', 'subject: https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
    'subject: { workflow: https://github.com/acme/payments/.github/workflows/release.yml, refs: ["refs/heads/*"] }', 15, /^\[BRANCH_WILDCARD\] spec\.attestors\.release\.subject\.refs\[0\]: /],
];

test.each(REFUSED)('refused with its line: %s', async (_what, sound, weak, line, said) => {
  expect(POLICY).toContain(sound);
  const weakened = file('weak.yaml', POLICY.replace(sound, weak));
  const { code, out, err } = await run(['synth', weakened, '--output', 'json']);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  const { refused, manifests } = JSON.parse(out) as { refused: Array<{ code: string; file: string; line: number; message: string }>; manifests?: unknown };
  expect(manifests).toBeUndefined();
  expect(refused.map((found) => ({ ...found, message: `[${found.code}] ${found.message}` }))).toContainEqual({
    code: expect.any(String) as unknown, file: weakened, line, message: expect.stringMatching(said) as unknown,
  });
  expect(await run(['synth', weakened])).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`${weakened}:${line}: [`) as unknown });
});

test.each<[string, () => string[], RegExp]>([
  ['two policies of one name', () => [policy, file('again.yaml', POLICY)], /again\.yaml:2: \[INVALID_DOCUMENT\] the name of ImagePolicy "payments" is that of .*policy\.yaml:2/],
  ['an exemption alone', () => [file('alone.yaml', EXEMPTION)], /alone\.yaml:1: \[NOTHING_ENFORCED\] /],
  ['one replica', () => [policy, '--verifier', file('one.yaml', 'replicas: 1\n')], /\[REPLICAS\]/],
  ['a verifier with a property that there is not', () => [policy, '--verifier', file('odd.yaml', 'replica: 3\n')], /odd\.yaml: \[INVALID_INPUT\] replica /],
  ['a number in quotes', () => [policy, '--verifier', file('quoted.yaml', 'replicas: "5"\n')], /quoted\.yaml: \[INVALID_INPUT\] replicas is the text "5": write a whole number from 2, without quotes\./],
  ['a certificate that a class stands for', () => [policy, '--verifier', file('tls.yaml', 'tls: self-managed\n')], /tls\.yaml: \[INVALID_INPUT\] tls is .* which no file holds: .*VerifierTls\.certManager\(/],
  ['an identity that a class stands for', () => [policy, '--verifier', file('identity.yaml', 'registries:\n  - host: ghcr.io\n    identity: {type: azure}\n')], /identity\.yaml: \[INVALID_INPUT\] registries\[0\]\.identity is .* which no file holds: .*RegistryIdentity\.azure\(/],
])('refused: %s', async (_what, args, said) => {
  expect(await run(['synth', ...args()])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(said) as unknown });
});

test('what is wrong with the properties of the verifier is told as JSON as well, and nothing is written', async () => {
  const [verifier, out] = [file('wrong.yaml', 'replica: 3\nname: A_B\n'), join(folder, 'nowhere')];
  const { code, out: json, err } = await run(['synth', policy, '--verifier', verifier, '--output', 'json', '--out', out]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  const problem = (message: RegExp): object => ({ code: 'INVALID_INPUT', file: verifier, message: expect.stringMatching(message) as unknown });
  expect(JSON.parse(json)).toEqual({ refused: [problem(/^replica is not known here, .*replicas/), problem(/^name is "A_B"/)] });
  expect(readdirSync(folder)).not.toContain('nowhere');
});

test.each<[string, () => string[], RegExp]>([
  ['an object that is no document', () => [policy, file('pod.yaml', 'apiVersion: v1\nkind: Pod\n')], /pod\.yaml:1: is no policy document/],
  ['a trust root that is none', () => [policy, '--trust-root', `x=${file('chart.ts', 'export {};\n')}`], /\[INVALID_INPUT\] --trust-root x=.*chart\.ts: /],
  ['a trust root that is given twice', () => [policy, '--trust-root', 'a=x', '--trust-root', 'a=y'], /--trust-root a: is given twice/],
  ['a verifier that is no YAML', () => [policy, '--verifier', file('broken.yaml', 'replicas: [\n')], /--verifier .*broken\.yaml: /],
  ['a folder that cannot be written to', () => [policy, '--out', policy], /--out .*policy\.yaml: cannot be written to/],
])('cannot run: %s', async (_what, args, said) => {
  expect(await run(['synth', ...args()])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(said) as unknown });
});
