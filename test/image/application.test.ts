import { application, checkBundle } from '../../image/application';
import { contentOf } from './layout';

// Bundling takes seconds where others work, too.
jest.setTimeout(60_000);

test('the bundle names neither the image that it goes into nor the place where it was made', async () => {
  const code = contentOf((await application()).entries, 'app/verifier.cjs').toString();
  expect(code).toContain('proofgate.dev/v1');
  expect(code).not.toMatch(/ghcr\.io\/proofgate\/verifier/);
  expect(code).not.toContain(process.cwd());
});

test('no code in the image asks Node for what starts programs', async () => {
  const { entries } = await application();
  const code = [...entries.keys()].filter((path) => path.endsWith('.cjs')).map((path) => contentOf(entries, path).toString());
  expect(code.map((text) => /require\("(node:)?child_process"\)/.test(text))).toEqual([false, false, false]);
  // What asks for one of Node's own modules is written like this.
  expect(code.map((text) => /require\("(node:)?crypto"\)/.test(text))).toEqual([true, true, true]);
});

test('a bundle that reaches the constant with its own digest is refused', () => {
  expect(() => checkBundle('', ['lib/cli/verifier-main.ts', 'lib/engines/webhook/verifier-image.ts'])).toThrow(/whose digest depends on the bundle/);
  expect(() => checkBundle('', ['lib/cli/verifier-main.ts', 'lib/engines/webhook/settings.ts'])).not.toThrow();
});

test('a bundle with a path of this machine is refused', () => {
  expect(() => checkBundle('const file = "/home/somebody/proofgate/lib/x.ts"', [], '/home/somebody/proofgate')).toThrow(/another checkout would give another image/);
  expect(() => checkBundle('const file = "lib/x.ts"', [], '/home/somebody/proofgate')).not.toThrow();
});

test('packages of npm in the bundle are known by name, locked version, hash and licence', async () => {
  const { packages } = await application();
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['@sigstore/verify', '@sigstore/core', 'pino']));
  expect(packages.filter(({ version, integrity, license }) => version === '' || !integrity.startsWith('sha512-') || license === 'NOASSERTION')).toEqual([]);
});
