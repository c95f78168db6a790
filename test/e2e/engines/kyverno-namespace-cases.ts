import type { Engine } from '../../../lib/engines/engine';
import { kyvernoEngine } from '../../../lib/engines/kyverno';
import type { NamespaceSelection } from '../../../lib/policy/document';
import type { ApiAnswer } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import { KYVERNO_NAMESPACE } from '../harness/kyverno-installation';
import type { Report } from '../harness/report';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import type { Fixture } from './fixture';
import { KYVERNO_VERSION } from './kyverno';
import type { KyvernoProcess } from './kyverno-process';
import { inNamespace, yaml } from './kyverno-scene';
import { podWith } from './pod';

/** Which namespaces a policy is about: by label, and all but some. */
export async function kyvernoNamespaceCases(
  report: Report, cluster: Cluster, kyverno: KyvernoProcess, { allowed, denied }: Fixture, others: readonly string[],
): Promise<void> {
  const { api, kubectl } = cluster;
  const good = (namespace: string): Promise<ApiAnswer> => api.create(inNamespace(allowed.pod, namespace), { dryRun: true });
  const bad = (namespace: string): Promise<ApiAnswer> => api.create(inNamespace(denied.pod, namespace), { dryRun: true });
  const engine = (name: string): Engine => kyvernoEngine({ name, version: KYVERNO_VERSION, namespace: KYVERNO_NAMESPACE, timeoutSeconds: 30 });
  const apply = (name: string, namespaces: NamespaceSelection): Promise<string> => {
    const document = { ...allowed.policy, metadata: { name }, spec: { ...allowed.policy.spec, namespaces } };
    return kubectl.apply(yaml(engine(name).render({ documents: [document], trustRoots: [] })));
  };

  await report.case('a policy by labels holds where they are, and nowhere else', async () => {
    await cluster.createNamespace('labelled', { team: 'labelled' });
    await cluster.createNamespace('plain');
    await apply('labelled', { labels: { team: 'labelled' } });
    await until('it is asked', async () => expectDenied(await bad('labelled'), '[NO_SIGNATURE]'), kyverno.patience);
    expectAdmitted(await good('labelled'));
    expectAdmitted(await bad('plain'));
  });

  await report.case('a policy for all namespaces but some holds in one that was made a moment ago', async () => {
    await cluster.createNamespace('except');
    await apply('everywhere', { except: ['kube-system', 'except', 'labelled', ...others] });
    await until('it is asked', async () => expectDenied(await bad('plain'), '[NO_SIGNATURE]'), kyverno.patience);
    await cluster.createNamespace('new');
    expectDenied(await bad('new'), '[NO_SIGNATURE]');
    expectAdmitted(await good('new'));
    expectAdmitted(await bad('except'));
  });

  await report.case('Kyverno admits whatever comes to kube-public and kube-node-lease, and the floor refuses it there', async () => {
    for (const namespace of ['kube-public', 'kube-node-lease']) {
      await cluster.createDefaultServiceAccount(namespace);
      await until('the floor is in force', async () => expectDenied(await good(namespace), '[UNSUPPORTED] Kyverno, as it is installed, admits whatever comes'));
      expectDenied(await bad(namespace), '[UNSUPPORTED] Kyverno, as it is installed, admits whatever comes');
    }
  });

  await report.case('Kyverno does not look at what the group system:nodes asks for, and the floor refuses what no policy names', async () => {
    const kubelet = api.as('ada', ['system:masters', 'system:nodes']);
    const stranger = podWith({ namespace: 'plain', containers: [`ghcr.io/other/app@sha256:${'a1'.repeat(32)}`] });
    expectAdmitted(await kubelet.create(inNamespace(denied.pod, 'plain'), { dryRun: true }));
    expectDenied(await api.as('ada', ['system:masters']).create(inNamespace(denied.pod, 'plain'), { dryRun: true }), '[NO_SIGNATURE]');
    expectDenied(await kubelet.create(stranger, { dryRun: true }), '[UNMATCHED_IMAGE]');
  });
}
