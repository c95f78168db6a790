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

describe('P05: what is not a sound set of policies is refused, with file and place', () => {
  test.each<[string, string, RegExp]>([
    ['empty', '', /holds no policy; expected an ImagePolicy/],
    ['only a comment', '# nothing\n', /holds no policy/],
    ['{}', '{}', /holds no policy/],
    ['null', 'null', /holds no policy/],
    ['only other objects', stringify(OTHER), /holds no policy/],
    ['only an exemption', stringify(EXEMPTION), /exemptions alone guard nothing/],
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
    ['no version beside a good policy', `${YAML}---\n${stringify({ ...policy('two', 'reg.test'), apiVersion: undefined })}`, /apiVersion/],
    ['a group only beside a good policy', `${YAML}---\n${stringify({ ...policy('two', 'reg.test'), apiVersion: 'proofgate.dev' })}`, /apiVersion/],
    ['a key twice', YAML.replace('kind: ImagePolicy', 'kind: ImagePolicy\nkind: ImagePolicy'), /unique/],
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
