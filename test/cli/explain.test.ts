import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { nativeEngine } from '../../lib/engines/native';
import { policyControllerEngine } from '../../lib/engines/policy-controller';
import { defaultSettings, renderWebhook } from '../../lib/engines/webhook';
import { DIGEST, exemption, smallPolicy } from '../policy/documents';
import { run } from '../support/command';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, objects: readonly unknown[]): string {
  writeFileSync(join(folder, name), objects.map((object) => stringify(object)).join('---\n'));
  return join(folder, name);
}

const documents = file('policy.yaml', [smallPolicy]);
const synthesized = file('synthesized.yaml', renderWebhook({ documents: [smallPolicy], trustRoots: [], settings: defaultSettings }));
const IMAGE = `ghcr.io/acme/payments/api@${DIGEST}`;

test('what the bundled verifier was synthesized from is told as a whole', async () => {
  const { code, out, err } = await run(['explain', synthesized]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^asked: the bundled verifier behind admission webhooks\n\npolicy [^]*\n {2}otherwise: refused, also when nobody answers\n/);
});

describe('a floor under the verifier', () => {
  const rendered = renderWebhook({ documents: [smallPolicy], trustRoots: [], settings: { ...defaultSettings, floor: true } });
  const floored = file('floored.yaml', rendered);
  const line = ' {0,2}under it: the API server itself, by proofgate-verifier-floor, also while nobody asks the verifier: '
    + 'where an enforced policy holds it refuses images that no policy or exemption names, digests of deny lists and tags of Pods\n';

  test('is told, as a whole and of an image', async () => {
    expect((await run(['explain', floored])).out).toMatch(new RegExp(`^asked: [^\\n]+\\n${line}\\npolicy `));
    expect((await run(['explain', floored, '--image', IMAGE, '--namespace', 'shop'])).out).toMatch(new RegExp(`\\n {2}without an answer: refused\\n${line}\\npolicy `));
    expect(JSON.parse((await run(['explain', floored, '--output', 'json'])).out)).toMatchObject({ engines: [{ engine: 'webhook', floors: ['proofgate-verifier-floor'] }] });
  });

  test('is not where none is bound', async () => {
    const unbound = file('unbound.yaml', rendered.filter(({ kind, metadata }) => !(kind === 'ValidatingAdmissionPolicyBinding' && metadata.name.startsWith('proofgate-verifier-floor'))));
    for (const other of [synthesized, unbound]) {
      expect((await run(['explain', other])).out).not.toContain('under it');
      expect((await run(['explain', other, '--output', 'json'])).out).not.toContain('"floors"');
    }
  });
});

test('documents alone are told, and that nobody asks for them', async () => {
  const { code, out } = await run(['explain', documents]);
  expect(code).toBe(0);
  expect(out).toMatch(/^nothing among the files enforces these documents\n\npolicy /);
});

test('of an image it is told which policies decide, and what happens without an answer', async () => {
  const { code, out, err } = await run(['explain', synthesized, '--image', IMAGE, '--namespace', 'shop']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^ghcr\.io\/acme\/payments\/api@sha256:\S+ in shop\n\nasked: [^\n]+\n {2}judged by its proof[^\n]*\n {2}without an answer: refused\n\npolicy /);
  const other = await run(['explain', synthesized, '--image', 'ghcr.io/evil/app', '--namespace', 'shop', '--output', 'json']);
  expect(JSON.parse(other.out)).toMatchObject({ image: 'ghcr.io/evil/app:latest', namespace: 'shop', engines: [{ engine: 'webhook', answer: 'unmatched', unanswered: 'refused', policies: [] }] });
});

test('JSON holds the documents of each engine as data, beside what they say in words', async () => {
  const { engines } = JSON.parse((await run(['explain', synthesized, '--output', 'json'])).out) as { engines: Array<{ outline: string; documents: unknown }> };
  expect(engines).toEqual([{ engine: 'webhook', outline: expect.stringMatching(/^policy /) as unknown, documents: [smallPolicy] }]);
});

test('every engine among the files is told apart', async () => {
  const native = file('native.yaml', nativeEngine({ name: 'proofgate-native' }).render({ documents: [exemption], trustRoots: [] }));
  const { engines } = JSON.parse((await run(['explain', synthesized, native, '--output', 'json'])).out) as { engines: Array<{ engine: string }> };
  expect(engines.map(({ engine }) => engine)).toEqual(['webhook', 'native']);
});

test('what the API server alone closes is told, and of the same documents without an engine it is not', async () => {
  const closed = /\nimages of no exemption\n {2}refused: in broker, staging, and every tag\n$/;
  const native = file('closing.yaml', nativeEngine({ name: 'proofgate-native' }).render({ documents: [exemption], trustRoots: [] }));
  expect((await run(['explain', native])).out).toMatch(closed);
  expect((await run(['explain', file('exemption.yaml', [exemption])])).out).not.toMatch(closed);
});

