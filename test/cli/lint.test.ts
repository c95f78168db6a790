import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { stringify } from 'yaml';
import { lintCommand } from '../../lib/cli/commands/lint';
import { runProgram } from '../../lib/cli/run';
import { defaultSettings, renderWebhook } from '../../lib/engines/webhook';
import { RULES } from '../../lib/refusals';
import { smallPolicy } from '../policy/documents';
import { run } from '../support/command';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const manifests = renderWebhook({ documents: [smallPolicy], trustRoots: [], settings: defaultSettings });
const sound = file('sound.yaml', manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'));
const weak = file('weak manifests.yaml', manifests.map((manifest) => JSON.stringify(manifest).replace('"failurePolicy":"Fail","matchPolicy"', '"failurePolicy":"Ignore","matchPolicy"')).join('\n---\n'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The sound manifests, in which one entry calls the verifier. */
function withoutPinning(): string {
  return manifests.filter(({ kind }) => kind !== 'MutatingWebhookConfiguration').map((manifest) => JSON.stringify(manifest)).join('\n---\n');
}

function folderOf(name: string, files: { readonly [path: string]: string }): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    file(join(name, path), content);
  }
  return join(folder, name);
}

/** Each manifest of `sound` and `weak` stands on one line, and a separator between two. */
function lineOf(kind: string): number {
  return 2 * manifests.findIndex((manifest) => manifest.kind === kind) + 1;
}

test('what the synthesis wrote has no findings', async () => {
  expect(await run(['lint', sound])).toEqual({ code: 0, out: `no findings in ${manifests.length} objects\n`, err: '' });
  expect(JSON.parse((await run(['lint', sound, '--output', 'json'])).out)).toEqual({ findings: [] });
});

test('a finding names file, object, field, code and what to do, and ends with 1; without colour where no terminal is', async () => {
  const { code, out, err } = await run(['lint', weak], { env: { FORCE_COLOR: '1' } });
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toBe([
    `${weak}:${lineOf('ValidatingWebhookConfiguration')}: ValidatingWebhookConfiguration proofgate-verifier webhooks[0].failurePolicy`,
    '  [FAILURE_POLICY] An unanswered question would be admitted: failurePolicy is Ignore.',
    '  Set failurePolicy to Fail.',
    `1 finding in ${manifests.length} objects`,
    '',
  ].join('\n'));
});

test('JSON has the same fields, one entry for each finding', async () => {
  const { code, out } = await run(['lint', sound, weak, '--output', 'json']);
  const { findings } = JSON.parse(out) as { findings: Array<{ [field: string]: unknown }> };
  expect(code).toBe(1);
  expect(findings).toContainEqual({
    code: 'FAILURE_POLICY', file: weak, line: lineOf('ValidatingWebhookConfiguration'), object: 'ValidatingWebhookConfiguration proofgate-verifier', path: 'webhooks[0].failurePolicy',
    message: expect.stringContaining('Ignore') as unknown, remedy: 'Set failurePolicy to Fail.',
  });
  expect(new Set(findings.map((finding) => finding['code']))).toEqual(new Set(['DUPLICATE_OBJECT', 'FAILURE_POLICY']));
});

test('SARIF has every rule once, and results that refer to them with a location', async () => {
  const { code, out } = await run(['lint', weak, '--output', 'sarif']);
  expect(code).toBe(1);
  const { version, $schema, runs: [{ tool: { driver }, invocations, results }] } = JSON.parse(out) as {
    version: string;
    $schema: string;
    runs: [{ invocations: object[]; tool: { driver: { name: string; rules: Array<{ id: string; [field: string]: unknown }> } }; results: Array<{ ruleId: string }> }];
  };
  expect({ version, $schema, name: driver.name }).toEqual({ version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json', name: 'proofgate' });
  expect(driver.rules.map(({ id }) => id).sort()).toEqual(['AMBIGUOUS_YAML', 'INVALID_DOCUMENT', ...RULES.map((rule) => rule.code)].sort());
  expect(invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  const text = { text: expect.stringMatching(/^[A-Z].+[^ ]$/) as unknown };
  driver.rules.forEach((rule) => expect(rule).toMatchObject({ shortDescription: text, fullDescription: text, help: text }));
  expect(results).toEqual([{
    ruleId: 'FAILURE_POLICY',
    level: 'error',
    message: { text: 'An unanswered question would be admitted: failurePolicy is Ignore. Set failurePolicy to Fail.' },
    locations: [{
      // A reference to a URI has no spaces (RFC 3986).
      physicalLocation: { artifactLocation: { uri: encodeURI(weak) }, region: { startLine: lineOf('ValidatingWebhookConfiguration') } },
      logicalLocations: [{ fullyQualifiedName: 'ValidatingWebhookConfiguration proofgate-verifier webhooks[0].failurePolicy' }],
    }],
  }]);
});

test('a bare document, one from standard input and one in a list are judged', async () => {
  const wrong = { ...smallPolicy, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme*'] } };
  const inList = file('list.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [wrong] }));
  for (const { code, out } of [await run(['lint', file('bare.json', JSON.stringify(wrong))]), await run(['lint', '-'], { input: JSON.stringify(wrong) }), await run(['lint', inList])]) {
    expect(code).toBe(1);
    expect(out).toMatch(/ImagePolicy payments spec\.images\[0\]\n {2}\[INVALID_DOCUMENT\] .*look-alikes/);
  }
});

const UNREADABLE: Array<[string, string, RegExp]> = [
  ['a file that is not there', '/nowhere.yaml', /^proofgate: \/nowhere\.yaml: cannot be read \(ENOENT: no such file or directory\); name a file or folder that is there and readable\n$/],
  ['no YAML', file('broken.yaml', 'a: [b\n'), /broken\.yaml: .* at line 2, column 1\n$/],
  ['no JSON', file('broken.json', '{"a": [1, 2'), /broken\.json: is not JSON at line 1, column 12\n$/],
  ['a key twice', file('twice.yaml', 'kind: A\nkind: B\n'), /twice\.yaml: Map keys must be unique at line 2, column 1\n$/],
  ['an alias to nothing', file('alias.yaml', 'a: *b\n'), /alias\.yaml: .*alias/i],
  ['a template', file('template.yaml', '{{- if .Values.enabled }}\nkind: A\n{{- end }}\n'), /template\.yaml: .* at line \d+, column \d+; it looks like a template: render it first, as helm template does\n$/],
  ['a text', file('text.yaml', 'hello\n'), /text\.yaml: document 1 is no Kubernetes object/],
  ['a line that only kubectl sees', file('separator.yaml', `${JSON.stringify(smallPolicy)}\n# reviewed\u2028---\n`), /separator\.yaml: line 2 holds U\+2028/],
  ['an end that drops what follows', file('dots.yaml', `${JSON.stringify(smallPolicy)}\n...\n${JSON.stringify(smallPolicy)}\n`), /dots\.yaml: line 2 ends a document with "\.\.\."/],
  ['an object without kind', file('kindless.yaml', `${JSON.stringify(smallPolicy)}\n---\nmetadata: {name: x}\n`), /kindless\.yaml: document 2 is no Kubernetes object: apiVersion and kind are missing/],
  ['a folder without manifests', folderOf('without manifests', { 'notes.txt': 'hello' }), /without manifests: holds no \*\.json, \*\.yaml, \*\.yml; name the folder/],
];

describe.each(UNREADABLE)('%s', (_, name, words) => {
  test('ends with 2 and a line that says why, and nothing is judged', async () => {
    const { code, out, err } = await run(['lint', name]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\n\s+at |unexpected error/);
  });

  test('hides nothing of what other files hold', async () => {
    const { code, out, err } = await run(['lint', name, weak]);
    expect({ code, out }).toEqual({ code: 2, out: expect.stringMatching(/\[FAILURE_POLICY\][^]*\n1 finding in \d+ objects; 1 file not judged\n$/) as unknown });
    expect(err).toMatch(words);
  });
});

test('a file that could not be judged is in JSON and SARIF, too', async () => {
  const args = ['lint', sound, '/nowhere.yaml', '--output'];
  const problem = 'cannot be read (ENOENT: no such file or directory); name a file or folder that is there and readable';
  const json = await run([...args, 'json']);
  expect({ code: json.code, result: JSON.parse(json.out) as unknown }).toEqual({ code: 2, result: { findings: [], unjudged: [{ file: '/nowhere.yaml', problem }] } });
  const { runs: [{ invocations }] } = JSON.parse((await run([...args, 'sarif'])).out) as { runs: [{ invocations: unknown }] };
  expect(invocations).toEqual([{
    executionSuccessful: false,
    toolExecutionNotifications: [{ level: 'error', message: { text: problem }, locations: [{ physicalLocation: { artifactLocation: { uri: '/nowhere.yaml' } } }] }],
  }]);
});

describe('a file that holds no object', () => {
  const nothing = file('nothing.yaml', '');
  const comment = file('comment.yaml', '# nothing\n');

  test.each([['weak', weak, 1], ['sound', sound, 0]])('is passed over beside %s ones, and said', async (_, other, code) => {
    const ended = await run(['lint', nothing, other, comment]);
    expect({ code: ended.code, err: ended.err }).toEqual({ code, err: `proofgate: ${nothing}: holds no object, passed over\nproofgate: ${comment}: holds no object, passed over\n` });
    expect(ended.out).toMatch(new RegExp(`in ${manifests.length} objects\n$`));
  });

  test('proves nothing alone', async () => {
    expect(await run(['lint', nothing, comment])).toEqual({ code: 2, out: '', err: `proofgate: ${nothing}, ${comment}: holds no object; name the file that the synthesis wrote\n` });
  });
});

test('a folder stands for the manifests in it and below, in one order', async () => {
  const wrong = (name: string): string => JSON.stringify({ ...smallPolicy, metadata: { name }, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme*'] } });
  const below = folderOf('below', { 'b.yml': wrong('b'), 'a.yaml': wrong('a'), 'c/d.json': wrong('d'), 'notes.md': 'hello', 'empty.yaml': '' });
  symlinkSync(file('elsewhere.txt', wrong('e')), join(below, 'c', 'link.yaml'));
  const { code, out, err } = await run(['lint', below, '--output', 'json']);
  const { findings } = JSON.parse(out) as { findings: Array<{ file: string; code: string }> };
  expect({ code, err: err.split('\n')[0] }).toEqual({ code: 1, err: `proofgate: ${join(below, 'empty.yaml')}: holds no object, passed over` });
  expect(findings.filter((finding) => finding.code === 'INVALID_DOCUMENT').map((finding) => finding.file.slice(below.length + 1)))
    .toEqual(['a.yaml', 'b.yml', 'c/d.json', 'c/link.yaml']);
});

describe('of two documents of one name', () => {
  const text = (images: string): string => stringify({ ...smallPolicy, spec: { ...smallPolicy.spec, images: [images] } });
  const [right, wrong] = [file('right.yaml', text('ghcr.io/acme/app')), file('wrong.yaml', text('ghcr.io/acme*'))];
  const invalid = async (...files: string[]): Promise<unknown> => {
    const { findings } = JSON.parse((await run(['lint', ...files, '--output', 'json'])).out) as { findings: Array<{ code: string; file: string; line: number }> };
    return findings.filter(({ code }) => code === 'INVALID_DOCUMENT').map((finding) => [finding.file, finding.line]);
  };
  const line = text('ghcr.io/acme*').split('\n').findIndex((one) => one.includes('acme*')) + 1;

  test('the wrong one is named, with the line of the field, wherever it stands', async () => {
    expect(line).toBeGreaterThan(5);
    expect(await invalid(wrong, right)).toEqual([[wrong, line]]);
    expect(await invalid(right, wrong)).toEqual([[wrong, line]]);
  });

  test('each is named where both are wrong, and the second for having the name of the first', async () => {
    const again = file('again.yaml', `# the same\n${text('ghcr.io/acme*')}`);
    expect(await invalid(wrong, again)).toEqual([[wrong, line], [again, line + 1]]);
    expect(JSON.parse((await run(['lint', wrong, again, '--output', 'json'])).out)).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ code: 'DUPLICATE_OBJECT', file: again })]) as unknown });
  });
});

test('the file of a chart that was renamed is told beside the new one, and of each object where it is first', async () => {
  const text = manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  const dist = folderOf('renamed', { 'enforcement.k8s.yaml': text, 'protection.k8s.yaml': text });
  const [first, second] = [join(dist, 'enforcement.k8s.yaml'), join(dist, 'protection.k8s.yaml')];
  const { code, out, err } = await run(['lint', dist]);
  expect(code).toBe(1);
  expect(err).toContain(`${second} and ${first} hold ${manifests.length} of the same objects, and whichever is applied last wins; a chart that was renamed leaves the file of its old name behind: delete`);
  expect(out).toContain(`${second}:1: Namespace proofgate metadata.name\n  [DUPLICATE_OBJECT] Another object of this kind has the same name, at ${first}:1.\n`);
  expect(out).toMatch(/Its ImagePolicy has the name of the one in ConfigMap proofgate\/proofgate-verifier-policy-\S+\.\n/);
  rmSync(first);
  expect(await run(['lint', dist])).toMatchObject({ code: 0, err: '' });
});

test('two objects of one name in one file are told with the line of the first, and nothing of files', async () => {
  const twice = file('twice.yaml', [...manifests, ...manifests.slice(0, 1)].map((manifest) => JSON.stringify(manifest)).join('\n---\n'));
  const { out, err } = await run(['lint', twice]);
  expect([out.includes(`Another object of this kind has the same name, at ${twice}:1.`), err]).toEqual([true, '']);
});

test('a finding is on the line of its object, also in a list', async () => {
  const wrong = { ...smallPolicy, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme*'] } };
  const lineIn = async (name: string, content: string): Promise<unknown> => {
    const { out } = await run(['lint', file(name, content), '--output', 'json']);
    return (JSON.parse(out) as { findings: Array<{ line: number }> }).findings.map(({ line }) => line);
  };
  expect(await lineIn('second.yaml', `# one\n---\napiVersion: v1\nkind: Pod\n---\n${JSON.stringify(wrong)}\n`)).toEqual([6]);
  expect(await lineIn('listed.yaml', `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n- ${JSON.stringify(wrong)}\n`)).toEqual([6]);
});

test('YAML that kubectl reads in another way is found in its field, on the line of its object', async () => {
  const text = withoutPinning().replace('"timeoutSeconds":10', '"timeoutSeconds":010');
  const { code, out } = await run(['lint', file('octal.yaml', text), '--output', 'json']);
  expect(code).toBe(1);
  expect((JSON.parse(out) as { findings: object[] }).findings).toEqual([expect.objectContaining({
    code: 'AMBIGUOUS_YAML', object: 'ValidatingWebhookConfiguration proofgate-verifier', path: 'webhooks[0].timeoutSeconds', line: lineOf('ValidatingWebhookConfiguration'),
  })]);
});

test('what a merge key brings is judged, too', async () => {
  const merged = withoutPinning().replace('"webhooks":[{', '"webhooks":[{<<: {"objectSelector": {"matchLabels": {"never": "set"}}}, ');
  const { code, out } = await run(['lint', file('merged.yaml', merged), '--output', 'json']);
  const { findings } = JSON.parse(out) as { findings: Array<{ code: string }> };
  expect(code).toBe(1);
  expect(findings.map((finding) => finding.code)).toEqual(['AMBIGUOUS_YAML', 'OBJECT_SELECTOR']);
});

test.each<[string, (webhook: object) => object]>([
  ['a list of its kind', (webhook) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfigurationList', items: [webhook] })],
  ['a list of its kind that says for it what it is', ({ kind: _kind, apiVersion: _version, ...webhook }: { kind?: string; apiVersion?: string }) => (
    { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfigurationList', items: [webhook] })],
  ['a list in a list', (webhook) => ({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'List', items: [webhook] }] })],
])('a second configuration in %s is found', async (_name, wrap) => {
  const second = { ...manifests.find(({ kind }) => kind === 'ValidatingWebhookConfiguration'), webhooks: [] };
  const { code, out } = await run(['lint', sound, file('second.json', JSON.stringify(wrap(second))), '--output', 'json']);
  expect(code).toBe(1);
  expect((JSON.parse(out) as { findings: Array<{ code: string }> }).findings.map((finding) => finding.code)).toEqual(expect.arrayContaining(['DUPLICATE_OBJECT', 'NOTHING_ENFORCED']));
});

test('a policy for Kyverno that somebody wrote is judged, and one without traps passes', async () => {
  const policy = (kind: string): object => ({ apiVersion: 'policies.kyverno.io/v1', kind, metadata: { name: 'theirs' }, spec: {} });
  const { code, out } = await run(['lint', '--output', 'json', file('kyverno.yaml', JSON.stringify(policy('ImageValidatingPolicy')))]);
  expect([code, (JSON.parse(out) as { findings: Array<{ code: string }> }).findings.map((finding) => finding.code)]).toEqual([1, ['KYVERNO_UNASKED', 'KYVERNO_UNVERIFIED']]);
  const other = file('kyverno-other.yaml', JSON.stringify(policy('GeneratingPolicy')));
  expect(await run(['lint', other])).toEqual({ code: 2, out: '', err: expect.stringMatching(/kyverno-other\.yaml:1: GeneratingPolicy theirs: not judged, [^]*no rule could judge it/) as unknown });
});

describe('admission objects of others', () => {
  const webhook = (name: string, failurePolicy: string): string => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: ${name}}
webhooks:
- name: ${name}.acme.example
  failurePolicy: ${failurePolicy}
  clientConfig: {service: {namespace: ${name}, name: ${name}}, caBundle: ${Buffer.alloc(99, 'certificate').toString('base64')}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods, pods/ephemeralcontainers]}]
  sideEffects: None
  admissionReviewVersions: [v1]
`;
  const [sidecars, open, closed] = [file('sidecars.yaml', webhook('sidecars', 'Ignore')), file('weak-images.yaml', webhook('images', 'Ignore')), file('sound-images.yaml', webhook('images', 'Fail'))];

  test('are judged where they are about images, without a word about policies that are not among the files', async () => {
    expect(await run(['lint', closed])).toEqual({ code: 0, out: 'no findings in 1 object\n', err: '' });
    const { code, out, err } = await run(['lint', open]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain(`${open}:6: ValidatingWebhookConfiguration images webhooks[0].failurePolicy\n  [IMAGE_WEBHOOK_PERMISSIVE] It is Ignore: what is not answered runs.`);
    expect(out).toMatch(/\n1 finding in 1 object\n$/);
  });

  test('are named as not judged where nothing says that they are, in every format, and alone they prove nothing', async () => {
    const said = `proofgate: ${sidecars}:1: ValidatingWebhookConfiguration sidecars: not judged, since nothing in it says that it is about images\n`;
    expect(await run(['lint', closed, sidecars])).toEqual({ code: 0, out: 'no findings in 2 objects, 1 of them not judged\n', err: said });
    expect(JSON.parse((await run(['lint', closed, sidecars, '--output', 'json'])).out)).toEqual({ findings: [], unrelated: [{ file: sidecars, line: 1, object: 'ValidatingWebhookConfiguration sidecars' }] });
    const { runs: [{ invocations: [{ executionSuccessful, toolExecutionNotifications }] }] } = JSON.parse((await run(['lint', closed, sidecars, '--output', 'sarif'])).out) as {
      runs: [{ invocations: [{ executionSuccessful: boolean; toolExecutionNotifications: unknown }] }];
    };
    expect({ executionSuccessful, toolExecutionNotifications }).toEqual({ executionSuccessful: true, toolExecutionNotifications: [expect.objectContaining({ level: 'note' })] });
    expect(await run(['lint', sidecars])).toEqual({ code: 2, out: '', err: expect.stringMatching(/not judged, [^]*nothing here is a policy or enforces one/) as unknown });
  });
});

test('files in which there is nothing to judge end with 2, and without a policy that is said', async () => {
  const service = file('service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n');
  expect(await run(['lint', service])).toEqual({ code: 2, out: '', err: `proofgate: ${service}: nothing here is a policy or enforces one, so no rule could judge it; name what the synthesis wrote\n` });
  const webhook = JSON.stringify(manifests.find(({ kind }) => kind === 'ValidatingWebhookConfiguration'));
  const { code, err } = await run(['lint', service, file('webhook.yaml', webhook)]);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^proofgate: no policy is among the files: .*name all files/) as unknown });
});

test('policies without anything that enforces are judged, and that nothing is known of the rest is said', async () => {
  const content = manifests.filter(({ kind }) => kind === 'ConfigMap').map((manifest) => JSON.stringify(manifest));
  const alone = await run(['lint', file('policy alone.yaml', content.join('\n---\n'))]);
  expect(alone).toEqual({ code: 0, out: 'no findings in 1 object\n', err: expect.stringMatching(/^proofgate: nothing that enforces is among the files: .*not whether anybody asks about them/) as unknown });
  const namespace = manifests.filter(({ kind }) => kind === 'Namespace').map((manifest) => JSON.stringify(manifest));
  expect(await run(['lint', file('beside.yaml', [...content, ...namespace].join('\n---\n'))])).toMatchObject({ code: 1, err: '', out: expect.stringContaining('[UNENFORCED]') as unknown });
});

test('names are printed on one line and without what a terminal would obey, and kept in JSON', async () => {
  const name = 'a\u001b[2J\nb\u202e';
  const odd = file('odd.json', JSON.stringify({ ...smallPolicy, metadata: { name } }));
  const { out } = await run(['lint', odd]);
  expect(out).toMatch(/ImagePolicy a\\u\{1b\}\[2J\\u\{a\}b\\u\{202e\} metadata\.name\n/);
  const { findings: [finding] } = JSON.parse((await run(['lint', odd, '--output', 'json'])).out) as { findings: [{ object: string }] };
  expect(finding.object).toBe(`ImagePolicy ${name}`);
});

test('on a terminal the code is red', async () => {
  let text = '';
  const out = new Writable({ write: (chunk: Buffer, _encoding, done) => {
    text += chunk.toString();
    done();
  } });
  const codes: number[] = [];
  await runProgram([lintCommand], ['lint', weak], { out, err: out, colour: true, progress: () => undefined, entry: '' }, (code) => codes.push(code));
  expect(codes).toEqual([1]);
  expect(text).toContain('\u001b[31m[FAILURE_POLICY]\u001b[39m');
});

describe('help', () => {
  test('of the program names its commands', async () => {
    const { code, out, err } = await run(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    ['verify', 'serve', 'lint'].forEach((command) => expect(out).toMatch(new RegExp(`^  ${command} `, 'm')));
  });

  test.each([
    ['verify', ['<image...>', '--policy <path>', '--namespace <name>', '--namespace-label <key=value>', '--trust-root <name=file>', '--registry-config <file>', '--output <format>']],
    ['serve', ['--policy <file>', '--policy-digest <digest>', '--trust-root-digest <name=digest>', '--registry-config-digest <digest>', '--listen <host:port>', '--tls-cert <file>', '--tls-key <file>', '--tls <mode>', '--trust-root <name=file>', '--registry-config <file>',
      '--kubeconfig <file>', '--deadline <seconds>']],
    ['lint', ['<file...>', '--output <format>']],
  ])('of %s names every option of its contract', async (command, options) => {
    const { code, out, err } = await run([command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    options.forEach((option) => expect(out).toContain(option));
  });

  test.each<[string, string[], RegExp]>([
    ['no command', [], /Usage: proofgate/],
    ['an unknown command', ['verfiy'], /unknown command 'verfiy'[^]*verify/],
    ['an unknown option', ['lint', sound, '--quiet'], /unknown option '--quiet'[^]*Run 'proofgate lint --help'/],
  ])('is offered to those who give %s, with 2', async (_, args, words) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
  });
});
