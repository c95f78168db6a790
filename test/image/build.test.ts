import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../image/digest';
import { isElf, readElf } from '../../image/elf';
import { Entries } from '../../image/entry';
import { linkedFiles } from '../../image/linked';
import { readLock } from '../../image/lock';
import { NODE_FLAGS } from '../../image/process';
import { defaultSettings, renderWebhook } from '../../lib/engines/webhook';
import { VERIFIER_IMAGE } from '../../lib/engines/webhook/verifier-image';
import { smallPolicy } from '../policy/documents';
import { imageCommand } from './image-command';
import { contentOf, Layout, Manifest } from './layout';

// Unpacking and compressing both platforms takes seconds; on a machine that never did it, a hundred megabytes are downloaded first.
jest.setTimeout(600_000);

const folder = mkdtempSync(join(tmpdir(), 'image-'));
const [one, other] = [join(folder, 'one'), join(folder, 'other')];
const layout = new Layout(one);

beforeAll(async () => {
  await imageCommand(['--fresh', '--output', one], { TZ: 'Asia/Kathmandu', LC_ALL: 'C' });
  await imageCommand(['--fresh', '--output', other], { TZ: 'America/Lima', LC_ALL: 'C.UTF-8' });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Hash by file, so that a difference is named and not shown. */
function contents(of: string): object {
  const files = readdirSync(of, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(files.sort().map((file) => [file.slice(of.length), sha256(readFileSync(file))]));
}

test('two builds have the same files with the same bytes', () => {
  expect(Object.keys(contents(one)).length).toBeGreaterThan(10);
  expect(contents(other)).toEqual(contents(one));
});

test('the bill of materials lies beside the image and is attached to it', () => {
  const attached = layout.descriptors.find(({ artifactType }) => artifactType === 'application/vnd.cyclonedx+json') ?? layout.image;
  const { subject, layers: [layer = layout.image] } = layout.json<Manifest>(attached);
  expect(subject?.digest).toBe(layout.image.digest);
  expect(layout.blob(layer)).toEqual(readFileSync(`${one}.cdx.json`));
});

test('the image is the one that the source names, and that manifests deploy unless told otherwise', () => {
  expect(VERIFIER_IMAGE.split('@')[1]).toBe(layout.image.digest);
  const rendered = renderWebhook({ documents: [smallPolicy], trustRoots: [], settings: defaultSettings });
  expect(JSON.stringify(rendered.find(({ kind }) => kind === 'Deployment'))).toContain(`"image":"${VERIFIER_IMAGE}"`);
});

describe.each([['amd64', 62, '/lib64/ld-linux-x86-64.so.2'], ['arm64', 183, '/lib/ld-linux-aarch64.so.1']])('on %s', (architecture, machine, loader) => {
  let files: Entries;
  beforeAll(async () => {
    files = await layout.files(architecture);
  });

  test('runs as nobody in particular, and starts the verifier', () => {
    const { configuration } = layout.platform(architecture);
    expect(configuration).toMatchObject({ architecture, os: 'linux', config: { User: '65532:65532', Entrypoint: ['/usr/bin/node', '--use-openssl-ca', ...NODE_FLAGS, '/app/verifier.cjs'] } });
    expect(contentOf(files, 'etc/passwd').toString()).toContain('nonroot:x:65532:65532:');
  });

  test('is pulled as 45 MB at most', () => {
    const sizes = layout.platform(architecture).manifest.layers.map(({ size }) => size);
    expect(sizes).toHaveLength(3);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(45_000_000);
  });

  test('holds Node for this machine, and everything that it is linked with', () => {
    const node = contentOf(files, 'usr/bin/node');
    expect(node.readUInt16LE(18)).toBe(machine);
    expect(readElf(node).interpreter).toBe(loader);
    expect(readElf(node).needed).toEqual(expect.arrayContaining(['libc.so.6', 'libstdc++.so.6']));
    const programs = [...linkedFiles(node, files).values()].filter((entry) => entry.type === 'file');
    expect(programs.map(({ content }) => [isElf(content), content.readUInt16LE(18)])).toEqual(programs.map(() => [true, machine]));
  });

  test('tells scanners the release and each package with its locked version', () => {
    expect(contentOf(files, 'usr/lib/os-release').toString()).toMatch(/^ID=debian$/m);
    const told = [...files.keys()].filter((path) => path.startsWith('var/lib/dpkg/status.d/')).map((path) => {
      const control = contentOf(files, path).toString();
      return [/^Package: (.+)$/m.exec(control)?.[1], /^Version: (.+)$/m.exec(control)?.[1]];
    });
    expect(told.sort()).toEqual(readLock().debian[architecture as 'amd64'].map(({ name, version }) => [name, version]).sort());
  });

  test('has the licence of every part, and authorities for TLS', () => {
    const licences = readLock().debian[architecture as 'amd64'].map(({ name }) => files.get(`usr/share/doc/${name}`) ?? files.get(`usr/share/doc/${name}/copyright`));
    expect(licences.map((entry) => entry?.type)).not.toContain(undefined);
    expect(contentOf(files, 'usr/share/doc/node/LICENSE').toString()).toContain('Node.js is licensed for use as follows');
    expect(contentOf(files, 'usr/share/doc/proofgate/third-party').toString()).toMatch(/^@sigstore\/verify \d.* \(Apache-2\.0\)$/m);
    expect(contentOf(files, 'etc/ssl/certs/ca-certificates.crt').toString().match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(100);
  });

  test('has no shell, no package manager and nothing that could be written or run as somebody else', () => {
    const runnable = [...files].filter(([, entry]) => entry.type === 'file' && entry.executable).map(([path]) => path);
    expect(runnable.filter((path) => !/^(usr\/)?lib\//.test(path))).toEqual(['usr/bin/node']);
    expect([...files.keys()].filter((path) => /^(usr\/)?s?bin\//.test(path))).toEqual(['usr/bin/node']);
  });
});
