import { PulledRegistry, PullRights, pullRights } from '../kubernetes/pull-rights';
import { CONTENT_KEYS } from '../kubernetes/labels';
import { fieldsOf, texts } from './fields';
import { KubernetesObject, Subject } from './rule';
import { mountedConfigMaps, valuesOf, Verifier, verifiers } from './verifiers';

/** Whether a role may be for reading Secrets of these names. */
export type GrantedSecrets = (role: KubernetesObject, names: readonly unknown[]) => boolean;

/**
 * What the registry configurations of the verifiers, together with their policies, make it necessary to read.
 *
 * A role that is judged without any verifier beside it, as by a policy pack resource by resource, is only held to naming the Secrets.
 */
export function grantedSecrets(subject: Subject): GrantedSecrets {
  const all = verifiers(subject);
  const rights = all.map((verifier) => rightsOf(verifier, subject));
  return ({ kind, namespace }, names) => names.length > 0 && names.every((name) => typeof name === 'string' && (all.length === 0 || rights.some(({ everywhere, within }) => (
    kind === 'ClusterRole' ? everywhere : within.get(namespace) ?? []
  ).includes(name))));
}

function rightsOf(verifier: Verifier, { objects, documents }: Subject): PullRights {
  const { namespace } = verifier.object;
  const files = valuesOf(verifier.args, '--registry-config');
  const names = mountedConfigMaps(verifier).filter(({ folder }) => files.some((file) => file.startsWith(`${folder}/`))).map(({ configMap }) => configMap);
  const configs = objects.filter((object) => object.kind === 'ConfigMap' && object.namespace === namespace && names.includes(object.name));
  return pullRights(
    documents.filter(({ source }) => source.kind === 'ConfigMap' && source.namespace === namespace).map(({ document }) => document),
    configs.flatMap(({ content }) => pulledIn(fieldsOf(content.data)[CONTENT_KEYS.registries])),
  );
}

function pulledIn(text: unknown): PulledRegistry[] {
  let config: unknown;
  try {
    config = JSON.parse(typeof text === 'string' ? text : '');
  } catch {
    // Not what the synthesis writes: it grants nothing.
    return [];
  }
  return Object.entries(fieldsOf(config)).map(([host, settings]) => ({ host, pullSecrets: texts(fieldsOf(settings).pullSecrets) }));
}
