import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { Scene, VERIFIER } from '../../e2e/cases/scene';
import type { Cluster } from '../../e2e/harness/cluster';
import type { Programs } from '../../e2e/harness/process';
import type { Report } from '../../e2e/harness/report';
import type { Sandbox } from '../../e2e/harness/sandbox';
import { until } from '../../e2e/harness/until';
import { expectAdmitted, expectDenied } from '../../e2e/harness/verdict';
import { Outcome, TestStack } from '../harness/stack';
import { PrivateSigstore, privateSigstore } from '../stacks';
import { Controllers } from './controllers';

/** Nothing here is what the real provider waits for: no ReplicaSets, no Pods. */
const NOT_AWAITED: pulumi.ResourceTransform = ({ type, props, opts }) => (/:(?:Deployment|Service)$/.test(type) ? {
  props: { ...props, metadata: { ...(props as { readonly metadata: object }).metadata, annotations: { 'pulumi.com/skipAwait': 'true' } } }, opts,
} : undefined);

const FAIL_OPEN: pulumi.ResourceTransform = ({ type, props, opts }) => (type.endsWith(':ValidatingWebhookConfiguration') ? {
  props: { ...props, webhooks: (props as { readonly webhooks: readonly object[] }).webhooks.map((entry) => ({ ...entry, failurePolicy: 'Ignore' })) }, opts,
} : undefined);

/** The stack of an example, before a real API server. */
export async function clusterCases(
  report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs, { engine, provider }: { readonly engine: string; readonly provider: string },
): Promise<void> {
  const scene = await Scene.prepare(cluster, sandbox, programs);
  const stack = await TestStack.create(engine, { KUBECONFIG: join(sandbox.folder, 'admin.kubeconfig') }, { 'pulumi-resource-kubernetes': provider });
  const controllers = new Controllers(cluster, programs, VERIFIER);
  const program = (said: PrivateSigstore = {}, ...transforms: pulumi.ResourceTransform[]) => (): void => void privateSigstore({
    trustedRoot: join(sandbox.folder, 'trusted_root.json'), opts: { transforms: [NOT_AWAITED, ...transforms] }, ...said,
  });
  const sound = (outcome: Outcome): Outcome => {
    assert.equal(outcome.refused, undefined, outcome.refused);
    return outcome;
  };

  await report.case('a weak stack is refused in preview and update, and no webhook configuration is created', async () => {
    for (const step of ['preview', 'up'] as const) {
      assert.match((await stack[step](program({}, FAIL_OPEN))).refused ?? 'it passed', /\[FAILURE_POLICY\]/);
    }
    const answer = await cluster.api.get({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: VERIFIER.name } });
    assert.equal(answer.status, 404);
  });
  await report.case('a sound stack is created, policy pack and all, and enforces', async () => {
    const created = stack.up(program(), { pack: true });
    await until('the namespace is there', () => scene.createRegistryAuthority(), { timeoutMs: 60_000 });
    sound(await created);
    await until('a signed image is admitted', async () => expectAdmitted(await scene.create([scene.images.okTool])), { timeoutMs: 30_000 });
    expectDenied(await scene.create([scene.images.unsigned]), '[NO_SIGNATURE]');
  });
  await report.case('a preview of the same finds nothing to do, though the verifier has written its certificates', async () => {
    assert.deepEqual(Object.keys(sound(await stack.preview(program(), { pack: true })).changes), ['same']);
  });
  await report.case('a change of the policy leaves no moment in which an unsigned image is admitted', async () => {
    const generations = controllers.started.length;
    let attempts = 0;
    let done = false;
    const traffic = (async () => {
      while (!done) {
        expectDenied(await scene.create([scene.images.unsigned], { dryRun: true }), '');
        attempts += 1;
      }
    })();
    const changed = (async () => {
      sound(await stack.up(program({ moreTools: ['registry.corp.example/more/**'] })));
      await until('the new verifier answers', () => assert.ok(controllers.started.length > generations), { timeoutMs: 30_000 });
    })();
    await Promise.race([changed, traffic]);
    done = true;
    await Promise.all([changed, traffic]);
    assert.ok(attempts > 50, `${attempts} attempts`);
    await until('a signed image is admitted', async () => expectAdmitted(await scene.create([scene.images.okTool])), { timeoutMs: 30_000 });
  });
  await report.case('a change that would fail open is refused in preview and update, and what stands is left', async () => {
    for (const step of ['preview', 'up'] as const) {
      assert.match((await stack[step](program({}, FAIL_OPEN))).refused ?? 'it passed', /\[FAILURE_POLICY\]/);
    }
    expectDenied(await scene.create([scene.images.unsigned]), '[NO_SIGNATURE]');
  });
  await report.case('the stack is destroyed without a deadlock, and afterwards nobody is asked', async () => {
    sound(await stack.destroy());
    expectAdmitted(await scene.create([scene.images.unsigned]));
    assert.equal((await cluster.api.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: VERIFIER.namespace } })).status, 404);
  });
  await controllers.stop();
  stack.remove();
}
