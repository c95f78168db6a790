import assert from 'node:assert/strict';
import { VERIFIER, verifierImage } from '../../cases/scene';
import type { Report } from '../../harness/report';
import { until } from '../../harness/until';
import { expectAdmitted, expectDenied } from '../../harness/verdict';
import type { Figures } from '../figures';
import { type NodeScene, ROLLOUT_MS } from '../scene';
import { expectUndisturbed, whileRequested } from '../traffic';

/** Changes that an operator makes, while requests go on. */
export async function changeCases(report: Report, scene: NodeScene, figures: Figures): Promise<void> {
  const { kubectl } = scene.cluster;
  const apply = async (yaml: string): Promise<void> => {
    await kubectl.apply(yaml);
    await scene.rolledOut();
  };

  await report.case('another trust root rolls out: what it vouches for is admitted from then on, no unsigned image meanwhile, and no signed one is refused', async () => {
    expectDenied(await scene.create(scene.images.partner, { dryRun: true }), scene.images.partner);
    const seen = await whileRequested(scene, () => figures.time('rollout of other policies, three replicas', () => apply(scene.yamlWithPartner)));
    await onEveryReplica(async () => expectAdmitted(await scene.create(scene.images.partner, { dryRun: true })));
    figures.add('requests during that rollout', seen.figures);
    expectUndisturbed(seen);
  });
  await report.case('the file of before takes it back: what only that trust root vouched for is refused again, although it was admitted', async () => {
    expectAdmitted(await scene.create(scene.images.partner));
    expectUndisturbed(await whileRequested(scene, () => apply(scene.yaml)));
    await onEveryReplica(async () => expectDenied(await scene.create(scene.images.partner, { dryRun: true }), scene.images.partner));
  });
  await report.case('S09: an earlier version of the verifier is replaced by this one, while no unsigned image is admitted and no signed one refused', async () => {
    await apply(await scene.pushEarlierVerifier());
    const seen = await whileRequested(scene, () => figures.time('upgrade of the verifier, three replicas', () => apply(scene.yaml)));
    figures.add('requests during that upgrade', seen.figures);
    expectUndisturbed(seen);
    assert.deepEqual([...new Set(await runningImages(scene))], [verifierImage(scene.yaml)]);
  });
  await report.case('rollout undo does not bring the earlier version back: the guard admits only the image that was applied last, enforcement goes on, and the file can be applied again', async () => {
    await scene.kubectl(['--namespace', VERIFIER.namespace, 'delete', 'events', '--all']);
    await scene.kubectl(['--namespace', VERIFIER.namespace, 'rollout', 'undo', `deployment/${VERIFIER.name}`]);
    await until('the guard has refused it', async () => {
      const events = await scene.kubectl(['--namespace', VERIFIER.namespace, 'get', 'events', '--output=jsonpath={.items[*].message}']);
      assert.ok(events.includes('may run in this namespace'), events);
    });
    await scene.enforces();
    assert.deepEqual([...new Set(await runningImages(scene))], [verifierImage(scene.yaml)]);
    // What undo wrote belongs to its user from then on, as everything does that is not applied.
    await scene.kubectl(['apply', '--server-side', '--force-conflicts', '--validate=strict', '--filename=-'], scene.yaml);
    await scene.rolledOut();
  });

  /** A request is answered by any of them: when all agree for a while, all have it. */
  async function onEveryReplica(check: () => Promise<unknown>): Promise<void> {
    await until('all replicas agree', async () => {
      for (let time = 0; time < 12; time += 1) {
        await check();
      }
    }, { timeoutMs: ROLLOUT_MS });
  }
}

async function runningImages(scene: NodeScene): Promise<string[]> {
  return (await scene.verifierPods()).filter(({ status }) => status.phase === 'Running').map(({ spec }) => spec.containers[0]?.image ?? '');
}
