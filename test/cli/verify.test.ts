import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kyvernoEngine } from '../../lib/engines/kyverno';
import { defaultSettings, renderWebhook } from '../../lib/engines/webhook';
import { ImagePolicy } from '../../lib/policy/document';
import { documentOf } from '../corpus/policy';
import { CorpusRegistry } from '../corpus/registry';
import { smallPolicy } from '../policy/documents';
import { builtCommand, Finished, run } from '../support/command';

jest.setTimeout(60_000);

const DATA = join(__dirname, '../corpus/data');
const { cases } = JSON.parse(readFileSync(join(DATA, 'corpus.json'), 'utf8')) as {
  cases: ReadonlyArray<{ id: string; checks: ReadonlyArray<{ name: string; expect: string; image: string; policy: Parameters<typeof documentOf>[0] }> }>;
};
const checks = cases.find(({ id }) => id === 'kl-gh-sign')?.checks ?? [];
const good = checks.find(({ expect: stated }) => stated === 'pass');
const registry = new CorpusRegistry(DATA);
const folder = mkdtempSync(join(tmpdir(), 'verify-'));
const trustRoot = `corpus=${join(DATA, 'trust/trusted_root.json')}`;
let policy: ImagePolicy;
let image = '';
let host = '';
let common: string[] = [];

beforeAll(async () => {
  host = await registry.start();
  if (good === undefined) {
    throw new Error('the corpus has no passing check kl-gh-sign');
  }
  policy = documentOf(good.policy, host, DATA);
  image = `${host}/${good.image}`;
  common = ['--policy', file('policy.json', JSON.stringify(policy)), '--trust-root', trustRoot, '--registry-config', file('registries.yaml', `${host}: {plainHttp: true}\n`)];
});
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const stranger = (): string => `${host}/c/nobody@sha256:${'ab'.repeat(32)}`;

/** One readable line per mistake on standard error, nothing on standard output, no stack. */
function expectFailure({ code, out, err }: Finished, ...said: readonly RegExp[]): void {
  expect({ code, out }).toEqual({ code: 2, out: '' });
  said.forEach((words) => expect(err).toMatch(words));
  expect(err).not.toMatch(/\n\s+at |unexpected error|\u001b/);
}

