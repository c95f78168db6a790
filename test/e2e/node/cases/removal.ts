import assert from 'node:assert/strict';
import { NAMESPACE, VERIFIER } from '../../cases/scene';
import type { Report } from '../../harness/report';
import { until } from '../../harness/until';
import { expectAdmitted, expectDenied } from '../../harness/verdict';
import { type NodeScene, ROLLOUT_MS } from '../scene';

const WEBHOOKS = /^kind: (Validating|Mutating)WebhookConfiguration$/m;

/** Taking it away, in orders that people and tools choose: it ends, leaves nothing, and the cluster can be used. */
export async function removalCases(report: Report, scene: NodeScene): Promise<void> {
  const objects = scene.yaml.split('---\n');
  const isWebhook = (text: string): boolean => WEBHOOKS.test(text);
  const remove = (texts: readonly string[], ...flags: string[]): Promise<string> => (
    scene.kubectl(['delete', '--timeout=90s', ...flags, '--filename=-'], texts.join('---\n'))
  );
  const install = async (): Promise<void> => {
    await scene.createRegistryAuthority();
    await scene.cluster.kubectl.apply(scene.yaml);
    await scene.rolledOut();
    await scene.enforces();
  };

  await report.case('kubectl delete -f, as the file stands, takes everything away, and then any image runs', async () => {
    await remove(objects);
    await expectNothingLeft(scene);
    await expectOpen(scene);
  });
  await report.case('webhook configurations first, then the rest, as the page has it: at no time is a signed image refused', async () => {
    await install();
    const admitted = async (): Promise<void> => {
      expectAdmitted(await scene.create(scene.images.signed, { dryRun: true }));
    };
    await remove(objects.filter(isWebhook));
    await admitted();
    await remove(objects, '--ignore-not-found');
    await admitted();
    await expectNothingLeft(scene);
    await expectOpen(scene);
  });
  await report.case('the namespace first: it ends, images are refused as long as the webhook configurations stay, and deleting those opens the cluster', async () => {
    await install();
    await scene.kubectl(['delete', 'namespace', VERIFIER.namespace, '--timeout=90s']);
    await until('nobody answers any more', async () => expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook'));
    expectDenied(await scene.create(scene.images.unsigned, { dryRun: true }), 'failed calling webhook');
    await scene.kubectl(['--namespace', NAMESPACE, 'delete', 'pods', '--all', '--now']);
    await remove(objects, '--ignore-not-found');
    await expectNothingLeft(scene);
    await expectOpen(scene);
  });
  await report.case('the namespace first, by mistake: the same file brings enforcement back, without anything opened in between', async () => {
    await install();
    await scene.kubectl(['delete', 'namespace', VERIFIER.namespace, '--timeout=90s']);
    await until('nobody answers any more', async () => expectDenied(await scene.create(scene.images.unsigned, { dryRun: true }), 'failed calling webhook'));
    await install();
    expectDenied(await scene.create(scene.images.unsigned, { dryRun: true }), '[NO_SIGNATURE]');
  });
  await report.case('from the last object to the first, as tools prune: everything goes', async () => {
    for (const object of objects.toReversed()) {
      await remove([object], '--ignore-not-found');
    }
    await expectNothingLeft(scene);
    await expectOpen(scene);
  });
}

async function expectNothingLeft(scene: NodeScene): Promise<void> {
  await until('all is as before the first apply', async () => assert.deepEqual(await scene.leftOver(), []), { timeoutMs: ROLLOUT_MS });
}

/** That an unsigned image not only is admitted but runs. */
async function expectOpen(scene: NodeScene): Promise<void> {
  const pod = scene.pod(scene.images.unsigned);
  await until('an unsigned image is admitted', async () => expectAdmitted(await scene.cluster.api.create(pod)));
  const name = `pod/${pod.metadata.name}`;
  await scene.kubectl(['--namespace', NAMESPACE, 'wait', '--for=condition=Ready', `--timeout=${ROLLOUT_MS / 1000}s`, name]);
  await scene.kubectl(['--namespace', NAMESPACE, 'delete', name, '--now']);
}
