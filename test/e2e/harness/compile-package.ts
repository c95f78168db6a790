import { spawnSync } from 'node:child_process';
import { CannotRun } from './failure';

/** Compiles the package's main entry, which examples import by its name. @throws CannotRun when it does not compile */
export function compilePackage(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', 'jsii'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    throw new CannotRun('The cluster test applies what an example writes, and the package that it imports does not compile, see above.');
  }
}
