import assert from 'node:assert/strict';
import type { KubernetesApi, KubernetesObject } from '../harness/api';
import { accepted } from '../harness/cluster';
import type { Report } from '../harness/report';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { grant } from './grant';
import { inVerifierNamespace, Scene, VERIFIER, verifierImage } from './scene';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: VERIFIER };
const CONFIGURATIONS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map((kind) => (
  { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: VERIFIER.name } }
));

/** What docs/operations.md says of changes, the emergency exit and the way back, and of taking it all away. */
export async function operationsCases(report: Report, scene: Scene): Promise<void> {
  const { api, kubectl } = scene.cluster;

  await report.case('who may change Deployments may scale and restart the verifier, and change it only who may update every webhook configuration, too', async () => {
    const everywhere = (user: string, group: string, resource: string): Promise<unknown> => grant(api, user, [{ apiGroups: [group], resources: [resource], verbs: ['*'] }]);
    await everywhere('dave', 'apps', 'deployments');
    await everywhere('erin', 'apps', 'deployments');
    await everywhere('erin', 'admissionregistration.k8s.io', 'validatingwebhookconfigurations');
    const change = (user: string, spec: object): ReturnType<KubernetesApi['patch']> => api.as(user).patch(DEPLOYMENT, 'strategic-merge', { spec }, { dryRun: true });
    const other = { template: { spec: { terminationGracePeriodSeconds: 31 } } };
    await until('RBAC knows of it', async () => expectAdmitted(await change('erin', other)));
    expectDenied(await change('dave', other), 'Only operators may change what runs in the verifier\'s namespace');
    expectAdmitted(await change('dave', { replicas: 4 }));
    expectAdmitted(await change('dave', { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01' } } } }));
    expectDenied(await api.as('dave').delete(CONFIGURATIONS[0]!), 'cannot delete resource "validatingwebhookconfigurations"');
  });
  await report.case('S09: with another version applied its image may run in the verifier\'s namespace and the earlier one may not; to go back is to apply the earlier file', async () => {
    const image = verifierImage(scene.yaml);
    const newer = image.replace(/[0-9a-f]{64}$/, '5'.repeat(64));
    const pod = (of: string): Promise<unknown> => api.create(inVerifierNamespace(scene, of), { dryRun: true });
    const allowed = async (may: string, mayNot: string): Promise<void> => {
      expectAdmitted(await pod(may) as never);
      expectDenied(await pod(mayNot) as never, 'may run in this namespace');
    };
    await allowed(image, newer);
    await kubectl.apply(scene.yaml.replaceAll(image, newer));
    await until('the guard has the new digest', () => allowed(newer, image));
    await kubectl.apply(scene.yaml);
    await until('the guard has the old digest', () => allowed(image, newer));
  });
  await report.case('P13: a verifier whose webhook configurations were changed or deleted says so again and again, and until they are back every image is admitted', async () => {
    expectDenied(await scene.create([scene.images.unsigned]), '[NO_SIGNATURE]');
    assert.ok(!scene.verifier.log().includes('expected \\"Fail\\"'), 'the log tells of a change before there was one');
    accepted(await api.patch(CONFIGURATIONS[0] as KubernetesObject, 'json', [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }]));
    await until('the verifier tells of the change', () => {
      assert.ok(scene.verifier.log().includes('failurePolicy is \\"Ignore\\", expected \\"Fail\\"'), 'the log does not tell of it');
    }, { timeoutMs: 30_000 });
    for (const configuration of CONFIGURATIONS) {
      await api.delete(configuration);
    }
    await until('an unsigned image is admitted', async () => expectAdmitted(await scene.create([scene.images.unsigned])));
    await until('the verifier says so', () => {
      assert.ok(scene.verifier.log().split('is missing"').length > 2, 'the log says it less than twice');
    }, { timeoutMs: 30_000 });
    expectDenied(await api.create(inVerifierNamespace(scene, scene.images.okTool)), 'may run in this namespace');
  });
  await report.case('after the emergency exit the same file brings back enforcement: refusal until the verifier answers, then by proof', async () => {
    await scene.verifier.stop();
    await kubectl.apply(scene.yaml);
    await until('a signed image is refused', async () => expectDenied(await scene.create([scene.images.okTool]), 'failed calling webhook'));
    await scene.startVerifier();
    await until('a signed image is admitted', async () => expectAdmitted(await scene.create([scene.images.okTool])), { timeoutMs: 20_000 });
    expectDenied(await scene.create([scene.images.unsigned]), '[NO_SIGNATURE]');
  });
  await report.case('S09: uninstalled in the wrong order nothing hangs: without the rest the webhook configurations refuse, and without them everything is admitted', async () => {
    await scene.verifier.stop();
    const [last, ...rest] = [scene.yaml.split('---\n').filter((text) => text.includes('WebhookConfiguration\n')).join('---\n'), ...scene.yaml.split('---\n').filter((text) => !text.includes('WebhookConfiguration\n'))];
    const remove = async (yaml: string): Promise<void> => {
      const { code, stderr } = await kubectl.run(['delete', '--ignore-not-found', '--wait=false', '--filename=-'], yaml);
      assert.equal(code, 0, stderr);
    };
    await remove(rest.join('---\n'));
    expectDenied(await scene.create([scene.images.okTool]), 'failed calling webhook');
    await remove(last ?? '');
    await until('an unsigned image is admitted', async () => expectAdmitted(await scene.create([scene.images.unsigned])));
  });
}
