import type { KubernetesObject } from '../harness/api';
import type { Report } from '../harness/report';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import type { Scene } from './scene';

/** Every place in every kind that makes a node pull an image. */
export async function positionCases(report: Report, scene: Scene): Promise<void> {
  const { api } = scene.cluster;
  for (const [claim, build] of positions(scene)) {
    await report.case(`${claim} with an unsigned image is refused, with a signed one admitted`, async () => {
      expectDenied(await api.create(build(scene.images.unsigned)), '[NO_SIGNATURE]');
      expectDenied(await api.create(build(scene.images.unsigned), { dryRun: true }), '[NO_SIGNATURE]');
      expectAdmitted(await api.create(build(scene.images.okTool)));
    });
  }

  const running = scene.pod([scene.images.okTool]);
  await report.case('an unsigned ephemeral container is refused, a signed one admitted', async () => {
    const stored = expectAdmitted(await api.create(running)) as KubernetesObject & { readonly spec: object };
    const debug = (image: string): KubernetesObject => ({ ...stored, spec: { ...stored.spec, ephemeralContainers: [{ name: 'debug', image }] } });
    expectDenied(await api.update(debug(scene.images.unsigned), { subresource: 'ephemeralcontainers' }), '[NO_SIGNATURE]');
    expectAdmitted(await api.update(debug(scene.images.okTool), { subresource: 'ephemeralcontainers' }));
  });
  await report.case('an update to an unsigned image is refused, to a signed one admitted', async () => {
    const patch = (image: string): object => ({ spec: { containers: [{ name: 'c0', image }] } });
    expectDenied(await api.patch(running, 'strategic-merge', patch(scene.images.unsigned)), '[NO_SIGNATURE]');
    expectAdmitted(await api.patch(running, 'strategic-merge', patch(scene.images.okOtherTool)));
  });
  const deployment = workload(scene, 'Deployment', scene.images.okTool);
  await report.case('an update of a Deployment to an unsigned image is refused, to a signed one admitted', async () => {
    expectAdmitted(await api.create(deployment));
    const patch = (image: string): object => ({ spec: { template: { spec: { containers: [container(image)] } } } });
    expectDenied(await api.patch(deployment, 'strategic-merge', patch(scene.images.unsigned)), '[NO_SIGNATURE]');
    expectAdmitted(await api.patch(deployment, 'strategic-merge', patch(scene.images.okOtherTool)));
  });
}

type Position = readonly [claim: string, object: (image: string) => KubernetesObject];

function positions(scene: Scene): readonly Position[] {
  const signed = scene.images.okTool;
  const job = (image: string): object => ({ template: { spec: { restartPolicy: 'Never', containers: [container(image)] } } });
  return [
    ['an init container', (image) => scene.pod([signed], { initContainers: [container(image)] })],
    ['a sidecar', (image) => scene.pod([signed], { initContainers: [container(image, { restartPolicy: 'Always' })] })],
    ['an image volume', (image) => scene.pod([signed], { volumes: [{ name: 'v', image: { reference: image } }] })],
    ...['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet'].map((kind): Position => [`a ${kind}`, (image) => workload(scene, kind, image)]),
    ['a ReplicationController', (image) => scene.object('v1', 'ReplicationController', { selector: { app: 'x' }, template: template(image) })],
    ['a Job', (image) => scene.object('batch/v1', 'Job', job(image))],
    ['a CronJob', (image) => scene.object('batch/v1', 'CronJob', { schedule: '0 0 * * *', jobTemplate: { spec: job(image) } })],
    ['a PodTemplate', (image) => ({ apiVersion: 'v1', kind: 'PodTemplate', metadata: scene.metadata(), template: template(image) })],
  ];
}

function workload(scene: Scene, kind: string, image: string): KubernetesObject {
  const more = kind === 'StatefulSet' ? { serviceName: 'x' } : {};
  return scene.object('apps/v1', kind, { selector: { matchLabels: { app: 'x' } }, template: template(image), ...more });
}

function template(image: string): object {
  return { metadata: { labels: { app: 'x' } }, spec: { containers: [container(image)] } };
}

function container(image: string, more: object = {}): object {
  return { name: 'other', image, ...more };
}
