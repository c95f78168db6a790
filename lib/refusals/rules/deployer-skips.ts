import { isPlainObject } from '../../policy/canonical-json';
import { fieldsOf } from '../fields';
import { KubernetesObject, Observation, Rule } from '../rule';

/**
 * What each deployer documents as a reason to leave an object out, not to keep it as it is written, or to delete it for a moment; values in
 * small letters. Flux and kapp read some of them from labels, too.
 */
const SKIPS: { readonly [key: string]: (value: string) => boolean } = {
  // Kubernetes' addon manager
  'addonmanager.kubernetes.io/mode': is('ensureexists'),
  // Argo CD
  'argocd.argoproj.io/hook': always,
  'argocd.argoproj.io/sync-options': (value) => value.split(',').some((option) => ['force=true', 'replace=true'].includes(option.trim())),
  // kpt and Config Sync
  'client.lifecycle.config.k8s.io/mutation': is('ignore'),
  'configmanagement.gke.io/managed': is('disabled'),
  // kustomize, and what builds on it
  'config.kubernetes.io/local-config': (value) => value !== 'false',
  // Helm, and Argo CD
  'helm.sh/hook': always,
  // Flux
  'helm.toolkit.fluxcd.io/driftdetection': is('disabled'),
  'kustomize.toolkit.fluxcd.io/reconcile': is('disabled'),
  'kustomize.toolkit.fluxcd.io/ssa': is('ignore', 'ifnotpresent'),
  // kapp
  'kapp.k14s.io/exists': always,
  'kapp.k14s.io/noop': always,
  'kapp.k14s.io/update-strategy': is('skip', 'always-replace'),
};

export const deployerSkips: Rule = {
  code: 'DEPLOYER_SKIPS',
  title: 'A deployer would pass over an object',
  why: 'What Argo CD, Flux, Helm, kustomize or kapp leave out, or no longer keep as it is written, is in the reviewed manifests and not in the cluster.',
  remedy: 'Remove this annotation or label; waves, pruning and comparing may be annotated.',
  check: ({ objects }) => objects.filter(({ own }) => own).flatMap((object) => ['annotations', 'labels'].flatMap((field) => skipsIn(object, field))),
};

function skipsIn({ id, content }: KubernetesObject, field: string): Observation[] {
  const entries = fieldsOf(content.metadata)[field];
  return Object.entries(isPlainObject(entries) ? entries : {})
    .filter(([key, value]) => isSkipped(key.toLowerCase(), (typeof value === 'string' ? value : JSON.stringify(value)).trim().toLowerCase()))
    .map(([key, value]) => ({ object: id, path: `metadata.${field}["${key}"]`, message: `Its value is ${JSON.stringify(value)}, at which the object is passed over.` }));
}

function isSkipped(key: string, value: string): boolean {
  return Object.hasOwn(SKIPS, key) && SKIPS[key]?.(value) === true;
}

function is(...values: string[]): (value: string) => boolean {
  return (value) => values.includes(value);
}

function always(): boolean {
  return true;
}
