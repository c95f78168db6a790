import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cache } from '../../../image/cache';
import { readDeb } from '../../../image/deb';
import { DebianMirror } from '../../../image/debian-mirror';
import { ImageError } from '../../../image/error';
import { cacheFolder } from './binaries';
import { CannotRun } from './failure';
import type { Programs } from './process';
import { freePort, OciRegistry } from './registry';
import { until } from './until';

/** Debian's registry, which is the reference implementation in a version without referrers API; never installed, only unpacked. */
const PACKAGE = {
  name: 'docker-registry',
  version: '2.8.2+ds1-1',
  path: 'pool/main/d/docker-registry/docker-registry_2.8.2%2bds1-1_amd64.deb',
  size: 4_954_916,
  sha256: 'a9bd06c0e006854608f8469b4371743f40604ad90975532bb3b7ceeb72fe2913',
};

const PROGRAM = 'usr/bin/docker-registry';

/** The program, from the user's cache or else from a Debian mirror. @throws CannotRun */
export async function prepareDebianRegistry(): Promise<string> {
  if (process.arch !== 'x64') {
    throw new CannotRun(`Debian's registry is locked for amd64, and this is ${process.arch}: run this part of the test on amd64.`);
  }
  const folder = join(cacheFolder(), `docker-registry-${PACKAGE.sha256.slice(0, 16)}`);
  const program = join(folder, 'docker-registry');
  if (!existsSync(program)) {
    const found = (await readDeb(await fetched())).files.get(PROGRAM);
    if (found?.type !== 'file') {
      throw new CannotRun(`The Debian package ${PACKAGE.name} ${PACKAGE.version} has no ${PROGRAM}.`);
    }
    mkdirSync(folder, { recursive: true });
    // Written beside and moved: a run at the same time sees the whole program or none.
    const unfinished = `${program}.${process.pid}`;
    try {
      writeFileSync(unfinished, found.content, { mode: 0o755 });
      renameSync(unfinished, program);
    } finally {
      rmSync(unfinished, { force: true });
    }
  }
  return program;
}

async function fetched(): Promise<Buffer> {
  try {
    return await new DebianMirror('bookworm', Cache.ofUser()).get(PACKAGE);
  } catch (error) {
    throw error instanceof ImageError ? new CannotRun(error.message, { cause: error }) : error;
  }
}

/** Starts it on loopback, with what it holds in memory. @param folder - for its configuration */
export async function startDebianRegistry(program: string, programs: Programs, folder: string): Promise<OciRegistry> {
  const port = await freePort();
  const config = join(folder, `docker-registry-${port}.json`);
  // YAML, of which JSON is a part.
  writeFileSync(config, JSON.stringify({ version: 0.1, log: { level: 'warn' }, storage: { inmemory: {} }, http: { addr: `127.0.0.1:${port}` } }));
  const started = programs.start({ name: 'docker-registry', command: program, args: ['serve', config] });
  const registry = OciRegistry.running(started, { address: '127.0.0.1', port });
  await until('Debian\'s registry answers', async () => {
    const { status } = await registry.send('GET', '/v2/');
    if (status !== 200) {
      throw new Error(`HTTP ${status}`);
    }
  }, { unless: () => started.obituary });
  return registry;
}
