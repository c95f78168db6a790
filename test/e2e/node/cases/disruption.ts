import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { VERIFIER } from '../../cases/scene';
import type { ApiAnswer } from '../../harness/api';
import { VERIFIER_PORT } from '../../harness/kubelet';
import type { Report } from '../../harness/report';
import { expectAdmitted, expectDenied } from '../../harness/verdict';
import type { Figures } from '../figures';
import type { NodeScene, PodObject } from '../scene';
import { expectUndisturbed, whileRequested } from '../traffic';

const MIB = 1024;
/** Milliseconds in which endpoints and proxies follow; the replica steps aside for a second more. */
const HEARD = 4_000;

/** What the node does with the verifier as with any workload, and what it costs there. */
export async function disruptionCases(report: Report, scene: NodeScene, figures: Figures): Promise<void> {
  const evict = ({ metadata: { name, namespace } }: PodObject): Promise<ApiAnswer> => (
    scene.cluster.api.send('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } })
  );

  await report.case('one replica may be evicted and a second not before the first is replaced, and no signed image is refused meanwhile', async () => {
    const [first, second] = await scene.verifierPods();
    assert.ok(first && second);
    const seen = await whileRequested(scene, async () => {
      expectAdmitted(await evict(first));
      expectDenied(await evict(second), 'disruption budget');
      await scene.rolledOut();
    });
    figures.add('requests during an eviction', seen.figures);
    expectUndisturbed(seen);
    expectAdmitted(await evict(second));
    await scene.rolledOut();
  });
  await report.case('a replica that is told to go takes connections until all who might ask it have heard', async () => {
    const [replica] = await scene.verifierPods();
    assert.ok(replica?.status.podIP !== undefined);
    const { podIP } = replica.status;
    expectAdmitted(await evict(replica));
    const begin = performance.now();
    while (performance.now() - begin < HEARD && await takesConnections(podIP)) {
      await sleep(50);
    }
    const lasted = performance.now() - begin;
    assert.ok(lasted >= HEARD, `it took connections for ${lasted.toFixed(0)} ms`);
    await scene.rolledOut();
  });
  await report.case('no replica uses more than its memory limit, none was killed for it, and each says when it listened', async () => {
    for (const pid of scene.node.processes('/app/verifier.cjs')) {
      const { start, rss } = processOf(pid);
      const log = logOf(scene, pid);
      const [, time = ''] = /^(\S+) .*"event":"listening"/m.exec(log) ?? [];
      assert.notEqual(time, '', `the log of process ${pid} does not say that it listens:\n${log.slice(0, 500)}`);
      assert.ok(rss < 768 * MIB, `${rss} KiB`);
      figures.add('a replica, after all that was asked of it', `RSS ${Math.round(rss / MIB)} MiB; it listened ${Date.parse(time) - start} ms after its process began, self-test included`);
    }
    const restarted = (await scene.verifierPods()).filter(({ status }) => JSON.stringify(status).includes('OOMKilled'));
    assert.deepEqual(restarted, []);
  });
}

async function takesConnections(address: string): Promise<boolean> {
  const socket = connect({ host: address, port: VERIFIER_PORT, timeout: 1_000 });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** When a process began (milliseconds since 1970, to some ten) and its resident memory in KiB (proc(5)). */
function processOf(pid: number): { readonly start: number; readonly rss: number } {
  const read = (file: string): string => readFileSync(join('/proc', file), 'utf8');
  const fields = read(`${pid}/stat`).replace(/^.*\) /, '').split(' ');
  const upSince = Date.now() - Number(read('uptime').split(' ')[0]) * 1000;
  return { start: upSince + Number(fields[19]) * 10, rss: Number(/^VmRSS:\s+(\d+)/m.exec(read(`${pid}/status`))?.[1]) };
}

/** What the container of a process has written, by the Pod that its cgroup names. */
function logOf(scene: NodeScene, pid: number): string {
  const [, uid = ''] = /pod([0-9a-f-]{36})/.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8')) ?? [];
  const pod = readdirSync(scene.node.podLogs).find((name) => name.startsWith(`${VERIFIER.namespace}_`) && name.endsWith(uid)) ?? '';
  const folder = join(scene.node.podLogs, pod, 'verifier');
  const [latest = ''] = readdirSync(folder).sort((a, b) => parseInt(b, 10) - parseInt(a, 10));
  return readFileSync(join(folder, latest), 'utf8');
}