describe('an image that may run', () => {
  test('ends with 0 and is shown with its digest and what vouches for it, without colour', async () => {
    const { code, out, err } = await run(['verify', image, ...common]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^allowed {2}127\.0\.0\.1:\d+\/c\/\S+@sha256:[0-9a-f]{64}\n {9}corpus\/proof: signer vouches in sha256:[0-9a-f]{64} \(\d+ checks\)\n$/);
  });

  test('has its verdict, evidence and the policy\'s digest in JSON', async () => {
    const { code, out } = await run(['verify', image, ...common, '--output', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      verdict: 'allowed',
      policyDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown,
      reasons: [],
      images: [{
        image: expect.stringMatching(/@sha256:[0-9a-f]{64}$/) as unknown, verdict: 'allowed', policies: ['corpus'], reasons: [], warnings: [],
        evidence: [expect.objectContaining({ type: 'requirement', policy: 'corpus', requirement: 'proof', attestor: 'signer', checks: expect.arrayContaining(['subject-digest']) as unknown })],
      }],
    });
  });

  test('is allowed by synthesized manifests that hold the policy and the trust root', async () => {
    const json = readFileSync(join(DATA, 'trust/trusted_root.json'), 'utf8');
    const manifests = renderWebhook({ documents: [policy], trustRoots: [{ name: 'corpus', json }], settings: defaultSettings });
    const written = file('manifests.yaml', manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'));
    expect((await run(['verify', image, '--policy', written, ...common.slice(4)])).code).toBe(0);
  });
});

test('a trust root that no policy names is said and changes nothing', async () => {
  const { code, err } = await run(['verify', image, ...common, '--trust-root', trustRoot.replace('corpus=', 'sigstor=')]);
  expect({ code, err }).toEqual({ code: 0, err: 'proofgate: no policy names the trust root sigstor, so it is not used; is it spelt as in the policy?\n' });
});

describe('images that may not run', () => {
  test('end with 1, each with code and what to do; one is enough', async () => {
    const { code, out } = await run(['verify', image, stranger(), 'ghcr.io/other/app:v1', ...common]);
    expect(code).toBe(1);
    expect(out).toMatch(/^allowed {2}\S+\n(.*\n)+?denied {3}\S+\n {9}\[[A-Z_]+\] .*\n(.*\n)*? {9}What to do: /);
    expect(out.split(stranger())).toHaveLength(2);
    expect(out).toContain('[UNMATCHED_IMAGE]');
  });

  test('have their reasons at the top and at the image, in the order of the arguments', async () => {
    const { code, out } = await run(['verify', 'ghcr.io/other/app:v1', image, 'Not//a/reference', ...common, '--output', 'json']);
    const { verdict, reasons, images } = JSON.parse(out) as { verdict: string; reasons: Array<{ code: string }>; images: Array<{ verdict: string; reasons: object[] }> };
    expect({ code, verdict, codes: reasons.map((reason) => reason.code) }).toEqual({ code: 1, verdict: 'denied', codes: ['UNMATCHED_IMAGE', 'MALFORMED'] });
    expect(images.map((entry) => entry.verdict)).toEqual(['denied', 'allowed', 'denied']);
    expect(images.flatMap((entry) => entry.reasons)).toEqual(reasons);
  });

  test('depend on the namespace that they are meant for', async () => {
    const args = ['verify', 'ghcr.io/other/app:v1', ...common];
    expect((await run([...args, '--namespace', 'shop'])).code).toBe(1);
    expect((await run([...args, '--namespace', 'kube-system'])).out).toMatch(/^not covered {2}/);
  });

  test('are denied where the registry cannot be reached as it was said', async () => {
    const { code, out } = await run(['verify', image, ...common.slice(0, 4)]);
    expect(code).toBe(1);
    expect(out).toMatch(/\[REGISTRY_UNAVAILABLE\]|\[IMAGE_NOT_FOUND\]/);
  });
});

describe('an image for a namespace that no policy covers', () => {
  const inShop = (): string => file('in-shop.json', JSON.stringify({ ...policy, spec: { ...policy.spec, namespaces: { names: ['shop', 'bank'] } } }));
  const args = (): string[] => ['verify', image, '--policy', inShop(), ...common.slice(2)];

  test('is not called allowed and never ends with 0, and where policies hold is said', async () => {
    expect(await run(args())).toEqual({
      code: 1,
      out: `not covered  ${image}\n         no policy covers the namespace default: any image may run there, and nothing was verified\n`,
      err: 'proofgate: no policy covers the namespace default; they hold in shop; bank: say with --namespace where the images are meant to run\n',
    });
    expect(await run([...args(), '--namespace', 'shop'])).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^allowed {2}/) as unknown });
  });

  test('is one that is not covered in JSON, too, and all together are no better', async () => {
    const { out } = await run([...args(), '--output', 'json']);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'uncovered', images: [{ verdict: 'uncovered', evidence: [{ type: 'uncovered', namespace: 'default' }] }] });
  });

  test.each<[string, object, string]>([
    ['all but some', { except: ['default', 'kube-system'] }, 'every namespace but default, kube-system'],
    ['labels', { labels: { team: 'shop', tier: 'prod' } }, 'namespaces labelled team=shop,tier=prod'],
  ])('is told of a selection by %s', async (_how, namespaces, words) => {
    const selecting = file('selecting.json', JSON.stringify({ ...policy, spec: { ...policy.spec, namespaces } }));
    const { code, err } = await run(['verify', image, '--policy', selecting, ...common.slice(2), '--namespace-label', 'a=b']);
    expect({ code, err }).toEqual({ code: 1, err: `proofgate: no policy covers the namespace default; they hold in ${words}: say with --namespace where the images are meant to run\n` });
  });
});

