import assert from 'node:assert/strict';
import { NAMESPACE } from '../../cases/scene';
import { accepted } from '../../harness/cluster';
import type { Report } from '../../harness/report';
import { until } from '../../harness/until';
import { expectDenied } from '../../harness/verdict';
import { type NodeScene, ROLLOUT_MS } from '../scene';
import { WORKLOADS } from '../workloads';

/** What may run does run, whatever kind brings it; what may not does not. */
export async function workloadCases(report: Report, scene: NodeScene): Promise<void> {
  const { api } = scene.cluster;
  const started = new Map<string, string>();
  for (const { kind, object } of WORKLOADS) {
    await report.case(`a ${kind} of an unsigned image is refused, of a signed one taken`, async () => {
      expectDenied(await api.create(object(scene, scene.images.unsigned)), '[NO_SIGNATURE]');
      const signed = object(scene, scene.images.signed);
      accepted(await api.create(signed));
      started.set(kind, signed.metadata.name);
    });
  }
  for (const { kind, ran } of WORKLOADS.toReversed()) {
    await report.case(`the signed image of that ${kind} runs`, async () => {
      const name = started.get(kind);
      assert.ok(name, 'it was never created');
      await scene.kubectl(['--namespace', NAMESPACE, 'wait', `--for=jsonpath={.status.${ran.replace(/=|$/, '}$&')}`, `--timeout=${ROLLOUT_MS / 1000}s`, `${kind.toLowerCase()}/${name}`]);
    });
  }
  await report.case('no Pod of the guarded namespace has an image that is not signed', async () => {
    const { items } = accepted(await api.send('GET', `/api/v1/namespaces/${NAMESPACE}/pods`)) as unknown as { items: ReadonlyArray<{ spec: { containers: ReadonlyArray<{ image: string }> } }> };
    assert.deepEqual([...new Set(items.flatMap(({ spec }) => spec.containers.map(({ image }) => image)))], [scene.images.signed]);
  });
  await report.case('kubectl debug brings a signed image into a running Pod, and no unsigned one', async () => {
    const pod = started.get('Pod') ?? '';
    const debug = (container: string, image: string): ReturnType<typeof scene.cluster.kubectl.run> => (
      scene.cluster.kubectl.run(['--namespace', NAMESPACE, 'debug', pod, `--container=${container}`, `--image=${image}`, '--', '/bin/busybox', 'sleep', '60'])
    );
    const { code, stderr } = await debug('unsigned', scene.images.unsigned);
    assert.equal(code, 1);
    assert.ok(stderr.includes('[NO_SIGNATURE]'), stderr);
    assert.deepEqual((await debug('signed', scene.images.alsoSigned)).code, 0);
    await until('it runs', async () => {
      const { status } = accepted(await api.get({ apiVersion: 'v1', kind: 'Pod', metadata: { name: pod, namespace: NAMESPACE } })) as unknown as { status: { ephemeralContainerStatuses?: ReadonlyArray<{ name: string; state: object }> } };
      assert.deepEqual(status.ephemeralContainerStatuses?.map(({ name, state }) => [name, Object.keys(state)]), [['signed', ['running']]]);
    }, { timeoutMs: ROLLOUT_MS });
  });
  await report.case('all of it ends by ordinary deletion', async () => {
    for (const { kind } of WORKLOADS) {
      await scene.kubectl(['--namespace', NAMESPACE, 'delete', kind.toLowerCase(), '--all', '--now', '--wait=true', '--timeout=60s']);
    }
  });
}
