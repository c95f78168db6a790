import type { ApiAnswer, KubernetesObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import { expectAdmitted } from '../harness/verdict';

/** What the API server says of a Pod; a container for debugging joins one that is there. */
export async function asked({ api }: Cluster, pod: KubernetesObject): Promise<ApiAnswer> {
  const { ephemeralContainers, ...spec } = pod['spec'] as { readonly ephemeralContainers?: unknown };
  if (ephemeralContainers === undefined) {
    return api.create(pod, { dryRun: true });
  }
  const stored = expectAdmitted(await api.create({ ...pod, spec }));
  const answer = await api.update({ ...stored, spec: { ...stored['spec'] as object, ephemeralContainers } }, { subresource: 'ephemeralcontainers', dryRun: true });
  await api.send('DELETE', `/api/v1/namespaces/${stored.metadata.namespace}/pods/${stored.metadata.name}?gracePeriodSeconds=0`);
  return answer;
}
