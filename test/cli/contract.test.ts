import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallPolicy } from '../policy/documents';
import { builtCommand, Finished, run } from '../support/command';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'contract-'));
const policy = join(folder, 'policy.json');
writeFileSync(policy, JSON.stringify(smallPolicy));
afterAll(() => rmSync(folder, { recursive: true }));

const STRANGER = `ghcr.io/other/app@sha256:${'ab'.repeat(32)}`;

/** Runs it as users do, through the file that the package installs. */
async function installed(...args: string[]): Promise<Finished> {
  builtCommand();
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(__dirname, '../../bin/proofgate'), ...args], (_error, out, err) => resolve({ code: child.exitCode, out, err }));
  });
}

test.each<[string, string[], number]>([
  ['verify of an image that nobody judges', ['verify', STRANGER, '--policy', policy, '--namespace', 'kube-system'], 1],
  ['verify of an image that may not', ['verify', STRANGER, '--policy', policy], 1],
  ['verify without a policy', ['verify', STRANGER], 2],
  ['lint of a sound document', ['lint', policy], 0],
  ['lint of nothing', ['lint'], 2],
  ['serve with a policy that is not there', ['serve', '--policy', '/nowhere.yaml', '--listen', '127.0.0.1:0', '--tls', 'self-managed'], 2],
  ['a command that there is not', ['deploy'], 2],
  ['help', ['help'], 0],
])('bin/proofgate passes on the exit code of %s', async (_what, args, code) => {
  expect((await installed(...args)).code).toBe(code);
});

test('what is printed and what went wrong are kept apart: results on standard output, mistakes on standard error', async () => {
  const denied = await installed('verify', STRANGER, '--policy', policy, '--output', 'json');
  expect(JSON.parse(denied.out)).toMatchObject({ verdict: 'denied', reasons: [{ code: 'UNMATCHED_IMAGE' }] });
  expect(denied.err).toBe('');
  const failed = await installed('verify', STRANGER, '--policy', '/nowhere.yaml', '--output', 'json');
  expect(failed.out).toBe('');
  expect(failed.err).toContain('/nowhere.yaml');
});

test.each<[string, string[]]>([
  ['an unknown command', ['verfiy']],
  ['the help of an unknown command', ['bogus', '--help']],
  ['the help of an unknown command, asked in words', ['help', 'bogus']],
  ['standard input as the policy of verify', ['verify', STRANGER, '--policy', '-']],
  ['an unknown option', ['verify', STRANGER, '--policy', policy, '--insecure']],
  ['an option without its value', ['verify', STRANGER, '--policy']],
  ['a missing argument', ['lint']],
  ['one argument too many', ['serve', 'more', '--policy', policy, '--listen', '127.0.0.1:0']],
  ['a value that cannot be', ['serve', '--policy', policy, '--listen', 'here']],
  ['a choice that there is not', ['lint', policy, '--output', 'xml']],
  ['a file that is not there', ['lint', '/nowhere.yaml']],
])('%s: one way to say so, without colour, stack or results', async (_what, args) => {
  const { code, out, err } = await run(args, { env: { FORCE_COLOR: '1' } });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^proofgate: \S/);
  expect(err).not.toMatch(/\u001b|\n\s+at |unexpected error/);
});

test.each(['lint', 'synth', 'explain', 'import'])('%s calls standard input what it is, where it is empty or no YAML', async (command) => {
  for (const input of ['', '{']) {
    const { code, out, err } = await run([command, '-'], { input });
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(/^proofgate: standard input: /) as unknown });
  }
});

test('verify says that it does not read its policy from standard input', async () => {
  expect((await run(['verify', STRANGER, '--policy', '-'], { input: JSON.stringify(smallPolicy) })).err)
    .toBe('proofgate: standard input: is not read for --policy; name a file or folder, or ./- for a file of that name\n');
});

