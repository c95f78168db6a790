import { WORKLOADS } from './workloads';

/** One entry of `rules` in a webhook configuration or of `resourceRules` in an admission policy. */
export interface AdmissionRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly Operation[];
  readonly resources: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster' | '*';
}

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/**
 * Subresources through which a Pod's containers change, beside `pods` itself.
 *
 * `pods/resize` keeps the images today; it is listed because that is the API server's promise and not ours, and an unchanged image
 * costs no look-up. `scale`, `status`, `binding` and `eviction` carry no images.
 */
export const POD_SUBRESOURCES = ['ephemeralcontainers', 'resize'] as const;

/** What every webhook entry and the guard must be called for: each workload kind, on CREATE and UPDATE. */
export function workloadRules(): AdmissionRule[] {
  const groups = [...new Set(WORKLOADS.map((workload) => workload.group))].sort();
  return groups.map((group) => {
    const members = WORKLOADS.filter((workload) => workload.group === group);
    return {
      apiGroups: [group],
      apiVersions: [...new Set(members.map((workload) => workload.version))].sort(),
      operations: ['CREATE', 'UPDATE'],
      resources: members.flatMap((workload) => withSubresources(workload.resource)).sort(),
      scope: 'Namespaced',
    };
  });
}

/** What the pinning webhook is called for: Pods alone, since templates belong to those who wrote them. */
export function pinningRules(): AdmissionRule[] {
  const pods = { apiGroups: [''], apiVersions: ['v1'], scope: 'Namespaced' } as const;
  return [
    { apiGroups: pods.apiGroups, apiVersions: pods.apiVersions, operations: ['CREATE', 'UPDATE'], resources: ['pods'], scope: pods.scope },
    { apiGroups: pods.apiGroups, apiVersions: pods.apiVersions, operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'], scope: pods.scope },
  ];
}

function withSubresources(resource: string): string[] {
  return resource === 'pods' ? [resource, ...POD_SUBRESOURCES.map((subresource) => `${resource}/${subresource}`)] : [resource];
}
