import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDebianPackages } from './debian-packages';
import type { Programs } from './process';
import { freePort } from '../../support/free-port';
import { OciRegistry } from './registry';
import { until } from './until';

/** Debian's registry, which is the reference implementation in a version without referrers API. */
const PACKAGE = {
  name: 'docker-registry',
  version: '2.8.2+ds1-1',
  path: 'pool/main/d/docker-registry/docker-registry_2.8.2%2bds1-1_amd64.deb',
  size: 4_954_916,
  sha256: 'a9bd06c0e006854608f8469b4371743f40604ad90975532bb3b7ceeb72fe2913',
};

/** The program. @throws CannotRun */
export async function prepareDebianRegistry(): Promise<string> {
  return join(await prepareDebianPackages('docker-registry', [PACKAGE]), 'usr/bin/docker-registry');
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
