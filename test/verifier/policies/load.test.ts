import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadPolicies, PolicyFileError } from '../../../lib/verifier/policies/load';
import { policy } from '../admission/scene';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policies-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string, name = 'policy.yaml'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function problemsOf(...files: string[]): Promise<readonly string[]> {
  try {
    await loadPolicies(files);
    return [];
  } catch (error) {
    if (error instanceof PolicyFileError) {
      return error.problems;
    }
    throw error;
  }
}

const GOOD = policy('app', 'reg.test');
const YAML = stringify(GOOD);
const OTHER = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: {} };
const DENY_LIST = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'withdrawn' }, spec: { digests: [`sha256:${'b'.repeat(64)}`], reason: 'r', owner: 'o' },
};
const EXEMPTION = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'old' },
  spec: { image: 'reg.test/acme/old', digests: [`sha256:${'a'.repeat(64)}`], reason: 'r', owner: 'o', until: '2099-01-01' },
};
const configMap = (labels: object, data: object): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'p', labels }, data });
const POLICY_LABEL = { 'proofgate.dev/content': 'policy' };

test.each<[string, string]>([
  ['YAML', YAML],
  ['JSON', JSON.stringify(GOOD)],
  ['with comments, empty documents and other objects around it', `# policies\n---\n${stringify(OTHER)}---\n---\n${YAML}---\n`],
  ['a synthesized ConfigMap', stringify(configMap(POLICY_LABEL, { 'policy.json': JSON.stringify(GOOD) }))],
  ['beside somebody else\'s ImagePolicy', `${YAML}---\n${stringify({ apiVersion: 'image.toolkit.fluxcd.io/v1', kind: 'ImagePolicy', metadata: { name: 'x' }, spec: {} })}`],
  ['with an exemption', `${YAML}---\n${stringify(EXEMPTION)}`],
])('%s: one policy, and the same digest in whatever form', async (_what, text) => {
  const { set } = await loadPolicies([write(text)]);
  expect(set.policies.map(({ name }) => name)).toEqual(['app']);
  if (!text.includes('ImageExemption')) {
    expect(set.digest).toBe((await loadPolicies([write(YAML)])).set.digest);
  }
});

describe('a list of Kubernetes objects', () => {
  const second = policy('second', 'other.test');
  const inConfigMap = configMap(POLICY_LABEL, { 'policy.json': JSON.stringify(second) });
  const list = (items: unknown, kind = 'List'): string => `${YAML}---\n${stringify({ apiVersion: 'v1', kind, items })}`;

  test.each<[string, string, string[]]>([
    ['a policy', list([OTHER, second]), ['app', 'second']],
    ['a ConfigMap with a policy', list([inConfigMap]), ['app', 'second']],
    ['a ConfigMap with a policy, in a list of another kind', list([inConfigMap], 'ConfigMapList'), ['app', 'second']],
    ['a ConfigMap with a policy, in a list that says for it what it is', list([{ ...inConfigMap, apiVersion: undefined, kind: undefined }], 'ConfigMapList'), ['app', 'second']],
    ['other objects', list([OTHER]), ['app']],
    ['nothing, written as null', list(null), ['app']],
  ])('%s in it counts like one beside it', async (_what, text, names) => {
    expect((await loadPolicies([write(text)])).set.policies.map(({ name }) => name).sort()).toEqual(names);
  });

  test.each<[string, string, RegExp]>([
    ['a list in a list', list([{ apiVersion: 'v1', kind: 'List', items: [second] }]), /items\[0\]: is a list inside a list/],
    ['items that are no list', list({ 0: second }), /items: is no list/],
    ['a policy that is wrong', list([policy('second', 'other.test', { images: [] })]), /spec\.images/],
    ['a text', list(['hello']), /neither a policy nor a Kubernetes object/],
  ])('%s is refused', async (_what, text, told) => {
    expect((await problemsOf(write(text))).join('\n')).toMatch(told);
  });
});

describe('the policy in a ConfigMap', () => {
  const action = (text: string): string => stringify(configMap(POLICY_LABEL, { 'policy.json': JSON.stringify(GOOD).replace('"images"', `${text},"images"`) }));
  const DENY = '"action":{"type":"Deny"}';
  const AUDIT = '"action":{"type":"Audit","reason":"a \\"b\\": c","owner":"o","until":"2099-01-01"}';

  test.each([['Deny', DENY], ['Audit', AUDIT]])('is read with the one action that it has: %s', async (type, text) => {
    expect((await loadPolicies([write(action(text))])).set.policies.map((found) => found.action.type)).toEqual([type]);
  });

  test('is refused when it has two', async () => {
    expect(await problemsOf(write(action(`${DENY},${AUDIT}`)))).toEqual([expect.stringMatching(/ConfigMap p: holds a policy with a key twice/)]);
  });

  test('is refused under a label that is not known, instead of being passed over', async () => {
    const labelled = (content: string): string => write(`${YAML}---\n${stringify(configMap({ 'proofgate.dev/content': content }, { 'policy.json': JSON.stringify(policy('second', 'other.test')) }))}`);
    expect((await loadPolicies([labelled('policy')])).set.policies).toHaveLength(2);
    expect(await problemsOf(labelled('policies'))).toEqual([expect.stringMatching(/expected one of policy, trust-root, registries, found "policies"/)]);
  });
});

