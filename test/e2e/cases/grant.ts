import type { KubernetesApi, KubernetesObject } from '../harness/api';
import { accepted } from '../harness/cluster';

const RBAC = 'rbac.authorization.k8s.io';

/** Rights of a user in every namespace. @returns takes them away again */
export async function grant(api: KubernetesApi, user: string, rules: readonly object[]): Promise<() => Promise<void>> {
  const name = `${user}-${JSON.stringify(rules).length}`;
  const objects: KubernetesObject[] = [
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name }, subjects: [{ apiGroup: RBAC, kind: 'User', name: user }] },
  ];
  for (const object of objects) {
    accepted(await api.create(object));
  }
  return async () => {
    for (const object of objects) {
      accepted(await api.delete(object));
    }
  };
}
