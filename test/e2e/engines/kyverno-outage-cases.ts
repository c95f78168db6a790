import { deepStrictEqual, ok } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../../../lib/engines/manifest';
import type { ApiAnswer, KubernetesObject } from '../harness/api';
import { accepted, type Cluster } from '../harness/cluster';
import { KYVERNO_DEPLOYMENT, KYVERNO_NAMESPACE } from '../harness/kyverno-installation';
import type { Report } from '../harness/report';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import type { Fixture } from './fixture';
import type { KyvernoProcess } from './kyverno-process';
import { inNamespace } from './kyverno-scene';
import { podWith } from './pod';

const DOWN = 'failed calling webhook "ivpol.mutate.kyverno.svc-fail-finegrained-proofgate"';

/** Kyverno away, starting, with exceptions switched on, and scaled to nothing. */
export async function kyvernoOutageCases(report: Report, cluster: Cluster, kyverno: KyvernoProcess, { allowed, denied }: Fixture): Promise<void> {
  const { api } = cluster;
  const tried = (pod: Manifest): Promise<ApiAnswer> => api.create(pod, { dryRun: true });
  const namespace = allowed.pod.metadata.namespace ?? '';
  const stranger = podWith({ namespace, containers: [`ghcr.io/other/app@sha256:${'a1'.repeat(32)}`] });

  await report.case('while it is down nothing runs that it would have to judge, signed or not, and labels change', async () => {
    const pod = { ...allowed.pod, metadata: { name: 'before', namespace } };
    accepted(await api.create(pod));
    await kyverno.stop('SIGTERM');
    expectDenied(await tried(allowed.pod), DOWN);
    expectDenied(await tried(denied.pod), DOWN);
    expectAdmitted(await api.patch(pod, 'merge', { metadata: { labels: { team: 'shop' } } }, { dryRun: true }));
  });

  await report.case('while it starts, asked before it is ready, nothing runs that no policy names', async () => {
    let unsigned = 0;
    for (let round = 0; round < 3; round += 1) {
      await kyverno.launch();
      await kyverno.expose();
      const seen = await whileStarting([stranger, denied.pod], tried, () => until('it is back', async () => void expectAdmitted(await tried(allowed.pod)), kyverno.patience));
      deepStrictEqual(seen.get(stranger)?.filter(({ status }) => status < 300), []);
      unsigned += seen.get(denied.pod)?.filter(({ status }) => status < 300).length ?? 0;
      await kyverno.stop('SIGKILL');
    }
    console.log(`      unsigned images of a policy that ran in its first moments: ${unsigned}`);
  });

  await report.case('asked when its probe has succeeded twice, it admits nothing unsigned from the first request on', async () => {
    const seen = await whileStarting([denied.pod], tried, () => kyverno.start('--enablePolicyException=true').then(() => sleep(3_000)));
    const answers = seen.get(denied.pod) ?? [];
    deepStrictEqual(answers.filter(({ status }) => status < 300), []);
    ok(answers.some(({ message }) => message.includes('[NO_SIGNATURE]')));
    expectAdmitted(await tried(allowed.pod));
  });

  await report.case('with exceptions switched on, none can name the policy; one that could would let everything through', async () => {
    const exception = (policy: string, version = 'v1'): KubernetesObject => ({
      apiVersion: `policies.kyverno.io/${version}`, kind: 'PolicyException', metadata: { namespace: 'plain', name: 'all' },
      spec: { policyRefs: [{ name: policy, kind: 'ImageValidatingPolicy' }], matchConditions: [{ name: 'all', expression: 'true' }] },
    });
    const rename = (policy: string): Promise<ApiAnswer> => api.patch(exception(policy), 'merge', { spec: exception(policy)['spec'] });
    for (const version of ['v1', 'v1beta1', 'v1alpha1']) {
      expectDenied(await api.create(exception('everywhere', version), { dryRun: true }), 'No exception may name the policy everywhere');
      expectAdmitted(await api.create(exception('theirs', version), { dryRun: true }));
    }
    accepted(await api.create(exception('theirs')));
    expectDenied(await rename('everywhere'), 'No exception may name the policy everywhere');
    expectDenied(await tried(inNamespace(denied.pod, 'plain')), '[NO_SIGNATURE]');
    accepted(await api.send('DELETE', '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/everywhere-exceptions'));
    await until('nothing guards it', async () => void expectAdmitted(await rename('everywhere')));
    await until('the exception is seen', async () => void expectAdmitted(await tried(inNamespace(denied.pod, 'plain'))));
    expectDenied(await tried(inNamespace(stranger, 'plain')), '[UNMATCHED_IMAGE]');
    accepted(await api.delete(exception('everywhere')));
    await until('it is gone', async () => expectDenied(await tried(inNamespace(denied.pod, 'plain')), '[NO_SIGNATURE]'));
  });

  await report.case('scaled to nothing, it takes its webhooks away, and the floor goes on refusing what no policy names', async () => {
    const deployment: KubernetesObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: KYVERNO_NAMESPACE, name: KYVERNO_DEPLOYMENT } };
    accepted(await api.patch(deployment, 'merge', { spec: { replicas: 0 } }));
    await sleep(2_000);
    await kyverno.stop('SIGTERM');
    await until('its webhooks are gone', async () => void expectAdmitted(await tried(denied.pod)));
    expectDenied(await tried(stranger), '[UNMATCHED_IMAGE]');
    expectDenied(await tried(podWith({ namespace, containers: ['ghcr.io/acme/app:v1'] })), '[TAG_NOT_PINNED]');
  });
}

/** Every answer to these Pods, asked for without a pause until something is done. */
async function whileStarting(pods: readonly Manifest[], tried: (pod: Manifest) => Promise<ApiAnswer>, done: () => Promise<unknown>): Promise<Map<Manifest, ApiAnswer[]>> {
  const answers = new Map(pods.map((pod) => [pod, [] as ApiAnswer[]]));
  let isOver = false;
  const streams = pods.flatMap((pod) => [1, 2].map(async () => {
    while (!isOver) {
      answers.get(pod)?.push(await tried(pod));
    }
  }));
  try {
    await done();
  } finally {
    isOver = true;
    await Promise.all(streams);
  }
  return answers;
}
