import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from './failure';

/** Where the CustomResourceDefinitions are, from the root of the project. */
export const POLICY_CONTROLLER_SCHEMAS = ['300-clusterimagepolicy.yaml', '300-trustroot.yaml'].map((name) => join('build/e2e/policy-controller', name));

/** Takes the CustomResourceDefinitions of policy-controller out of the Go module that the engines' test pins. @throws CannotRun */
export function preparePolicyControllerSchemas(root: string): void {
  const answer = spawnSync('go', ['mod', 'download', '-json', 'github.com/sigstore/policy-controller'], { cwd: join(root, 'test/e2e/engines/policy-controller'), encoding: 'utf8' });
  if (answer.error !== undefined || answer.status !== 0) {
    throw new CannotRun(`the module of policy-controller cannot be had: ${answer.error?.message ?? `${answer.stdout}${answer.stderr}`}`);
  }
  const { Dir: folder } = JSON.parse(answer.stdout) as { readonly Dir: string };
  for (const path of POLICY_CONTROLLER_SCHEMAS) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    copyFileSync(join(folder, 'config', path.slice(path.lastIndexOf('/') + 1)), join(root, path));
  }
}
