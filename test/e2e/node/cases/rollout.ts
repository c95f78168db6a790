import assert from 'node:assert/strict';
import { NAMESPACE, verifierImage } from '../../cases/scene';
import { accepted } from '../../harness/cluster';
import type { Report } from '../../harness/report';
import { until } from '../../harness/until';
import { expectDenied } from '../../harness/verdict';
import type { Figures } from '../figures';
import { type NodeScene, ROLLOUT_MS } from '../scene';

/** The first apply, as docs/operations.md has it. */
export async function rolloutCases(report: Report, scene: NodeScene, figures: Figures): Promise<void> {
  await report.case('controllers, scheduler, containerd, kubelet and kube-proxy make a node that is ready', () => scene.join());
  await report.case('the command of the page pushes the very image that the file names', async () => {
    const said = await scene.pushVerifier();
    assert.ok(said.includes(verifierImage(scene.yaml)), `the file names ${verifierImage(scene.yaml)}; 'npm run image -- --pin' writes the digest of this source:\n${said}`);
  });
  await report.case('S07: the file of the example, unchanged and strictly validated, rolls out by digest beside a namespace of the restricted level', async () => {
    await scene.cluster.createNamespace(NAMESPACE);
    await until('controllers have made what each namespace has', async () => accepted(await scene.cluster.api.get({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: NAMESPACE, name: 'kube-root-ca.crt' } })));
    await scene.beforeInstallation();
    await scene.createRegistryAuthority();
    const started = performance.now();
    await scene.cluster.kubectl.apply(scene.yaml);
    await until('the API server knows the webhook', async () => expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook'));
    await scene.rolledOut();
    figures.add('first apply, until three replicas are available, their image pulled', `${((performance.now() - started) / 1000).toFixed(1)} s`);
    const pods = await scene.verifierPods();
    const image = verifierImage(scene.yaml);
    const seen = pods.map(({ spec, status }) => [spec.containers[0]?.image, status.containerStatuses?.[0]?.imageID, status.containerStatuses?.[0]?.restartCount]);
    assert.deepEqual(seen, [[image, image, 0], [image, image, 0], [image, image, 0]]);
  });
  await report.case('the replicas that run there admit a signed image, which then runs, and refuse an unsigned one', async () => {
    await scene.enforces();
    const pod = scene.pod(scene.images.signed);
    accepted(await scene.cluster.api.create(pod));
    await scene.kubectl(['--namespace', NAMESPACE, 'wait', '--for=condition=Ready', `--timeout=${ROLLOUT_MS / 1000}s`, `pod/${pod.metadata.name}`]);
  });
}
