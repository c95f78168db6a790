/** What tells an object apart from others; the version does not. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Kinds of the webhook engine that are in no namespace, as `group/kind`. */
const CLUSTER_SCOPED = new Set([
  '/Namespace',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
]);

/**
 * What makes two objects one in a cluster: group, kind, namespace and name.
 *
 * Where a kind is in no namespace, one that is written all the same counts for nothing, as for those who apply it.
 */
export function objectKey({ apiVersion, kind, metadata: { name, namespace = '' } }: ObjectIdentity): string {
  return [groupKind(apiVersion, kind), isClusterScoped({ apiVersion, kind }) ? '' : namespace, name].join('|');
}

/** Whether a kind is known to be in no namespace. */
export function isClusterScoped({ apiVersion, kind }: Pick<ObjectIdentity, 'apiVersion' | 'kind'>): boolean {
  return CLUSTER_SCOPED.has(groupKind(apiVersion, kind));
}

function groupKind(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}/${kind}`;
}
