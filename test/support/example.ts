import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Runs an example's main.ts as a user does. The package that it imports is the compiled one, unless `TSX_TSCONFIG_PATH` says where it is otherwise.
 *
 * @param folder - where it is run; its `dist` gets the files
 * @param env - what the example's page says may be set
 * @param repository - whose example it is, and whose package
 * @returns the one file that it wrote
 * @throws Error with what it printed when it fails or writes another number of files
 */
export function synthesizeExample(name: string, folder: string, env: Readonly<Record<string, string>>, repository = '.'): string {
  mkdirSync(folder, { recursive: true });
  const tsx = pathToFileURL(resolve(repository, 'node_modules/tsx/dist/loader.mjs')).href;
  const { status, stderr } = spawnSync(process.execPath, ['--import', tsx, resolve(repository, 'examples', name, 'main.ts')], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, ...env },
  });
  const written = status === 0 ? readdirSync(join(folder, 'dist')) : [];
  const [file] = written;
  if (file === undefined || written.length > 1) {
    throw new Error(`examples/${name}/main.ts ended with exit code ${status} and wrote ${written.length} files:\n${stderr}`);
  }
  return readFileSync(join(folder, 'dist', file), 'utf8');
}
