import { isPlainObject } from '../../policy/canonical-json';
import { fieldsOf } from '../fields';
import { KubernetesObject, Observation, Rule } from '../rule';

/** What becomes of an object for such a value; `undefined` where nothing does. */
type Effect = (value: string) => string | undefined;

const LEFT_OUT = 'does not apply the object';
const NOT_KEPT = 'no longer keeps the object as it is written';
const REPLACED = 'replaces the object as a whole, or deletes it and makes it anew, so that it is missing for a moment, or is without what the verifier wrote into it';

/**
 * What each deployer documents as a reason to leave an object out, not to keep it as it is written, or to delete it for a moment; values in
 * small letters. Flux and kapp read some of them from labels, too.
 */
const SKIPS: { readonly [key: string]: Effect } = {
  'addonmanager.kubernetes.io/mode': at(`the addon manager ${NOT_KEPT}`, 'ensureexists'),
  'argocd.argoproj.io/hook': () => 'Argo CD applies the object as a hook of a sync, or never, and does not keep it',
  'argocd.argoproj.io/sync-options': (value) => (value.split(',').some((option) => ['force=true', 'replace=true'].includes(option.trim())) ? `Argo CD ${REPLACED}` : undefined),
  'client.lifecycle.config.k8s.io/mutation': at(`Config Sync ${NOT_KEPT}`, 'ignore'),
  'configmanagement.gke.io/managed': at(`Config Sync ${NOT_KEPT}`, 'disabled'),
  'config.kubernetes.io/local-config': (value) => (value !== 'false' ? `kustomize, and what builds on it, ${LEFT_OUT}` : undefined),
  'helm.sh/hook': () => 'Helm, and Argo CD, apply the object as a hook and do not keep it',
  'helm.toolkit.fluxcd.io/driftdetection': at(`Flux ${NOT_KEPT}`, 'disabled'),
  'kustomize.toolkit.fluxcd.io/reconcile': at(`Flux ${NOT_KEPT}`, 'disabled'),
  'kustomize.toolkit.fluxcd.io/ssa': at(`Flux ${LEFT_OUT}, or ${NOT_KEPT}`, 'ignore', 'ifnotpresent'),
  'kapp.k14s.io/exists': () => `kapp ${LEFT_OUT}, but expects it`,
  'kapp.k14s.io/noop': () => `kapp ${LEFT_OUT}`,
  'kapp.k14s.io/update-strategy': (value) => at(`kapp ${NOT_KEPT}`, 'skip')(value) ?? at(`kapp ${REPLACED}`, 'always-replace')(value),
};

export const deployerSkips: Rule = {
  code: 'DEPLOYER_SKIPS',
  title: 'A deployer would leave an object out, or replace it',
  why: 'What Argo CD, Flux, Helm, kustomize or kapp leave out, or no longer keep as it is written, is in the reviewed manifests and not in the cluster; what they replace as a whole loses what the verifier wrote into it.',
  remedy: 'Remove it, or this option of it; waves, pruning and comparing may be annotated.',
  check: ({ objects }) => objects.filter(({ own }) => own).flatMap((object) => ['annotations', 'labels'].flatMap((field) => skipsIn(object, field))),
};

function skipsIn({ id, content }: KubernetesObject, field: string): Observation[] {
  const entries = fieldsOf(content.metadata)[field];
  return Object.entries(isPlainObject(entries) ? entries : {}).flatMap(([key, value]) => {
    const effect = effectOf(key.toLowerCase(), (typeof value === 'string' ? value : JSON.stringify(value)).trim().toLowerCase());
    return effect === undefined ? [] : [{ object: id, path: `metadata.${field}["${key}"]`, message: `It is ${JSON.stringify(value)}, at which ${effect}.` }];
  });
}

function effectOf(key: string, value: string): string | undefined {
  return Object.hasOwn(SKIPS, key) ? SKIPS[key]?.(value) : undefined;
}

function at(effect: string, ...values: string[]): Effect {
  return (value) => (values.includes(value) ? effect : undefined);
}
