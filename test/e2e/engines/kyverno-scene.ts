import { cannotExpress } from '../../../lib/refusals';
import type { ImagePolicy } from '../../../lib/policy/document';
import type { Manifest } from '../../../lib/engines/manifest';
import type { Fixture } from './fixture';
import type { Question } from './engine';

/** What stands before a refusal by Kyverno's webhook for the policy `proofgate`. */
export const REFUSED = 'admission webhook "ivpol.validate.kyverno.svc-fail-finegrained-proofgate" denied the request: Policy proofgate failed: ';

/** Fixtures that are asked of one installed policy, each of their policies in a namespace of its own. */
export interface Scene {
  readonly documents: readonly ImagePolicy[];
  readonly namespaces: readonly string[];
  readonly fixtures: readonly Fixture[];
}

/** Those fixtures whose policy Kyverno can express and that do not say themselves where it holds. */
export function sceneOf(fixtures: readonly Fixture[]): Scene {
  const documents = new Map<string, ImagePolicy>();
  const placed = ({ policy, pod, ...rest }: Question): Question => {
    const key = JSON.stringify(policy);
    const found = documents.get(key) ?? documentOf(policy, documents.size);
    documents.set(key, found);
    return { ...rest, policy: found, pod: inNamespace(pod, namespaceOf(found)) };
  };
  const asked = fixtures
    .filter(({ allowed, denied }) => [allowed, denied].every(({ policy }) => policy.spec.namespaces === undefined && cannotExpress('kyverno', policy).length === 0))
    .map((fixture) => ({ ...fixture, allowed: placed(fixture.allowed), denied: placed(fixture.denied) }));
  return { documents: [...documents.values()], namespaces: [...documents.values()].map(namespaceOf), fixtures: asked };
}

/** The same Pod elsewhere. */
export function inNamespace(pod: Manifest, namespace: string): Manifest {
  return { ...pod, metadata: { ...pod.metadata, namespace } };
}

/** As one file. */
export function yaml(objects: readonly Manifest[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

function documentOf(policy: ImagePolicy, index: number): ImagePolicy {
  return { ...policy, metadata: { name: `acme-${index}` }, spec: { ...policy.spec, namespaces: { names: [`shop-${index}`] } } };
}

function namespaceOf({ metadata: { name } }: ImagePolicy): string {
  return name.replace('acme', 'shop');
}
