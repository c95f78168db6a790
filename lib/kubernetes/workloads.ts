/** A built-in kind that holds a Pod specification. */
export interface Workload {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, as in admission rules. */
  readonly resource: string;
  readonly kind: string;
  /** Fields that lead from the object to its Pod specification. */
  readonly podSpecPath: readonly string[];
}

/**
 * Pod and the eight built-in kinds with a Pod template. Their API versions are the stored ones; requests for older versions are converted
 * to these by `matchPolicy: Equivalent`.
 */
export const WORKLOADS: readonly Workload[] = [
  { group: '', version: 'v1', resource: 'pods', kind: 'Pod', podSpecPath: ['spec'] },
  { group: '', version: 'v1', resource: 'podtemplates', kind: 'PodTemplate', podSpecPath: ['template', 'spec'] },
  { group: '', version: 'v1', resource: 'replicationcontrollers', kind: 'ReplicationController', podSpecPath: ['spec', 'template', 'spec'] },
  { group: 'apps', version: 'v1', resource: 'daemonsets', kind: 'DaemonSet', podSpecPath: ['spec', 'template', 'spec'] },
  { group: 'apps', version: 'v1', resource: 'deployments', kind: 'Deployment', podSpecPath: ['spec', 'template', 'spec'] },
  { group: 'apps', version: 'v1', resource: 'replicasets', kind: 'ReplicaSet', podSpecPath: ['spec', 'template', 'spec'] },
  { group: 'apps', version: 'v1', resource: 'statefulsets', kind: 'StatefulSet', podSpecPath: ['spec', 'template', 'spec'] },
  { group: 'batch', version: 'v1', resource: 'cronjobs', kind: 'CronJob', podSpecPath: ['spec', 'jobTemplate', 'spec', 'template', 'spec'] },
  { group: 'batch', version: 'v1', resource: 'jobs', kind: 'Job', podSpecPath: ['spec', 'template', 'spec'] },
];