describe('a path that holds no file to read', () => {
  const inFile = join(policy, 'below');
  const serve = ['serve', '--policy', policy, '--listen', '127.0.0.1:0'];
  const selfManaged = [...serve, '--tls', 'self-managed'];
  const what: { readonly [kind: string]: readonly [path: string, words: string] } = {
    'a folder': [folder, 'EISDIR: it is a folder, and a file is wanted'],
    'below a file': [inFile, 'ENOTDIR: a part of the path is a file, and no folder'],
  };
  const PLACES: ReadonlyArray<readonly [place: string, args: (path: string) => string[], kinds: readonly string[]]> = [
    ['serve --policy', (path) => ['serve', '--policy', path, '--listen', '127.0.0.1:0', '--tls', 'self-managed'], ['a folder', 'below a file']],
    ['serve --tls-cert', (path) => [...serve, '--tls-cert', path, '--tls-key', path], ['a folder', 'below a file']],
    ['serve --kubeconfig', (path) => [...selfManaged, '--kubeconfig', path], ['a folder', 'below a file']],
    ['serve --trust-root', (path) => [...selfManaged, '--trust-root', `corp=${path}`], ['a folder', 'below a file']],
    ['serve --registry-config', (path) => [...selfManaged, '--registry-config', path], ['a folder', 'below a file']],
    ['verify --policy', (path) => ['verify', STRANGER, '--policy', path], ['below a file']],
    ['verify --trust-root', (path) => ['verify', STRANGER, '--policy', policy, '--trust-root', `corp=${path}`], ['a folder', 'below a file']],
    ['verify --registry-config', (path) => ['verify', STRANGER, '--policy', policy, '--registry-config', path], ['a folder', 'below a file']],
    ['lint', (path) => ['lint', path], ['below a file']],
    ['explain', (path) => ['explain', path], ['below a file']],
    ['import', (path) => ['import', path], ['below a file']],
    ['synth', (path) => ['synth', path], ['below a file']],
    ['synth --verifier', (path) => ['synth', policy, '--verifier', path], ['a folder', 'below a file']],
    ['synth --trust-root', (path) => ['synth', policy, '--trust-root', `corp=${path}`], ['a folder', 'below a file']],
  ];

  test.each(PLACES.flatMap(([place, args, kinds]) => kinds.map((kind) => ({ place, kind, args }))))('$place, $kind: it is said which, why, and what to do', async ({ kind, args }) => {
    const [path, words] = what[kind] ?? ['', ''];
    const { code, out, err } = await run(args(path));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(path);
    expect(err).toContain(words);
    expect(err).toMatch(/\); name (?:its files, each by a --policy of its own|a file (?:or folder )?that is there and readable)\n$|\. Correct `file`; /);
  });

  test('of a folder that serve is given as its policy, how to give it', async () => {
    const { err } = await run(['serve', '--policy', folder, '--listen', '127.0.0.1:0', '--tls', 'self-managed']);
    expect(err).toBe(`proofgate: the policy cannot be used:\n  ${folder}: cannot be read (EISDIR: it is a folder, and a file is wanted); name its files, each by a --policy of its own\n`);
  });

  test('what is written into: a file where import wants one, a folder where synth does', async () => {
    const foreign = join(folder, 'foreign.json');
    writeFileSync(foreign, JSON.stringify({
      apiVersion: 'policy.sigstore.dev/v1beta1', kind: 'ClusterImagePolicy', metadata: { name: 'p' },
      spec: { images: [{ glob: 'ghcr.io/acme/**' }], authorities: [{ name: 'a', keyless: { identities: [{ issuer: 'https://id.acme.example', subject: 'a@acme.example' }] } }] },
    }));
    expect((await run(['import', foreign, '--out', folder])).err).toBe(`proofgate: --out ${folder}: cannot be written (EISDIR: it is a folder, and a file is wanted)\n`);
    expect((await run(['synth', policy, '--out', policy])).err).toBe(`proofgate: --out ${policy}: cannot be written to (EEXIST: it is a file, and a folder is wanted)\n`);
  });
});

