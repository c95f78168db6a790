import { Fields, fieldsOf, list } from './fields';
import { KubernetesObject, Observation, Subject } from './rule';

/** A ClusterImagePolicy of policy-controller, whoever wrote it. */
export interface ForeignImagePolicy {
  readonly object: KubernetesObject;
  readonly spec: Fields;
  readonly authorities: ReadonlyArray<{ readonly path: string; readonly authority: Fields }>;
}

/** What a rule finds in one object. */
export type Found = ReadonlyArray<Omit<Observation, 'object'>>;

/** By kind alone: it is served under several versions. */
export function clusterImagePolicies({ objects }: Subject): ForeignImagePolicy[] {
  return objects.filter((object) => isOfPolicyController(object, 'ClusterImagePolicy')).map((object) => {
    const spec = fieldsOf(object.content.spec);
    return { object, spec, authorities: list(spec.authorities).map((authority, index) => ({ path: `spec.authorities[${index}]`, authority: fieldsOf(authority) })) };
  });
}

/** What speaks against policies, each found in one of them. */
export function inClusterImagePolicies(subject: Subject, find: (policy: ForeignImagePolicy) => Found): Observation[] {
  return clusterImagePolicies(subject).flatMap((policy) => find(policy).map((found) => ({ object: policy.object.id, ...found })));
}

export function isOfPolicyController({ apiVersion, content }: KubernetesObject, kind: string): boolean {
  return content.kind === kind && apiVersion.startsWith('policy.sigstore.dev/');
}

/** Every module that policy-controller evaluates, with its place. */
export function modulesOf({ spec, authorities }: ForeignImagePolicy): Array<{ readonly path: string; readonly module: Fields; readonly ofPolicy: boolean }> {
  return [
    ...spec.policy === undefined ? [] : [{ path: 'spec.policy', module: fieldsOf(spec.policy), ofPolicy: true }],
    ...authorities.flatMap(({ path, authority }) => list(authority.attestations).map(fieldsOf).flatMap(({ policy }, index) => (
      policy === undefined ? [] : [{ path: `${path}.attestations[${index}].policy`, module: fieldsOf(policy), ofPolicy: false }]
    ))),
  ];
}

/** Identities of a keyless authority with their place. */
export function identitiesOf({ authorities }: ForeignImagePolicy): Array<{ readonly path: string; readonly identity: Fields }> {
  return authorities.flatMap(({ path, authority }) => list(fieldsOf(authority.keyless).identities).map((identity, index) => ({ path: `${path}.keyless.identities[${index}]`, identity: fieldsOf(identity) })));
}
