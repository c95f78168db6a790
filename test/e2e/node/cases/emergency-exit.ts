import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { grant } from '../../cases/grant';
import { NAMESPACE, VERIFIER } from '../../cases/scene';
import type { KubectlAnswer } from '../../harness/kubectl';
import type { Report } from '../../harness/report';
import { until } from '../../harness/until';
import { expectAdmitted, expectDenied } from '../../harness/verdict';
import { type NodeScene, ROLLOUT_MS } from '../scene';

const PAGE = 'docs/operations.md';
/** May do what the exit takes, and no more. */
const USER = 'oncall';
const KINDS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

/** What docs/operations.md says to do when the verifier cannot be brought back, by the very command that stands there. */
export async function emergencyExitCases(report: Report, scene: NodeScene): Promise<void> {
  const { api, kubectl } = scene.cluster;
  const exit = async (user: string): Promise<KubectlAnswer> => kubectl.run(['--kubeconfig', await scene.cluster.clientKubeconfig(user), ...exitCommand()]);
  const unsigned = scene.pod(scene.images.unsigned);

  await report.case('no replica can be brought back: the command of the page, by somebody who may no more than that, lets any image run, and leaves a trace of who it was', async () => {
    const rules = [{ apiGroups: ['admissionregistration.k8s.io'], resources: KINDS, resourceNames: [VERIFIER.name], verbs: ['delete', 'get', 'list', 'watch'] }];
    const undo = await grant(api, USER, rules);
    await kubectl.apply(scene.yaml.replace('replicas: 3', 'replicas: 0'));
    await until('nobody answers any more', async () => expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook'), { timeoutMs: ROLLOUT_MS });
    const refused = await exit('mallory');
    assert.ok(refused.code !== 0 && refused.stderr.includes('cannot delete resource'), refused.stderr);
    expectDenied(await scene.create(scene.images.unsigned, { dryRun: true }), 'failed calling webhook');
    const { code, stderr } = await exit(USER);
    assert.equal(code, 0, stderr);
    await until('an unsigned image is admitted', async () => expectAdmitted(await api.create(unsigned)));
    await scene.kubectl(['--namespace', NAMESPACE, 'wait', '--for=condition=Ready', `--timeout=${ROLLOUT_MS / 1000}s`, `pod/${unsigned.metadata.name}`]);
    const deletions = scene.cluster.auditLog().filter(({ verb, responseStatus }) => verb === 'delete' && responseStatus?.code === 200)
      .map(({ user, objectRef }) => [user.username, objectRef?.resource, objectRef?.name]);
    assert.deepEqual(deletions.slice(-2).sort(), KINDS.map((kind) => [USER, kind, VERIFIER.name]));
    await undo();
  });
  await report.case('the way back is to apply the file: refusal until somebody answers, then by proof; what was admitted in between runs on, and is found by what the page lists', async () => {
    await kubectl.apply(scene.yaml);
    await until('a signed image is refused or judged', async () => expectDenied(await scene.create(scene.images.unsigned, { dryRun: true }), ''));
    await scene.rolledOut();
    await scene.enforces();
    const running = await scene.kubectl(['--namespace', NAMESPACE, 'get', 'pods', '--output=jsonpath={.items[*].status.containerStatuses[*].imageID}']);
    assert.ok(running.split(' ').includes(scene.images.unsigned), running);
    await scene.kubectl(['--namespace', NAMESPACE, 'delete', `pod/${unsigned.metadata.name}`, '--now']);
  });
  await report.case('replicas that run say that nobody asks them any more', async () => {
    const said = async (): Promise<number> => {
      const log = await scene.kubectl(['--namespace', VERIFIER.namespace, 'logs', `--selector=app.kubernetes.io/name=${VERIFIER.name}`, '--tail=-1']);
      return log.split('\n').filter((line) => line.includes('"event":"webhook-configuration-drift"') && line.includes('is missing')).length;
    };
    const before = await said();
    await scene.kubectl(exitCommand());
    await until('all of them say so', async () => assert.ok(await said() >= before + 3, 'fewer than three lines'), { timeoutMs: ROLLOUT_MS });
    await kubectl.apply(scene.yaml);
    await scene.enforces();
  });
}

/** The first command of the page's section, without `kubectl`. */
function exitCommand(): string[] {
  const [, command = ''] = /^## Emergency exit\n[\s\S]*?^```sh\nkubectl (.*)\n```$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
  assert.match(command, /^delete /, `${PAGE} has no command under "Emergency exit"`);
  return command.split(' ');
}
