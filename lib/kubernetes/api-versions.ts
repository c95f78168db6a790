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

/** Those of them that are in no namespace; the API server drops one that is written. */
export const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'ClusterRole', 'ClusterRoleBinding', 'MutatingWebhookConfiguration', 'Namespace', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration',
]);

/** Group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
