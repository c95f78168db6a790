import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { builtCommand, Finished } from '../support/command';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '../..');

/** As `npm run demo` does, on the bundles of this tree. */
function demo(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['build/demo/main.cjs', ...args], { cwd: ROOT, env: { ...process.env, ...env } }, (_error, out, err) => resolve({ code: child.exitCode, out, err }));
  });
}

beforeAll(() => {
  builtCommand();
  execFileSync(process.execPath, ['scripts/bundle.mjs', 'demo'], { cwd: ROOT, stdio: 'pipe' });
});

test('the demo shows what is admitted, each way to be refused, and that nothing runs while the verifier is down', async () => {
  const { code, out, err } = await demo(['--output', 'json']);
  const { asExpected, results } = JSON.parse(out) as { asExpected: boolean; results: Array<{ title: string; reasons: string[] }> };
  expect(results.map(({ title, reasons }) => `${title}: ${reasons.join(', ')}`)).toEqual([
    'signed by the release workflow, with its provenance: ',
    'signed by cosign, with real Fulcio and Rekor: ',
    'the signed image in a Deployment: ',
    'the signed image by its tag, which nobody pinned: TAG_NOT_PINNED',
    'not signed: NO_ATTESTATION, NO_SIGNATURE',
    "signed by a fork's workflow: WRONG_IDENTITY",
    'signed, without provenance: NO_ATTESTATION',
    "signed, with the provenance of a fork's build: WRONG_PROVENANCE",
    'tampered with after signing: WRONG_SUBJECT',
    'from a registry that no policy names: UNMATCHED_IMAGE',
    'not signed, as an init container: NO_ATTESTATION, NO_SIGNATURE',
    'not signed, as an ephemeral container: NO_ATTESTATION, NO_SIGNATURE',
    'not signed, in a Deployment: NO_ATTESTATION, NO_SIGNATURE',
    'the signed image, while the verifier is down: the webhook did not answer',
  ]);
  expect({ asExpected, code, err }).toEqual({ asExpected: true, code: 0, err: '' });
});

test('where it is not shown on a terminal there are no colours and no progress, whatever a CI system says of itself', async () => {
  const { code, out, err } = await demo([], { CI: 'true', FORCE_COLOR: '1' });
  expect(out).toContain('All 14 verdicts are the expected ones.');
  expect(out).not.toContain('\u001b');
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test.each([[['--output', 'xml']], [['--help']], [['nonsense']]])('%j is answered with what can be asked for', async (args) => {
  expect(await demo(args)).toEqual({ code: 2, out: '', err: 'usage: npm run demo [-- --output (text | json)]\n' });
});