describe('a program where what it writes belongs', () => {
  const program = join(folder, 'chart.ts');
  writeFileSync(program, "import { Chart } from 'cdk8s';\n");
  const words = 'is a program, and what is read here is what it writes: run it first, as `npx tsx main.ts` or `cdk8s synth` does, and name the folder that it wrote, such as dist';

  test.each([['lint', ['lint', program]], ['synth', ['synth', program]], ['explain', ['explain', program]], ['import', ['import', program]], ['verify', ['verify', STRANGER, '--policy', program]]])(
    '%s says what to run first', async (_command, args) => {
      expect(await run(args)).toEqual({ code: 2, out: '', err: `proofgate: ${program}: ${words}\n` });
    });

  test('one that is not there is told not to be there, and a manifest of any other name is read', async () => {
    expect((await run(['lint', join(folder, 'nowhere.ts')])).err).toContain('ENOENT');
    const odd = join(folder, 'policy.tsv');
    writeFileSync(odd, JSON.stringify(smallPolicy));
    expect((await run(['lint', odd])).code).toBe(0);
  });
});

describe('a namespace that cannot be', () => {
  const onlyShop = join(folder, 'shop.json');
  writeFileSync(onlyShop, JSON.stringify({ ...smallPolicy, spec: { ...smallPolicy.spec, namespaces: { names: ['shop'] } } }));

  test.each(['', ' ', 'Shop', 'shop ', 'shop,other', '-shop', 'a'.repeat(64)])('"%s" is a mistake, and not one that no policy covers', async (name) => {
    const { code, out, err } = await run(['verify', STRANGER, '--policy', onlyShop, '--namespace', name]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`proofgate: --namespace "${name}": is no name of a namespace`);
  });

  test.each([['shop', 'denied'], ['other', 'uncovered'], ['a'.repeat(63), 'uncovered']])('"%s" is one, and decides', async (name, verdict) => {
    const { out } = await run(['verify', STRANGER, '--policy', onlyShop, '--namespace', name, '--output', 'json']);
    expect(JSON.parse(out)).toMatchObject({ verdict });
  });
});

test.each([
  ['verify', ['verify', STRANGER, '--polcy', 'x'], '--polcy', '--policy'],
  ['serve', ['serve', '--listn', 'x', '--policy', 'x'], '--listn', '--listen'],
])('a misspelt option of %s is named, and not only the one that is missing', async (_what, args, wrong, meant) => {
  const { code, err } = await run(args);
  expect(code).toBe(2);
  expect(err).toContain(`proofgate: unknown option '${wrong}'\n(Did you mean ${meant}?)`);
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

describe('help', () => {
  test.each(['', 'verify', 'serve', 'lint', 'synth', 'import', 'explain'])('of "%s" says what exit codes and environment mean', async (command) => {
    const { code, out, err } = await run([...command.split(' ').filter((name) => name !== ''), '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/Exit codes:\n {2}0 {2}allowed, .*\n {2}1 {2}denied, warned [^]*\n {2}2 {2}could not run/);
    expect(out).toContain('PROOFGATE_NODE');
  });

  test.each(['verify', 'serve', 'lint', 'synth', 'import', 'explain'])('of %s is named where it is called wrongly, and the exit code is not that of a refusal', async (command) => {
    for (const wrong of [[], ['--nope'], ['--output'], ['--output', 'nope', policy]]) {
      const { code, out, err } = await run([command, ...wrong]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(new RegExp(`^proofgate: [^]*\\nRun 'proofgate ${command} --help' for what it takes\\.\\n$`));
    }
  });

  test.each([['verify', ['policy']], ['serve', ['policy', 'listen']]])('of %s marks what is required', async (command, names) => {
    const { out } = await run([command, '--help']);
    const options = out.split(/\n(?= {2}--)/).filter((option) => /\(required\)/.test(option.replace(/\s+/g, ' ')));
    expect(options.map((option) => /--([a-z-]+)/.exec(option)?.[1])).toEqual(names);
  });
});

test('help says nothing of how values are kept inside', async () => {
  for (const command of ['verify', 'serve', 'lint', 'synth', 'import', 'explain']) {
    expect((await run([command, '--help'])).out).not.toMatch(/\[\]|\[object|undefined/);
  }
});