describe('synthesized manifests', () => {
  const synthesized = (): string => {
    const json = readFileSync(join(DATA, 'trust/trusted_root.json'), 'utf8');
    return renderWebhook({ documents: [policy], trustRoots: [{ name: 'corpus', json }], settings: defaultSettings }).map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  };

  test('judge no image for the verifier\'s own namespace, where its guard decides', async () => {
    const args = ['verify', image, '--policy', file('whole.yaml', synthesized()), ...common.slice(4), '--namespace'];
    expectFailure(await run([...args, 'proofgate']), /--namespace proofgate: is the verifier's own, where no policy holds and its guard lets nothing run but the verifier/);
    expect((await run([...args, 'proofgates'])).code).toBe(0);
  });

  test('may be named by their folder, in which other files hold no policy', async () => {
    const dist = mkdtempSync(join(folder, 'dist-'));
    writeFileSync(join(dist, 'app.k8s.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n');
    expectFailure(await run(['verify', image, '--policy', dist, ...common.slice(4)]), new RegExp(`  ${dist}: holds no policy`));
    writeFileSync(join(dist, 'enforcement.k8s.yaml'), synthesized());
    expect((await run(['verify', image, '--policy', dist, ...common.slice(4)])).code).toBe(0);
    writeFileSync(join(dist, 'broken.yaml'), 'kind: A\nkind: B\n');
    expectFailure(await run(['verify', image, '--policy', dist, ...common.slice(4)]), /broken\.yaml: Map keys must be unique/);
  });
});

describe('policies of another engine', () => {
  const elsewhere = kyvernoEngine({ name: 'proofgate-kyverno', namespace: 'kyverno', version: '1.19.1', timeoutSeconds: 10 })
    .render({ documents: [smallPolicy], trustRoots: [] }).map((manifest) => JSON.stringify(manifest)).join('\n---\n');

  test('are not asked, which is said beside the verdict of those that are', async () => {
    const dist = mkdtempSync(join(folder, 'dist-'));
    writeFileSync(join(dist, 'policy.yaml'), JSON.stringify(policy));
    const args = ['verify', image, '--policy', dist, ...common.slice(2)];
    expect(await run(args)).toMatchObject({ code: 0, err: '' });
    writeFileSync(join(dist, 'kyverno.yaml'), elsewhere);
    const { code, err } = await run(args);
    expect(code).toBe(0);
    expect(err).toBe('proofgate: policies of another engine ("kyverno") lie there as well and are not asked: it may refuse what is allowed here\n');
  });

  test('hold in a namespace that no other policy covers, which is not said to be open to any image', async () => {
    const dist = mkdtempSync(join(folder, 'dist-'));
    writeFileSync(join(dist, 'policy.yaml'), JSON.stringify({ ...policy, spec: { ...policy.spec, namespaces: { names: ['shop'] } } }));
    writeFileSync(join(dist, 'kyverno.yaml'), elsewhere);
    const args = ['verify', image, '--policy', dist, ...common.slice(2)];
    expect(await run(args)).toEqual({
      code: 1,
      out: `not covered  ${image}\n         the namespace default is covered by what is enforced by kyverno, not judged here: nothing was verified\n`,
      err: 'proofgate: policies of another engine ("kyverno") lie there as well and are not asked: it may refuse what is allowed here\n',
    });
    expect(JSON.parse((await run([...args, '--output', 'json'])).out)).toMatchObject({ verdict: 'uncovered', images: [{ verdict: 'uncovered', enforcedBy: ['kyverno'] }] });
    expect((await run([...args, '--namespace', 'kube-system'])).out).toContain('no policy covers the namespace kube-system: any image may run there');
    expect((await run([...args, '--namespace', 'shop', '--output', 'json'])).out).not.toContain('enforcedBy');
  });

  test('alone are no policies to judge by', async () => {
    expectFailure(await run(['verify', image, '--policy', file('kyverno.yaml', elsewhere), ...common.slice(2)]), /kyverno\.yaml: its policies are enforced by another engine \("kyverno"\), and the bundled verifier/);
  });
});

describe('where a policy selects namespaces by label', () => {
  let selecting: string[] = [];
  beforeAll(() => {
    const labelled = { ...policy, spec: { ...policy.spec, namespaces: { labels: { 'acme.test/tier': 'prod', 'team': '' } } } };
    selecting = ['verify', stranger(), '--policy', file('labelled.json', JSON.stringify(labelled)), ...common.slice(2), '--namespace', 'shop'];
  });

  test('an image is denied as long as the labels are not said, and how to say them is', async () => {
    const { code, out, err } = await run(selecting);
    expect({ code, err }).toEqual({ code: 1, err: 'proofgate: a policy selects namespaces by label: say which labels shop has with --namespace-label KEY=VALUE\n' });
    expect(out).toContain('[NAMESPACE_UNKNOWN]');
  });

  test.each<[string, string[], string]>([
    ['these labels', ['acme.test/tier=prod', 'team=', 'other=x'], 'denied'],
    ['another value', ['acme.test/tier=dev', 'team='], 'not covered'],
    ['only one of them', ['team='], 'not covered'],
    ['the same label twice', ['team=', 'acme.test/tier=prod', 'team='], 'denied'],
  ])('%s decide', async (_what, labels, word) => {
    const { out } = await run([...selecting, ...labels.flatMap((label) => ['--namespace-label', label])]);
    expect(out.split(/ {2}/)[0]).toBe(word);
  });

  test('the label that every namespace has is its name', async () => {
    const byName = file('by-name.json', JSON.stringify({ ...policy, spec: { ...policy.spec, namespaces: { labels: { 'kubernetes.io/metadata.name': 'shop' } } } }));
    const args = (namespace: string): string[] => ['verify', stranger(), '--policy', byName, ...common.slice(2), '--namespace', namespace, '--namespace-label', 'a=b'];
    expect((await run(args('shop'))).out).toMatch(/^denied /);
    expect((await run(args('other'))).out).toMatch(/^not covered /);
  });
});

test('while a registry does not answer, a terminal shows how long that took and how long it may', async () => {
  const silent = createServer((request) => void setTimeout(() => request.socket.destroy(), 1_500)).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const to = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const policyFile = file('silent.json', JSON.stringify({ ...policy, spec: { ...policy.spec, images: [`${to}/**`] } }));
  const args = ['verify', `${to}/acme/app:v1`, '--policy', policyFile, ...common.slice(2, 4), '--registry-config', file('silent.yaml', `${to}: {plainHttp: true}\n`)];
  const child = spawn(process.execPath, ['--require', file('terminal.cjs', 'process.stderr.isTTY = true;'), builtCommand(), ...args], { env: { PATH: process.env.PATH } });
  let shown = '';
  child.stderr.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  await new Promise((resolve) => silent.close(resolve));
  const lines = shown.split('\r\u001b[K');
  expect([lines[1], lines.at(-1)]).toEqual(['verifying 0/1 … 0 s, at most 60 s for an image', '']);
  expect(lines).toContain('verifying 0/1 … 1 s, at most 60 s for an image');
});

test('the help says how long it may take', async () => {
  expect((await run(['verify', '--help'])).out.replace(/\s+/g, ' ')).toContain('waited for 60 seconds for each image, of which 8 are judged at a time');
});

test('a refusal for want of an answer shows as one; another does not', async () => {
  const { code, out } = await run(['verify', image, stranger(), ...common.slice(0, 4), '--registry-config', file('refused.yaml', `${host}: {plainHttp: false}\n`)]);
  expect(code).toBe(1);
  expect(out.match(/^denied {3}\S+ \(not judged: there was no answer\)\n {9}\[REGISTRY_UNAVAILABLE\] /gm)).toHaveLength(2);
  expect((await run(['verify', stranger(), ...common])).out).toMatch(/^denied {3}\S+\n/);
});

test('in JSON a refusal for want of an answer is told from another one by its code, and the exit code is that of both', async () => {
  const said = async (registries: readonly string[]): Promise<unknown> => {
    const { code, out } = await run(['verify', stranger(), ...common.slice(0, 4), ...registries, '--output', 'json']);
    const { verdict, reasons } = JSON.parse(out) as { verdict: string; reasons: Array<{ code: string }> };
    return { code, verdict, reasons: reasons.map((reason) => reason.code) };
  };
  expect(await said(['--registry-config', file('silent.yaml', `${host}: {plainHttp: false}\n`)])).toEqual({ code: 1, verdict: 'denied', reasons: ['REGISTRY_UNAVAILABLE'] });
  expect(await said(common.slice(4))).toEqual({ code: 1, verdict: 'denied', reasons: [expect.not.stringMatching(/^REGISTRY_UNAVAILABLE$/)] });
});

describe('a policy in its audit window', () => {
  let observing: string[] = [];
  const failing = checks.find(({ expect: stated }) => stated === 'fail');
  beforeAll(() => {
    const { spec } = failing === undefined ? policy : documentOf(failing.policy, host, DATA);
    const soon = { ...policy, metadata: { name: 'soon' }, spec: { ...spec, action: { type: 'Audit', reason: 'first look', owner: 'platform', until: '2999-01-01' } } };
    observing = ['--policy', file('soon.json', JSON.stringify(soon)), ...common.slice(2)];
  });

  test('says what it would refuse, and from when on', async () => {
    const refused = `${host}/${failing?.image ?? ''}`;
    const { code, out } = await run(['verify', refused, ...observing]);
    expect(code).toBe(1);
    expect(out).toMatch(/^warned {2}/);
    expect(out).toMatch(/^ {9}warning policy soon would refuse this from 2999-01-01: \[[A-Z_]+\] proof/m);
    const { verdict, images } = JSON.parse((await run(['verify', refused, ...observing, '--output', 'json'])).out) as { verdict: string; images: Array<{ verdict: string; warnings: object[] }> };
    expect([verdict, images[0]?.verdict]).toEqual(['warned', 'warned']);
    expect(images[0]?.warnings[0]).toMatchObject({ policy: 'soon', until: '2999-01-01' });
  });

  test('says nothing of when it would refuse an image that another policy refuses now', async () => {
    const refused = `${host}/${failing?.image ?? ''}`;
    const enforced = failing === undefined ? policy : documentOf(failing.policy, host, DATA);
    const both = ['verify', refused, ...observing, '--policy', file('enforced.json', JSON.stringify({ ...enforced, metadata: { name: 'enforced' } }))];
    const { code, out } = await run(both);
    expect({ code, warned: out.includes('warning') }).toEqual({ code: 1, warned: false });
    const { images } = JSON.parse((await run([...both, '--output', 'json'])).out) as { images: Array<{ warnings: object[] }> };
    expect(images[0]?.warnings[0]).toMatchObject({ policy: 'soon' });
  });

  test('is no better and no worse for an image that it would admit', async () => {
    const open = { ...policy, metadata: { name: 'open' }, spec: { ...policy.spec, action: { type: 'Audit', reason: 'first look', owner: 'platform', until: '2999-01-01' } } };
    const { code, out } = await run(['verify', image, '--policy', file('open.json', JSON.stringify(open)), ...common.slice(2)]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^allowed {2}/) as unknown });
  });

  test('covers its namespace for images that it does not name', async () => {
    const { code, out } = await run(['verify', 'ghcr.io/other/app:v1', ...observing]);
    expect(code).toBe(1);
    expect(out).toBe([
      'warned  ghcr.io/other/app:v1',
      '         only policies in their audit window cover the namespace default',
      '         warning policy soon would refuse this from 2999-01-01: [UNMATCHED_IMAGE] expected a policy for "ghcr.io/other/app" in namespace "default", found none; in that namespace hold soon',
      '',
    ].join('\n'));
  });
});

