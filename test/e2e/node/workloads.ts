import { type NamedObject, type NodeScene, podSpec } from './scene';

/** A kind by which an image gets to run. */
export interface Workload {
  readonly kind: string;
  readonly object: (scene: NodeScene, image: string) => NamedObject;
  /** What has to be in its `status` when the image has run, as kubectl's `wait --for=jsonpath` has it, without `.status`. */
  readonly ran: string;
}

/** Every kind whose controller, or kubelet, starts containers. */
export const WORKLOADS: readonly Workload[] = [
  // Starts at the next full minute, so it begins first and is waited for last.
  { kind: 'CronJob', ran: 'lastSuccessfulTime', object: (scene, image) => scene.object('batch/v1', 'CronJob', { schedule: '* * * * *', jobTemplate: { spec: job(image) } }) },
  { kind: 'Pod', ran: 'phase=Running', object: (scene, image) => scene.pod(image) },
  { kind: 'Deployment', ran: 'availableReplicas=1', object: (scene, image) => controlled(scene, 'apps/v1', 'Deployment', image) },
  { kind: 'StatefulSet', ran: 'availableReplicas=1', object: (scene, image) => controlled(scene, 'apps/v1', 'StatefulSet', image, { serviceName: 'none' }) },
  { kind: 'DaemonSet', ran: 'numberAvailable=1', object: (scene, image) => controlled(scene, 'apps/v1', 'DaemonSet', image) },
  { kind: 'ReplicaSet', ran: 'availableReplicas=1', object: (scene, image) => controlled(scene, 'apps/v1', 'ReplicaSet', image) },
  { kind: 'ReplicationController', ran: 'availableReplicas=1', object: (scene, image) => controlled(scene, 'v1', 'ReplicationController', image) },
  { kind: 'Job', ran: 'succeeded=1', object: (scene, image) => scene.object('batch/v1', 'Job', job(image)) },
];

function controlled(scene: NodeScene, apiVersion: string, kind: string, image: string, more: object = {}): NamedObject {
  const object = scene.object(apiVersion, kind, {});
  const labels = { app: object.metadata.name };
  const selector = kind === 'ReplicationController' ? labels : { matchLabels: labels };
  return { ...object, spec: { selector, template: { metadata: { labels }, spec: podSpec(image) }, ...more } };
}

function job(image: string): object {
  return { template: { spec: { ...podSpec(image, { command: ['/bin/busybox', 'true'] }), restartPolicy: 'Never' } } };
}
