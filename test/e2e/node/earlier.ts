import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../harness/binaries';
import { CannotRun } from '../harness/failure';

/**
 * What upgrades begin with: the last commit with another way to say what enforces a policy, no guard of the verifier's own objects, nothing but policies
 * bound by digest, and another client of the cluster.
 */
const COMMIT = '53790fac1ab8cc841305f2728ef05842e4a36e8b';

/** Where the layout of its image is in the folder. */
export const EARLIER_LAYOUT = 'build/image';

/**
 * A folder with an earlier version as its users have it: source, the packages of its own lock file, its compiled entry and its image; kept for later runs.
 *
 * @throws CannotRun where its commit is not in this clone, or cannot be built
 */
export function prepareEarlier(repository: string): string {
  const folder = join(cacheFolder(), `earlier-${COMMIT.slice(0, 12)}`);
  if (existsSync(folder)) {
    return folder;
  }
  if (spawnSync('git', ['cat-file', '-e', `${COMMIT}^{commit}`], { cwd: repository, stdio: 'ignore' }).status !== 0) {
    throw new CannotRun(`The upgrade begins with commit ${COMMIT}, which is not here: the node test needs a clone with all of the history ('git fetch --unshallow').`);
  }
  console.log(`building the version of commit ${COMMIT.slice(0, 7)} (some minutes, most of it npm ci); kept for later runs in ${folder}`);
  // Built beside and moved: a run at the same time sees all of it or nothing.
  const unfinished = `${folder}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    run('sh', ['-c', 'git archive "$0" -- . ":!test" ":!docs" | tar --extract --directory="$1"', COMMIT, unfinished], repository);
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], unfinished);
    run(process.execPath, ['scripts/build.mjs', 'jsii'], unfinished);
    run(process.execPath, ['scripts/image.mjs', '--output', EARLIER_LAYOUT], unfinished);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) {
    throw new CannotRun(`The earlier version of commit ${COMMIT} cannot be built: '${command} ${args.join(' ')}' ended with exit code ${status}:\n${error?.message ?? `${stdout}${stderr}`}`);
  }
}
