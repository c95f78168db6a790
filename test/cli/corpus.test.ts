import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTRARY, CorpusPolicy, documentOf } from '../corpus/policy';
import { CorpusRegistry } from '../corpus/registry';
import { run } from '../support/command';

jest.setTimeout(300_000);

interface Check {
  readonly name: string;
  readonly expect: 'pass' | 'fail';
  readonly image: string;
  readonly policy: CorpusPolicy;
}

const DATA = join(__dirname, '../corpus/data');
const { cases } = JSON.parse(readFileSync(join(DATA, 'corpus.json'), 'utf8')) as { cases: ReadonlyArray<{ id: string; checks: readonly Check[] }> };

/** Each check has a prefix of its own in front of the repository, so that many policies fit into one process and each judges one image. */
const checks = cases.flatMap(({ id, checks: all }) => all.map((check) => ({ ...check, title: `${id}/${check.name}` })))
  .map((check) => ({ ...check, expect: CONTRARY[check.title] === undefined ? check.expect : 'fail' as const }))
  .map((check, index) => ({ ...check, prefix: `check-${index}` }));

const registry = new CorpusRegistry(DATA);
const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
const verdicts = new Map<string, { readonly verdict: string; readonly policies: readonly string[] }>();
const codes: Array<number | null> = [];
let origin = '';

/** The corpus under every prefix. */
const prefixed = createServer((request, response) => {
  void fetch(`${origin}${(request.url ?? '').replace(/^\/v2\/check-\d+\//, '/v2/')}`).then(async (answer) => {
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(Buffer.from(await answer.arrayBuffer()));
  });
});

beforeAll(async () => {
  origin = `http://${await registry.start()}`;
  await new Promise<void>((resolve) => prefixed.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(prefixed.address() as AddressInfo).port}`;
  const registries = join(folder, 'registries.yaml');
  writeFileSync(registries, `${host}: {plainHttp: true}\n`);
  for (const root of new Set(checks.map(({ policy }) => policy.trustedRoot))) {
    const group = checks.filter(({ policy }) => policy.trustedRoot === root);
    const policies = join(folder, `${root}.policies.yaml`);
    writeFileSync(policies, group.map(({ policy, prefix }) => JSON.stringify({ ...documentOf(policy, `${host}/${prefix}`, DATA), metadata: { name: prefix } })).join('\n---\n'));
    const { code, out } = await run([
      'verify', ...group.map(({ image, prefix }) => `${host}/${prefix}/${image}`), '--policy', policies, '--trust-root', `corpus=${join(DATA, 'trust', root)}`,
      '--registry-config', registries, '--output', 'json',
    ]);
    codes.push(code);
    const { images } = JSON.parse(out) as { images: Array<{ verdict: string; policies: string[] }> };
    group.forEach(({ title }, index) => {
      const entry = images[index];
      if (entry !== undefined) {
        verdicts.set(title, entry);
      }
    });
  }
});
afterAll(async () => {
  prefixed.closeAllConnections();
  prefixed.close();
  await registry.stop();
  rmSync(folder, { recursive: true });
});

test('each process said by its exit code whether all of its images may run', () => {
  const roots = [...new Set(checks.map(({ policy }) => policy.trustedRoot))];
  const expected = roots.map((root) => (checks.some(({ policy, expect: stated }) => policy.trustedRoot === root && stated === 'fail') ? 1 : 0));
  expect(codes).toEqual(expected);
});

test.each(checks)('proofgate verify answers $title as stated: $expect', ({ title, expect: stated, prefix }) => {
  expect(verdicts.get(title)).toMatchObject({ verdict: stated === 'pass' ? 'allowed' : 'denied', policies: [prefix] });
});
