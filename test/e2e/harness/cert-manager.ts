import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type CertManagerFiles, goVersion, prepare } from './binaries';
import { CannotRun } from './failure';

const MODULE = 'test/e2e/cert-manager';

/** Both of the same pinned Go module. @throws CannotRun when Go is missing, the module cannot be had or does not build */
export async function prepareCertManager(root: string): Promise<CertManagerFiles> {
  const source = join(root, MODULE);
  const program = await prepare({ source, title: 'cert-manager\'s controllers and injector (four CPU minutes)', ldflags: '-s -w' }, goVersion());
  const answer = spawnSync('go', ['mod', 'download', '-json', 'github.com/cert-manager/cert-manager'], { cwd: source, encoding: 'utf8' });
  if (answer.error !== undefined || answer.status !== 0) {
    throw new CannotRun(`the module of cert-manager cannot be had: ${answer.error?.message ?? `${answer.stdout}${answer.stderr}`}`);
  }
  return { program, schemas: join((JSON.parse(answer.stdout) as { readonly Dir: string }).Dir, 'deploy/crds') };
}