test('of an image it is told whether the API server alone admits or refuses it, and nobody is asked who could fail to answer', async () => {
  const spec = { ...(exemption).spec, namespaces: { names: ['shop'] }, until: '2999-01-01' };
  const native = file('alone.yaml', nativeEngine({ name: 'proofgate-native' }).render({ documents: [{ ...exemption, spec }], trustRoots: [] }));
  const said = async (digest: string): Promise<string> => (await run(['explain', native, '--image', `${spec.image}@${digest}`, '--namespace', 'shop'])).out;
  expect(await said(spec.digests[0] ?? '')).toMatch(/\n\nasked: ValidatingAdmissionPolicy[^\n]+\n {2}admitted by name: [^\n]+\n\nexemption /);
  expect(await said(`sha256:${'c3'.repeat(32)}`)).toMatch(/\n\nasked: ValidatingAdmissionPolicy[^\n]+\n {2}refused by name: [^\n]+\n$/);
});

test('of the namespace of the verifier itself it is said that no policy holds there, as verify says it', async () => {
  const args = ['explain', synthesized, '--image', IMAGE, '--namespace'];
  expect(await run([...args, 'proofgate'])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/--namespace proofgate: is the verifier's own, where no policy holds and its guard lets nothing run but the verifier/) as string });
  expect(await run([...args, 'proofgates'])).toMatchObject({ code: 0, err: '' });
  expect(await run(['explain', documents, '--image', IMAGE, '--namespace', 'proofgate'])).toMatchObject({ code: 0, err: '' });
});

test('policy-controller is asked where its label is, also about namespaces that no policy covers', async () => {
  const policies = [{ ...smallPolicy, spec: { ...smallPolicy.spec, namespaces: { names: ['shop'] } } }];
  const engine = policyControllerEngine({ name: 'proofgate', version: '0.15.1', namespace: 'cosign-system', trustRoot: 'sigstore' });
  const args = ['explain', file('controller.yaml', engine.render({ documents: policies, trustRoots: [] })), '--image', 'ghcr.io/evil/app', '--namespace', 'bank'];
  const unsaid = await run(args);
  expect(unsaid.out).toMatch(/\n {2}unknown: no policy covers [^\n]* where it has the label policy\.sigstore\.dev\/include=true, [^\n]*\n {2}without an answer: refused, where it/);
  expect(unsaid.err).toContain('say which labels bank has with --namespace-label KEY=VALUE');
  expect((await run([...args, '--namespace-label', 'policy.sigstore.dev/include=true'])).out).toMatch(/\n {2}refused: the namespace bank has the label [^\n]+\n {2}without an answer: refused\n/);
  expect((await run([...args, '--namespace-label', 'policy.sigstore.dev/include=false'])).out).toMatch(/\n {2}admitted, unasked: [^\n]+\n {2}without an answer: admitted\n/);
});

test('where labels decide and are not said, the option that says them is', async () => {
  const labelled = file('labelled.yaml', [{ ...smallPolicy, spec: { ...smallPolicy.spec, namespaces: { labels: { tier: 'prod' } } } }]);
  const args = ['explain', labelled, '--image', IMAGE, '--namespace', 'shop'];
  expect(await run(args)).toMatchObject({ code: 0, err: 'proofgate: namespaces are selected by label: say which labels shop has with --namespace-label KEY=VALUE\n' });
  expect(await run([...args, '--namespace-label', 'tier=prod'])).toMatchObject({ code: 0, err: '' });
});

test.each<[string, () => string[], RegExp]>([
  ['a file without a policy', () => [file('none.yaml', [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }])], /holds no policy document; .*'proofgate import'/],
  ['a policy that is none', () => [file('wrong.yaml', [{ ...smallPolicy, spec: { ...smallPolicy.spec, images: [] } }])], /spec\.images.*'proofgate lint' shows/],
  ['an image that cannot be read', () => [documents, '--image', 'a b'], /--image: image "a b" cannot be read/],
  ['a namespace without an image', () => [documents, '--namespace', 'shop'], /--namespace goes with --image/],
  ['a label without an image', () => [documents, '--namespace-label', 'a=b'], /--namespace-label goes with --image/],
  ['one policy in two files', () => [synthesized, documents], /stands in two objects/],
  ['a file that is not there', () => [join(folder, 'absent.yaml')], /absent\.yaml/],
])('%s is told, with 2', async (_what, args, told) => {
  const { code, out, err } = await run(['explain', ...args()]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(told);
});
