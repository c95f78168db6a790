import { createServer, Server } from 'node:http';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache } from '../../image/cache';
import { DebianMirror } from '../../image/debian-mirror';
import { sha256 } from '../../image/digest';
import { LockedPackage } from '../../image/lock';

const CONTENT = Buffer.from('a package');
const LOCKED: LockedPackage = { name: 'libc6', version: '2.36-9', path: 'pool/main/g/glibc/libc6_2.36-9_amd64.deb', size: CONTENT.length, sha256: sha256(CONTENT).slice('sha256:'.length) };

const folder = mkdtempSync(join(tmpdir(), 'mirror-'));
let servers: Server[] = [];
let asked: string[] = [];

beforeEach(() => {
  asked = [];
});
afterEach(() => {
  servers.forEach((server) => server.close());
  servers = [];
  delete process.env['PROOFGATE_DEBIAN_MIRROR'];
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A mirror that gives every file the same answer. */
async function mirror(status: number, content: Buffer = Buffer.alloc(0)): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status).end(content);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`;
}

function get(mirrors: readonly string[], cache: Cache = new Cache(mkdtempSync(join(folder, 'cache-')))): Promise<Buffer> {
  process.env['PROOFGATE_DEBIAN_MIRROR'] = mirrors.join(' ');
  return new DebianMirror('bookworm', cache).get(LOCKED);
}

test('a locked package comes from the first mirror that has it, and from the cache afterwards', async () => {
  const cache = new Cache(mkdtempSync(join(folder, 'cache-')));
  const mirrors = [await mirror(404), await mirror(200, CONTENT)];
  expect(await get(mirrors, cache)).toEqual(CONTENT);
  expect(asked).toEqual([`/debian/${LOCKED.path}`, `/debian/${LOCKED.path}`]);
  expect(await get(mirrors, cache)).toEqual(CONTENT);
  expect(asked).toHaveLength(2);
});

test('what lies in the cache under a hash that it does not have is fetched again', async () => {
  const place = mkdtempSync(join(folder, 'cache-'));
  const mirrors = [await mirror(200, CONTENT)];
  await get(mirrors, new Cache(place));
  readdirSync(place).forEach((file) => writeFileSync(join(place, file), 'rotten'));
  expect(await get(mirrors, new Cache(place))).toEqual(CONTENT);
  expect(asked).toHaveLength(2);
});

test('a package that no mirror has any more is said to be gone, with the command that renews the lock', async () => {
  const mirrors = [await mirror(404), await mirror(404)];
  await expect(get(mirrors)).rejects.toThrow(
    /^the locked Debian package libc6 2\.36-9 is gone from the archive: .+ and .+ no longer have pool\/main\/g\/glibc\/.+\.deb\. Run 'npm run image -- --refresh'/,
  );
});

test('another content than the locked one is refused before anything of it is read, and not kept', async () => {
  const place = mkdtempSync(join(folder, 'cache-'));
  await expect(get([await mirror(200, Buffer.from('b package'))], new Cache(place))).rejects.toThrow(/is not the locked package: it has 9 bytes with another hash/);
  expect(readdirSync(place)).toEqual([]);
});

test('a mirror that is broken is not taken for one without the package', async () => {
  await expect(get([await mirror(503), await mirror(200, CONTENT)])).rejects.toThrow(/answers HTTP 503 .*PROOFGATE_DEBIAN_MIRROR/);
});

test('a mirror that cannot be reached is named', async () => {
  await expect(get(['http://127.0.0.1:1/debian'])).rejects.toThrow(/http:\/\/127\.0\.0\.1:1 cannot be reached .*PROOFGATE_DEBIAN_MIRROR/);
});
