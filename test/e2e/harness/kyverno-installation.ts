import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { KubernetesObject } from './api';
import { accepted, type Cluster } from './cluster';
import { CannotRun } from './failure';

/** Where its own installation is, from the root of the project. */
const FILE = 'build/e2e/kyverno/install.yaml';

/** Where it is installed. */
export const KYVERNO_NAMESPACE = 'kyverno';

/** What its installation calls the Deployment of what is asked, and its account. */
export const KYVERNO_DEPLOYMENT = 'kyverno-admission-controller';

/** How the process of a Pod of that Deployment is started. */
export interface KyvernoCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Takes the installation out of the Go module that the engines' test pins. @throws CannotRun */
export function prepareKyvernoInstallation(root: string): void {
  const answer = spawnSync('go', ['mod', 'download', '-json', 'github.com/kyverno/kyverno'], { cwd: join(root, 'test/e2e/engines/kyverno'), encoding: 'utf8' });
  if (answer.error !== undefined || answer.status !== 0) {
    throw new CannotRun(`the module of Kyverno cannot be had: ${answer.error?.message ?? `${answer.stdout}${answer.stderr}`}`);
  }
  const { Dir: module } = JSON.parse(answer.stdout) as { readonly Dir: string };
  mkdirSync(dirname(join(root, FILE)), { recursive: true });
  copyFileSync(join(module, 'config/install-latest-testing.yaml'), join(root, FILE));
}

/**
 * Applies all of its installation, unchanged, and gives its account the rights that it has where controllers run: the roles of others are gathered into its
 * own by one of them.
 */
export async function installKyverno({ api, kubectl }: Cluster): Promise<KyvernoCommand> {
  const text = readFileSync(FILE, 'utf8');
  await kubectl.apply(text);
  const objects = (kind: string): KubernetesObject[] => text.split(/^---\s*$/m).filter((part) => new RegExp(`^kind: ${kind}$`, 'm').test(part)).map((part) => parse(part) as KubernetesObject);
  const roles = objects('ClusterRole') as ReadonlyArray<KubernetesObject & { readonly rules?: readonly object[]; readonly aggregationRule?: { readonly clusterRoleSelectors: ReadonlyArray<{ readonly matchLabels: object }> } }>;
  for (const { aggregationRule, ...role } of roles.filter((candidate) => candidate.aggregationRule !== undefined)) {
    const selected = roles.filter(({ metadata }) => aggregationRule?.clusterRoleSelectors.some(({ matchLabels }) => (
      Object.entries(matchLabels).every(([key, value]) => (metadata['labels'] as Record<string, unknown>)[key] === value))));
    accepted(await api.patch(role, 'merge', { rules: selected.flatMap(({ rules = [] }) => rules) }));
  }
  const deployment = objects('Deployment').find(({ metadata }) => metadata.name === KYVERNO_DEPLOYMENT);
  const [container] = (deployment?.['spec'] as { readonly template: { readonly spec: { readonly containers: readonly Container[] } } }).template.spec.containers;
  return {
    args: container?.args ?? [],
    env: Object.fromEntries((container?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? (valueFrom?.fieldRef.fieldPath === 'metadata.namespace' ? KYVERNO_NAMESPACE : `${KYVERNO_DEPLOYMENT}-0`)])),
  };
}

interface Container {
  readonly args: readonly string[];
  readonly env: ReadonlyArray<{ readonly name: string; readonly value?: string; readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } } }>;
}
