import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from './failure';

const FOLDER = 'build/e2e/policy-controller';

/** Where the CustomResourceDefinitions are, from the root of the project. */
export const POLICY_CONTROLLER_SCHEMAS = inConfig('300-clusterimagepolicy.yaml', '300-trustroot.yaml');

/** Where everything else of its installation is, in the order in which it is applied: all but its Deployment, and the ConfigMap that the library renders. */
export const POLICY_CONTROLLER_INSTALLATION = inConfig(
  '100-namespace.yaml', '200-clusterrole.yaml', '200-role.yaml', '200-serviceaccount.yaml', '201-clusterrolebinding.yaml', '201-rolebinding.yaml',
  '400-webhook-service.yaml', '500-webhook-configuration.yaml', '501-policy-webhook-configurations.yaml',
  'config-image-policies.yaml', 'config-leader-election.yaml', 'config-logging.yaml', 'config-observability.yaml', 'config-sigstore-keys.yaml',
);

/** Where the policies are that its own tests apply, in a folder for each kind: `valid`, `invalid`, `e2e`. */
export const POLICY_CONTROLLER_SAMPLES = join(FOLDER, 'test/testdata/policy-controller');

/** Takes the CustomResourceDefinitions, the installation and the policies of its tests out of the Go module that the engines' test pins. @throws CannotRun */
export function preparePolicyControllerSchemas(root: string): void {
  const answer = spawnSync('go', ['mod', 'download', '-json', 'github.com/sigstore/policy-controller'], { cwd: join(root, 'test/e2e/engines/policy-controller'), encoding: 'utf8' });
  if (answer.error !== undefined || answer.status !== 0) {
    throw new CannotRun(`the module of policy-controller cannot be had: ${answer.error?.message ?? `${answer.stdout}${answer.stderr}`}`);
  }
  const { Dir: module } = JSON.parse(answer.stdout) as { readonly Dir: string };
  rmSync(join(root, FOLDER), { recursive: true, force: true });
  for (const folder of ['config', 'test/testdata/policy-controller']) {
    cpSync(join(module, folder), join(root, FOLDER, folder), { recursive: true, mode: 0 });
  }
}

function inConfig(...names: readonly string[]): readonly string[] {
  return names.map((name) => join(FOLDER, 'config', name));
}
