/** The kinds that the webhook engine writes, each with the one group and version it writes them in. */
const API_VERSIONS: ReadonlyMap<string, string> = new Map([
  ['Certificate', 'cert-manager.io/v1'],
  ['ClusterRole', 'rbac.authorization.k8s.io/v1'],
  ['ClusterRoleBinding', 'rbac.authorization.k8s.io/v1'],
  ['ConfigMap', 'v1'],
  ['Deployment', 'apps/v1'],
  ['MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
  ['Namespace', 'v1'],
  ['NetworkPolicy', 'networking.k8s.io/v1'],
  ['PodDisruptionBudget', 'policy/v1'],
  ['Role', 'rbac.authorization.k8s.io/v1'],
  ['RoleBinding', 'rbac.authorization.k8s.io/v1'],
  ['Secret', 'v1'],
  ['Service', 'v1'],
  ['ServiceAccount', 'v1'],
  ['ValidatingAdmissionPolicy', 'admissionregistration.k8s.io/v1'],
  ['ValidatingAdmissionPolicyBinding', 'admissionregistration.k8s.io/v1'],
  ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
]);

/** Group and version in which the engine writes a kind; `undefined` for a kind that it does not write. */
export function apiVersionOf(kind: unknown): string | undefined {
  return API_VERSIONS.get(typeof kind === 'string' ? kind : '');
}

/** The kinds that are in no namespace, of all that any engine writes or asks about, by group; the API server drops a namespace that is written. */
const CLUSTER_SCOPED: ReadonlyMap<string, readonly string[]> = new Map([
  ['', ['Namespace']],
  ['admissionregistration.k8s.io', ['MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration']],
  ['kyverno.io', ['ClusterPolicy']],
  ['policies.kyverno.io', ['ImageValidatingPolicy']],
  ['policy.sigstore.dev', ['ClusterImagePolicy', 'TrustRoot']],
  ['rbac.authorization.k8s.io', ['ClusterRole', 'ClusterRoleBinding']],
]);

/** Whether a kind is known to be in no namespace, in whatever version of its group. */
export function isClusterScoped({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return CLUSTER_SCOPED.get(groupOf(apiVersion))?.includes(kind) ?? false;
}

/** Group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
