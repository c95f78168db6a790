import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { NAMESPACE, VERIFIER } from '../../cases/scene';
import { accepted, type WebhookRouting } from '../../harness/cluster';
import type { Report } from '../../harness/report';
import { until } from '../../harness/until';
import { expectAdmitted, expectDenied } from '../../harness/verdict';
import type { Figures } from '../figures';
import { type NodeScene, ROLLOUT_MS } from '../scene';
import { expectClosed, expectUndisturbed, whileRequested } from '../traffic';
import { WORKLOADS } from '../workloads';

const PROCESS = '/app/verifier.cjs';
/** Longer than the API server waits for an answer, and shorter than three probes in vain, after which the kubelet starts a container again. */
const PARTITION_MS = 18_000;

/** What a cluster does when a part of it is gone: never an open door, and the way back needs nobody. */
export async function outageCases(report: Report, scene: NodeScene, figures: Figures): Promise<void> {
  const recovered = async (): Promise<void> => {
    await scene.rolledOut();
    await scene.enforces();
  };

  await report.case('one replica is killed: nothing unsigned is admitted, and its container is started again', async () => {
    const seen = await whileRequested(scene, () => figures.time('one of three replicas killed (kill -9), until all are ready', async () => {
      // One of a Pod that is going away has nobody to start it again.
      await until('only those of the three Pods run', () => assert.equal(scene.node.processes(PROCESS).length, 3));
      const [first] = scene.node.processes(PROCESS);
      process.kill(first ?? NaN, 'SIGKILL');
      await until('it is not ready', async () => assert.ok((await scene.verifierPods()).some(({ status }) => (status.containerStatuses?.[0]?.restartCount ?? 0) > 0)), { timeoutMs: ROLLOUT_MS });
      await recovered();
    }));
    figures.add('requests meanwhile', seen.figures);
  });
  await report.case('all replicas are killed at once: nothing is admitted meanwhile, and they are back without a hand', async () => {
    const seen = await whileRequested(scene, () => figures.time('all replicas killed at once, until signed images are admitted again', async () => {
      const all = scene.node.processes(PROCESS);
      assert.equal(all.length, 3);
      all.forEach((pid) => process.kill(pid, 'SIGKILL'));
      await until('a request is refused for want of an answer', async () => expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook'));
      await until('a signed image is admitted', async () => expectAdmitted(await scene.create(scene.images.signed, { dryRun: true })), { timeoutMs: ROLLOUT_MS });
    }));
    figures.add('requests meanwhile', seen.figures);
    expectClosed(seen);
    await recovered();
  });
  await report.case('all Pods of the verifier are deleted at once: their successors start, although what would be asked about them is not there', async () => {
    const seen = await whileRequested(scene, () => figures.time('all Pods of the verifier deleted at once, until signed images are admitted again', async () => {
      await scene.kubectl(['--namespace', VERIFIER.namespace, 'delete', 'pods', '--all', '--force', '--grace-period=0']);
      await until('a request is refused for want of an answer', async () => expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook'));
      await recovered();
    }));
    figures.add('requests meanwhile', seen.figures);
    expectClosed(seen);
  });
  await report.case('the network parts the verifier from the API server: everything is refused; healed, it is as before', async () => {
    const seen = await whileRequested(scene, async () => {
      scene.node.partPods();
      await sleep(PARTITION_MS);
      scene.node.joinPods();
      await figures.time(`a partition of ${PARTITION_MS / 1000} s, from its end until signed images are admitted`, recovered);
    });
    figures.add('requests meanwhile', seen.figures);
    expectClosed(seen);
  });
  await report.case('the registry goes away: what was verified is admitted, what nobody has seen refused with its reason until it is back', async () => {
    for (let time = 0; time < 12; time += 1) {
      expectAdmitted(await scene.create(scene.images.signed));
    }
    await scene.stopRegistry();
    for (let time = 0; time < 6; time += 1) {
      expectAdmitted(await scene.create(scene.images.signed, { dryRun: true }));
    }
    expectDenied(await scene.create(scene.images.late, { dryRun: true }), '[REGISTRY_UNAVAILABLE]');
    await scene.startRegistry();
    await figures.time('the registry is back, until an image that was not seen before is admitted', () => (
      until('it is admitted', async () => expectAdmitted(await scene.create(scene.images.late, { dryRun: true })), { timeoutMs: ROLLOUT_MS })
    ));
    await scene.kubectl(['--namespace', NAMESPACE, 'delete', 'pods', '--all', '--now']);
  });
  await report.case('the API server is killed and started again: it refuses what it cannot ask about, and asks from its first request on', async () => {
    const seen = await whileRequested(scene, () => figures.time('the API server killed and started again, until signed images are admitted', async () => {
      await scene.cluster.killServer();
      await scene.cluster.startServer('endpoints');
      await scene.enforces();
    }));
    figures.add('requests meanwhile', seen.figures);
    await recovered();
  });
  await report.case('the power fails: etcd, API server, containerd, kubelet and all containers end at once, and the cluster comes back by itself although the webhook fails closed', () => powerFails(scene, figures, 'endpoints'));
}

/** That also what has to be admitted anew, because its Pod is gone, runs in the end. */
async function powerFails(scene: NodeScene, figures: Figures, routing: WebhookRouting): Promise<void> {
  const { api } = scene.cluster;
  const deployment = WORKLOADS.find(({ kind }) => kind === 'Deployment')?.object(scene, scene.images.signed);
  assert.ok(deployment);
  accepted(await api.create(deployment));
  const name = `deployment/${deployment.metadata.name}`;
  await scene.rolledOut(name, NAMESPACE);
  await Promise.all([scene.node.crash(), scene.cluster.killServer(), scene.cluster.killEtcd()]);
  await figures.time('the power fails and comes back, until verifier and workloads are all available', async () => {
    scene.cluster.startEtcd();
    await scene.cluster.startServer(routing);
    expectDenied(await scene.create(scene.images.signed), 'failed calling webhook');
    expectDenied(await scene.create(scene.images.unsigned), 'failed calling webhook');
    // Its successor has to be admitted, which it cannot be yet.
    await scene.kubectl(['--namespace', NAMESPACE, 'delete', 'pods', '--all', '--force', '--grace-period=0']);
    await scene.node.boot();
    await scene.rolledOut();
    await scene.enforces();
    await scene.rolledOut(name, NAMESPACE);
  });
  await scene.kubectl(['--namespace', NAMESPACE, 'delete', name, '--now']);
}

/** The other way in which API servers reach webhooks: through the Service's address, where kube-proxy forwards. */
export async function serviceAddressCases(report: Report, scene: NodeScene, figures: Figures): Promise<void> {
  await report.case('through the Service\'s address, with kube-proxy away everything is refused, and with its rules a signed image is admitted and an unsigned one not', async () => {
    await scene.node.stopKubeProxy();
    await scene.cluster.killServer();
    await scene.cluster.startServer('service-address');
    expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook');
    await scene.node.startKubeProxy();
    await scene.enforces();
    await scene.rolledOut();
  });
  await report.case('through the Service\'s address, other policies roll out and no signed image is refused meanwhile', async () => {
    const seen = await whileRequested(scene, async () => {
      await scene.kubectl(['--namespace', VERIFIER.namespace, 'rollout', 'restart', `deployment/${VERIFIER.name}`]);
      await scene.rolledOut();
    });
    figures.add('requests during a rollout, through the Service\'s address', seen.figures);
    expectUndisturbed(seen);
  });
  await report.case('through the Service\'s address, all replicas killed at once: nothing is admitted meanwhile, and they are back without a hand', async () => {
    const seen = await whileRequested(scene, async () => {
      scene.node.processes(PROCESS).forEach((pid) => process.kill(pid, 'SIGKILL'));
      await until('a request is refused for want of an answer', async () => expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook'));
      await scene.rolledOut();
      await scene.enforces();
    });
    figures.add('requests meanwhile', seen.figures);
    expectClosed(seen);
  });
  await report.case('through the Service\'s address, the power fails and the cluster comes back by itself', () => powerFails(scene, figures, 'service-address'));
}
