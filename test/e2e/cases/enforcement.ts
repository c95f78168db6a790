import assert from 'node:assert/strict';
import type { KubernetesObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import type { Programs } from '../harness/process';
import type { Report } from '../harness/report';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { denialCases } from './denials';
import { failureCases } from './failures';
import { guardCases } from './guard';
import { operationsCases } from './operations';
import { HOST } from './images';
import { positionCases } from './positions';
import { inVerifierNamespace, NAMESPACE, Scene, VERIFIER, verifierImage } from './scene';

/** The main job: what an example wrote is applied unchanged, and from then on only images with proof are admitted. */
export async function enforcementCases(report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<void> {
  const scene = await report.case('an example synthesizes', () => Scene.prepare(cluster, sandbox, programs));
  if (!scene) {
    return;
  }
  await report.case('S07: the file it wrote passes strict server-side validation, unchanged', () => cluster.kubectl.apply(scene.yaml));
  await report.case('P01: before the verifier answers, a signed image is refused as well', async () => {
    await until('the API server knows the webhook', async () => expectDenied(await scene.create([scene.images.okTool]), 'failed calling webhook'));
  });
  await report.case('started as its Deployment says, with the rights of its own service account, the verifier admits a signed image', async () => {
    await scene.createRegistryAuthority();
    await scene.startVerifier();
    await until('a signed image is admitted', async () => expectAdmitted(await scene.create([scene.images.okTool])), { timeoutMs: 20_000 });
  });
  await report.case('a tag of a signed image is pinned to the digest that was verified', async () => {
    const admitted = expectAdmitted(await scene.create([`${HOST}/tools/app:v1`])) as KubernetesObject & { readonly spec: { readonly containers: ReadonlyArray<{ readonly image: string }> } };
    assert.equal(admitted.spec.containers[0]?.image, `${HOST}/tools/app:v1@${scene.images.okTool.split('@')[1] ?? ''}`);
  });
  await report.case('kubectl shows which image lacks what, by which policy, and what to do', async () => {
    const run = (image: string): ReturnType<typeof cluster.kubectl.run> => (
      cluster.kubectl.run(['--namespace', NAMESPACE, 'create', 'deployment', `web-${image === scene.images.unsigned ? 'bad' : 'good'}`, `--image=${image}`])
    );
    const { code, stderr } = await run(scene.images.unsigned);
    assert.equal(code, 1);
    const expected = [
      `spec.template.spec.containers[0].image: ${scene.images.unsigned} may not run here:`,
      '[NO_SIGNATURE] policy tools, signature, by release: expected a signature of this digest, found none',
      'What to do: Sign the image by digest',
    ];
    assert.deepEqual(expected.filter((line) => !stderr.includes(line)), [], stderr);
    assert.equal((await run(scene.images.okTool)).code, 0);
  });

  await denialCases(report, scene);
  await positionCases(report, scene);
  await report.case('P12: in the verifier\'s own namespace a foreign image is refused without any webhook, also a signed one', async () => {
    await cluster.createDefaultServiceAccount(VERIFIER.namespace);
    expectDenied(await cluster.api.create(inVerifierNamespace(scene, scene.images.okTool)), 'may run in this namespace');
    expectAdmitted(await cluster.api.create(inVerifierNamespace(scene, verifierImage(scene.yaml))));
  });
  await guardCases(report, scene);
  await failureCases(report, scene);
  await operationsCases(report, scene);
}