describe('what cannot run ends with 2 and a line that says why', () => {
  const args = (changes: { policy?: string; root?: string; registries?: string }): string[] => [
    'verify', image, '--policy', changes.policy ?? common[1] ?? '', '--trust-root', changes.root ?? trustRoot, '--registry-config', changes.registries ?? common[5] ?? '',
  ];
  const exemption = { apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'x' },
    spec: { image: 'ghcr.io/a/b', digests: [`sha256:${'a1'.repeat(32)}`], reason: 'r', owner: 'o', until: '2099-01-01' } };

  test.each<[string, () => string[], RegExp]>([
    ['no policy', () => ['verify', image], /required option '--policy <path>' not specified/],
    ['no image', () => ['verify', ...common], /missing required argument 'image'/],
    ['a policy file that is not there', () => args({ policy: '/nowhere.yaml' }), /^ {2}\/nowhere\.yaml: cannot be read \(ENOENT: no such file or directory\); name a file that is there and readable$/m],
    ['a folder without files', () => args({ policy: mkdtempSync(join(folder, 'empty-')) }), /empty-\w+: holds no \*\.json, \*\.yaml, \*\.yml/],
    ['an empty policy file', () => args({ policy: file('empty.yaml', '') }), /empty\.yaml: holds no policy; expected an ImagePolicy/],
    ['a policy file with {}', () => args({ policy: file('object.yaml', '{}') }), /object\.yaml: holds no policy/],
    ['a policy file that ends early', () => args({ policy: file('short.json', JSON.stringify(policy).slice(0, 100)) }), /short\.json: is not JSON at line 1, column \d+\n$/],
    ['a policy that says a key twice', () => args({ policy: file('twice.yaml', 'kind: A\nkind: B\n') }), /twice\.yaml: Map keys must be unique at line 2, column 1\n/],
    ['a policy with an alias to nothing', () => args({ policy: file('alias.yaml', 'a: *b\n') }), /alias\.yaml: .*alias.*: b/i],
    ['a policy with an unknown field', () => args({ policy: file('field.json', JSON.stringify({ ...policy, x: 1 })) }), /field\.json: x: is not known here/],
    ['a policy of an unknown version', () => args({ policy: file('version.json', JSON.stringify({ ...policy, apiVersion: 'proofgate.dev/v2' })) }), /apiVersion: is "proofgate.dev\/v2"/],
    ['nothing but an exemption, which guards nothing', () => args({ policy: file('exemption.json', JSON.stringify(exemption)) }), /no ImagePolicy says what must be proven/],
    ['the same policy twice', () => [...args({}), '--policy', common[1] ?? ''], /"corpus" is already defined/],
    ['a trust root that is not there', () => args({ root: 'corpus=/nowhere.json' }), /trust root corpus: \/nowhere\.json cannot be read .*; name a file/],
    ['a trust root without a name', () => args({ root: '/nowhere.json' }), /--trust-root \/nowhere\.json: expected NAME=FILE/],
    ['a trust root that is none', () => args({ root: `corpus=${file('root.json', '{}')}` }), /trust root corpus: is no trusted root/],
    ['a trust root that the policy names and nobody gives', () => ['verify', image, '--policy', common[1] ?? ''],
      /^proofgate: policy corpus names the trust root corpus: pass --trust-root corpus=FILE\n$/],
    ['a trust root under another name than the policy\'s', () => args({ root: trustRoot.replace('corpus=', 'corps=') }), /policy corpus names the trust root corpus: pass/],
    ['a registry configuration that is not there', () => args({ registries: '/nowhere.yaml' }), /\/nowhere\.yaml: cannot be read/],
    ['plain HTTP to another machine', () => args({ registries: file('plain.yaml', 'reg.test: {plainHttp: true}') }), /plain\.yaml: reg\.test\.plainHttp: .*acknowledgePlainHttp/],
    ['a Kubernetes object as registry configuration', () => args({ registries: file('object.yaml', 'apiVersion: v1\nkind: ConfigMap\n') }), /object\.yaml: is a Kubernetes object of kind ConfigMap, not a registry configuration/],
    ['an unknown setting of a registry', () => args({ registries: file('odd.yaml', 'reg.test: {insecure: true}') }), /reg\.test\.insecure: is not a setting/],
    ['a label without value', () => [...args({}), '--namespace-label', 'team'], /--namespace-label team: expected KEY=VALUE/],
    ['a label without key', () => [...args({}), '--namespace-label', '=x'], /--namespace-label =x: expected KEY=VALUE/],
    ['a label whose key Kubernetes does not take', () => [...args({}), '--namespace-label', 'a b=x'], /--namespace-label a b=x: expected KEY=VALUE/],
    ['a label whose value Kubernetes does not take', () => [...args({}), '--namespace-label', 'a=x/y'], /--namespace-label a=x\/y: expected KEY=VALUE/],
    ['two values of one label', () => [...args({}), '--namespace-label', 'a=x', '--namespace-label', 'a=y'], /--namespace-label a=y: the label is x already/],
    ['the name of another namespace as label', () => [...args({}), '--namespace-label', 'kubernetes.io/metadata.name=shop'], /the label is default already/],
    ['an unknown option', () => ['verify', image, ...common, '--insecure'], /unknown option '--insecure'\n.*Run 'proofgate verify --help'/],
    ['an unknown output', () => ['verify', image, ...common, '--output', 'xml'], /'xml' is invalid.*text, json/],
  ])('%s', async (_, command, words) => {
    expectFailure(await run(command()), words);
  });

  test('plain HTTP to another machine can be acknowledged', async () => {
    const acknowledged = file('acknowledged.yaml', `reg.test: {plainHttp: true, acknowledgePlainHttp: a lab without TLS}\n${host}: {plainHttp: true}\n`);
    expect((await run(args({ registries: acknowledged }))).code).toBe(0);
  });
});