describe('P05: what is not a sound set of policies is refused, with file and place', () => {
  test.each<[string, string, RegExp]>([
    ['empty', '', /holds no policy; expected an ImagePolicy/],
    ['only a comment', '# nothing\n', /holds no policy/],
    ['{}', '{}', /holds no policy/],
    ['null', 'null', /holds no policy/],
    ['only other objects', stringify(OTHER), /holds no policy/],
    ['only an exemption', stringify(EXEMPTION), /exemptions and deny lists alone guard nothing/],
    ['a text', 'hello', /neither a policy nor a Kubernetes object/],
    ['a list of policies', stringify([GOOD]), /neither a policy nor a Kubernetes object/],
    ['a policy and a text', `${YAML}---\nhello\n`, /neither a policy nor a Kubernetes object/],
    ['cut off JSON', JSON.stringify(GOOD).slice(0, -10), /./],
    ['cut off within a line', YAML.slice(0, YAML.indexOf('requirements') + 5), /./],
    ['cut off after a line', YAML.slice(0, YAML.indexOf('  requirements')), /spec\.requirements/],
    ['cut off before the spec', YAML.slice(0, YAML.indexOf('spec:')), /spec/],
    ['an unknown field', stringify(policy('app', 'reg.test', { enforce: false })), /spec\.enforce/],
    ['an unknown field at the top', stringify({ ...GOOD, status: {} }), /status/],
    ['another version', stringify({ ...GOOD, apiVersion: 'proofgate.dev/v2' }), /apiVersion/],
    ['another kind', stringify({ ...GOOD, kind: 'ImagePolicies' }), /kind/],
    ['a version without group beside a good policy', `${YAML}---\n${stringify({ ...policy('two', 'reg.test'), apiVersion: 'v1' })}`, /apiVersion/],
    ['a misspelt group beside a good policy', `${YAML}---\n${stringify({ ...policy('two', 'reg.test'), apiVersion: 'profgate.dev/v1' })}`, /apiVersion/],
    ['an exemption of a misspelt group beside a good policy', `${YAML}---\n${stringify({ ...EXEMPTION, apiVersion: 'profgate.dev/v1' })}`, /apiVersion/],
    ['a deny list of a misspelt group beside a good policy', `${YAML}---\n${stringify({ ...DENY_LIST, apiVersion: 'profgate.dev/v1' })}`, /apiVersion/],
    ['no version beside a good policy', `${YAML}---\n${stringify({ ...policy('two', 'reg.test'), apiVersion: undefined })}`, /apiVersion/],
    ['a group only beside a good policy', `${YAML}---\n${stringify({ ...policy('two', 'reg.test'), apiVersion: 'proofgate.dev' })}`, /apiVersion/],
    ['a key twice', YAML.replace('kind: ImagePolicy', 'kind: ImagePolicy\nkind: ImagePolicy'), /unique/],
    ['a line that only kubectl sees', `${YAML}# reviewed\u2028---\n`, /line \d+ holds U\+2028/],
    ['a document behind dots', `${YAML}...\n${stringify(OTHER)}`, /line \d+ ends a document/],
    ['an alias without anchor', `${YAML}---\n*nowhere\n`, /./],
    ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c]\n---\n${YAML}`, /alias/i],
    ['the same name twice', `${YAML}---\n${YAML}`, /app/],
    ['a ConfigMap that promises a policy and has none', stringify(configMap(POLICY_LABEL, {})), /ConfigMap p.*synthesize the manifests again/],
    ['a ConfigMap with half a policy', stringify(configMap(POLICY_LABEL, { 'policy.json': JSON.stringify(GOOD).slice(0, 50) })), /not JSON/],
    ['no images', stringify(policy('app', 'reg.test', { images: [] })), /spec\.images/],
    ['no requirements', stringify(policy('app', 'reg.test', { requirements: [] })), /spec\.requirements/],
  ])('%s', async (_what, text, told) => {
    const file = write(text, 'some.yaml');
    const problems = await problemsOf(file);
    expect(problems.join('\n')).toMatch(told);
    expect(problems.every((line) => line.startsWith(`${file}: `))).toBe(true);
  });

  test('a deny list and an ImagePolicy of somebody else beside a good policy are none of that', async () => {
    const foreign = { apiVersion: 'config.openshift.io/v1', kind: 'ImagePolicy', metadata: { name: 'theirs' }, spec: { scopes: ['reg.test'] } };
    expect(await problemsOf(write(`${YAML}---\n${stringify(DENY_LIST)}---\n${stringify(foreign)}`))).toEqual([]);
  });

  test('a file that is not there, and no file at all', async () => {
    expect(await problemsOf(join(folder, 'absent.yaml'))).toEqual([expect.stringMatching(/absent\.yaml: cannot be read/)]);
    expect(await problemsOf()).toEqual([expect.stringMatching(/no file is given/)]);
  });

  test('one bad file among good ones refuses them all', async () => {
    const [good, bad] = [write(YAML, 'good.yaml'), write('{}', 'bad.yaml')];
    expect(await problemsOf(good)).toEqual([]);
    expect(await problemsOf(good, bad)).toEqual([expect.stringMatching(/bad\.yaml: holds no policy/)]);
    expect(await problemsOf(bad, good)).toEqual([expect.stringMatching(/bad\.yaml: holds no policy/)]);
  });

  test('two trust roots of one name are not guessed at; the same one twice is one', async () => {
    const root = (json: string): string => stringify(configMap({ 'proofgate.dev/content': 'trust-root', 'proofgate.dev/trust-root': 'own' }, { 'trusted_root.json': json }));
    expect((await loadPolicies([write(`${YAML}---\n${root('{}')}---\n${root('{}')}`)])).trustRoots).toEqual([{ name: 'own', json: '{}' }]);
    expect(await problemsOf(write(`${YAML}---\n${root('{}')}---\n${root('{"a":1}')}`))).toEqual([expect.stringMatching(/own is given twice/)]);
  });
});
