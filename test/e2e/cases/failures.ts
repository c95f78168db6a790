import assert from 'node:assert/strict';
import { CertificateAuthority } from '../harness/pki';
import type { Report } from '../harness/report';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { HOST } from './images';
import { Scene, VERIFIER } from './scene';

const CONFIGURATION = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: VERIFIER.name } };

/** That enforcement holds when its own parts fail, and disturbs no more than it has to. */
export async function failureCases(report: Report, scene: Scene): Promise<void> {
  const { api } = scene.cluster;

  await report.case('A07: with the registry down, changes of labels are admitted; an image never seen is refused until it is back', async () => {
    const pod = scene.pod([scene.images.okTool]);
    const deployment = scene.object('apps/v1', 'Deployment', {
      selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'main', image: scene.images.okApp }] } },
    });
    expectAdmitted(await api.create(pod));
    expectAdmitted(await api.create(deployment));
    await scene.stopRegistry();
    expectAdmitted(await api.patch(pod, 'merge', { metadata: { labels: { tier: 'front' } } }));
    expectAdmitted(await api.patch(deployment, 'merge', { metadata: { labels: { tier: 'front' } } }));
    expectDenied(await scene.create([scene.images.late]), '[REGISTRY_UNAVAILABLE]');
    await scene.startRegistry();
    expectAdmitted(await scene.create([scene.images.late]));
  });
  await report.case('a registry that another authority vouches for is not believed; with its own certificate it is', async () => {
    await scene.stopRegistry();
    await scene.startRegistry(await CertificateAuthority.create('somebody-else'));
    expectDenied(await scene.create([scene.images.later]), '[REGISTRY_UNAVAILABLE]');
    await scene.stopRegistry();
    await scene.startRegistry();
    expectAdmitted(await scene.create([scene.images.later]));
  });
  await report.case('P03: authorities are rotated under traffic without a failed call', async () => {
    const rotated = until('another authority signs', () => {
      const changes = scene.verifier.log().split('\n').filter((line) => line.includes('"event":"authorities-changed"'));
      assert.ok(changes.length >= 3, `${changes.length} changes of the authorities`);
    }, { timeoutMs: 90_000 });
    let calls = 0;
    let done = false;
    const traffic = (async () => {
      while (!done) {
        expectAdmitted(await scene.create([scene.images.okTool], { dryRun: true }));
        calls += 1;
      }
    })();
    await Promise.race([rotated, traffic]);
    done = true;
    await Promise.all([rotated, traffic]);
    assert.ok(calls > 100, `${calls} calls`);
  });
  await report.case('P01: with the verifier stopped everything is refused; started again, a signed image is admitted', async () => {
    assert.equal(await scene.verifier.stop(), 'exit code 0');
    expectDenied(await scene.create([scene.images.okTool]), 'failed calling webhook');
    await scene.startVerifier();
    await until('a signed image is admitted', async () => expectAdmitted(await scene.create([scene.images.okTool])), { timeoutMs: 20_000 });
  });
  await report.case('P01: a removed caBundle means refusal, until the verifier has written it again', async () => {
    expectAdmitted(await api.patch(CONFIGURATION, 'json', [{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }]));
    await until('a signed image is refused', async () => expectDenied(await scene.create([scene.images.okTool]), 'failed calling webhook'), { timeoutMs: 5_000 });
    await until('the bundle is back', async () => expectAdmitted(await scene.create([scene.images.okTool])), { timeoutMs: 30_000 });
  });
  await report.case('the same file applied again changes nothing that the verifier wrote', async () => {
    await scene.cluster.kubectl.apply(scene.yaml);
    expectAdmitted(await scene.create([scene.images.okTool]));
    expectDenied(await scene.create([scene.images.unsigned]), '[NO_SIGNATURE]');
  });
  await report.case('A35: a tag that nothing pinned is refused with TAG_NOT_PINNED', async () => {
    expectAdmitted(await api.delete({ ...CONFIGURATION, kind: 'MutatingWebhookConfiguration' }));
    await until('the pinning webhook is gone', async () => expectDenied(await scene.create([`${HOST}/tools/app:v1`]), '[TAG_NOT_PINNED]'), { timeoutMs: 5_000 });
    expectAdmitted(await scene.create([scene.images.okTool]));
  });
}
