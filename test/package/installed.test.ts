import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { codeBlocks } from '../docs/pages';
import { smallPolicy } from '../policy/documents';
import { projectWith } from './install';

jest.setTimeout(120_000);

/** The package as `npm install` of its tarball leaves it, beside its peers. */
const project = projectWith();
const command = join(project, 'node_modules', 'proofgate', 'bin', 'proofgate');
afterAll(() => rmSync(project, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function node(args: readonly string[], env: { readonly [name: string]: string } = {}): Ended {
  return spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
}

/** Runs the command as if this were another version of Node; what it does is up to the real one. */
function onNode(version: string, args: readonly string[], env: { readonly [name: string]: string } = {}): Ended {
  const pretend = join(project, `node-${version}.cjs`);
  writeFileSync(pretend, `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`
    + `Object.defineProperty(process, 'version', { value: 'v${version}' });`);
  return node(['--require', pretend, command, ...args], env);
}

test('packing begins with a build', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { [name: string]: string } };
  expect(scripts['prepack']).toBe('npm run build');
});

test('pages of the package link what the package holds, and besides that only tests of the source', () => {
  const root = join(project, 'node_modules', 'proofgate');
  const pages = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.md'));
  const links = pages.flatMap((page) => [...readFileSync(join(root, page), 'utf8').replace(/^```[^]*?^```$/gm, '').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
    .map(([, target = '']) => join(dirname(page), target)));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/first-policy.md', 'examples/quickstart/README.md']));
  expect(links.length).toBeGreaterThan(200);
  expect(links.filter((target) => !existsSync(join(root, target)) && !target.startsWith('test/'))).toEqual([]);
});

test.each(['proofgate/schema', 'proofgate/schema/policy.json'])('the JSON schema of documents is exported as %s, and its file is where editors look for it', (name) => {
  const exported = node(['--print', `require('${name}').$id`]);
  expect(exported).toMatchObject({ status: 0, stdout: 'https://proofgate.dev/schema/v1/policy.json\n' });
  const [, path = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(readFileSync('docs/documents.md', 'utf8')) ?? [];
  expect(JSON.parse(readFileSync(join(project, path), 'utf8'))).toMatchObject({ $id: 'https://proofgate.dev/schema/v1/policy.json' });
});

test('the document of its page is what the schema describes, and its command writes what enforces it', () => {
  const [policy = ''] = codeBlocks(readFileSync('docs/documents.md', 'utf8'), 'yaml');
  writeFileSync(join(project, 'policy.yaml'), policy);
  const schema = JSON.parse(readFileSync(join(project, 'node_modules/proofgate/schema/policy.json'), 'utf8')) as object;
  const validate = new Ajv({ strict: false }).compile(schema);
  const document = parse(policy) as { readonly spec: object };
  expect(validate(document)).toBe(true);
  expect(validate({ ...document, spec: { ...document.spec, image: 'misspelt' } })).toBe(false);
  expect(node([command, 'synth', 'policy.yaml', '--out', 'written'])).toEqual(expect.objectContaining({ status: 0, stdout: '', stderr: 'proofgate: wrote written/proofgate-verifier.k8s.yaml\n' }));
  expect(node([command, 'lint', 'written'])).toMatchObject({ status: 0, stderr: '' });
});

test('the program of the README synthesizes, and its command finds nothing wrong with that', () => {
  const [chart = '', main = ''] = codeBlocks(readFileSync('README.md', 'utf8'), 'ts');
  writeFileSync(join(project, 'chart.ts'), chart);
  writeFileSync(join(project, 'main.ts'), main);
  const synthesized = node(['--import', pathToFileURL(require.resolve('tsx')).href, 'main.ts']);
  expect(synthesized).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(join(project, 'dist'))).toEqual(['enforcement.k8s.yaml']);
  expect(node([command, 'lint', 'dist'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^no findings in \d+ objects\n$/) as unknown, stderr: '' });
});

describe.each<[string, string, readonly string[]]>([
  ['run by tsx', 'ts', ['--import', pathToFileURL(require.resolve('tsx')).href]],
  ['run as it is', 'cjs', []],
  ['with source maps', 'cjs', ['--enable-source-maps']],
])('a program that ends with a refusal, %s, is shown the message first, and its own line in the stack', (_, extension, options) => {
  const program = (...lines: readonly string[]): string => {
    const imports = extension === 'ts'
      ? ["import { App, Chart } from 'cdk8s';", "import { KeylessAttestor, WebhookVerifier } from 'proofgate';"]
      : ["const { App, Chart } = require('cdk8s');", "const { KeylessAttestor, WebhookVerifier } = require('proofgate');"];
    writeFileSync(join(project, `refused.${extension}`), [...imports, 'const app = new App();', ...lines].join('\n'));
    const { status, stderr } = node([...options, `refused.${extension}`]);
    expect(status).toBe(1);
    return stderr;
  };
  const message = (said: string, line: number): RegExp => new RegExp(`^RefusedError: \\[INVALID_INPUT\\] enforcement/${said}[^\\n]*\\n(?: +at [^\\n]*\\n)*? +at [^\\n]*refused\\.${extension}:${line}:\\d+\\)?\\n`);

  test('where a construct is made', () => {
    expect(program("new WebhookVerifier(new Chart(app, 'enforcement'), 'verifier', { replicas: '5' });")).toMatch(message('verifier: replicas is the text "5": ', 4));
  });

  test('by a factory', () => {
    expect(program("KeylessAttestor.email(new Chart(app, 'enforcement'), 'ada', { email: 'ada', issuer: 'https://accounts.google.com' });")).toMatch(message('ada: email is "ada"', 4));
  });

  test('after the synthesis', () => {
    expect(program('app.synth();', "new WebhookVerifier(new Chart(app, 'enforcement'), 'late');")).toMatch(message('late: it is made after `app\\.synth\\(\\)`', 5));
  });
});

describe('cdk8s synth with the validation that the reference shows', () => {
  // A program that leaves alone what it wrote, and one whose output is edited before anybody looks.
  const write = "process.chdir(__dirname); require('./out.cjs');";
  const edit = `${write} const fs = require('node:fs'); const file = 'dist/enforcement.k8s.yaml'; fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('failurePolicy: Fail', 'failurePolicy: Ignore'));`;
  const synth = (program: string): Ended => {
    writeFileSync(join(project, 'program.cjs'), program);
    const validation = codeBlocks(readFileSync('lib/cdk8s/enforcement-validation.ts', 'utf8').replace(/^ \* ?/gm, ''), 'yaml')[0] ?? '';
    writeFileSync(join(project, 'cdk8s.yaml'), `language: typescript\napp: node program.cjs\n${validation}`);
    return node([resolve('node_modules/cdk8s-cli/bin/cdk8s'), 'synth', '--no-check-upgrade']);
  };
  beforeAll(() => {
    writeFileSync(join(project, 'out.cjs'), [
      "const { App, Chart } = require('cdk8s');",
      "const { KeylessAttestor, NamespaceSelection, SignedImagePolicy } = require('proofgate');",
      "const app = new App(); const chart = new Chart(app, 'enforcement');",
      "const ci = KeylessAttestor.githubWorkflow(chart, 'ci', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });",
      "new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], namespaces: NamespaceSelection.names('payments'), attestors: [ci] });",
      'app.synth();',
    ].join('\n'));
  });

  test('passes what the program wrote', () => {
    expect(synth(write)).toMatchObject({ status: 0, stdout: expect.stringContaining('Validations ended succesfully') as unknown });
  });

  test('fails on what was edited since, and says which rule it breaks and where', () => {
    const { status, stdout } = synth(edit);
    expect(status).not.toBe(0);
    expect(stdout).toMatch(/FAILURE_POLICY \(1 occurrences\)[^]*Resource Name: ValidatingWebhookConfiguration proofgate-verifier[^]*webhooks\[0\]\.failurePolicy/);
  });
});

describe('on a Node that is too old for the verifier', () => {
  const policy = join(project, 'policy.json');
  beforeAll(() => writeFileSync(policy, JSON.stringify(smallPolicy)));

  test.each<[string, string[], RegExp]>([
    ['lint', ['lint', policy], /^no findings in 1 object\n$/],
    ['the version', ['--version'], /^\d+\.\d+\.\d+\n$/],
    ['synth', ['synth', policy], /^apiVersion: v1\nkind: Namespace\n/],
    ['help', ['--help'], /^Usage: proofgate /],
    ['help with a command of the verifier', ['verify', '--help'], /^Usage: proofgate verify /],
  ])('%s works', (_what, args, words) => {
    expect(onNode('20.16.0', args)).toMatchObject({ status: 0, stdout: expect.stringMatching(words) as unknown, stderr: expect.not.stringContaining('Node') as unknown });
  });

  test.each<[string, string[]]>([
    ['verify', ['verify', 'ghcr.io/acme/payments/api:v1', '--policy', policy]],
    ['serve', ['serve', '--policy', policy, '--listen', '127.0.0.1:0']],
    ['verify with an option that reads --help as its value', ['verify', 'ghcr.io/acme/payments/api:v1', '--policy', '--help']],
  ])('%s says which Node it needs', (_what, args) => {
    expect(onNode('20.16.0', args)).toMatchObject({
      status: 2, stdout: '', stderr: expect.stringMatching(/^proofgate: the verifier needs Node 24\.15 or later in 24, or 26 and later; this is v20\.16\.0\. .*: export PROOFGATE_NODE=\$\(npx -y -p node@24 which node\) fetches one from npm\.\n$/) as unknown,
    });
  });

  test('verify runs on the Node that PROOFGATE_NODE names', () => {
    // Any program shows which arguments it is started with.
    expect(onNode('20.16.0', ['verify', 'a', '--policy', 'b'], { PROOFGATE_NODE: '/bin/echo' })).toMatchObject({ status: 0, stdout: `${command} verify a --policy b\n` });
  });
});
