import assert from 'node:assert/strict';
import { execFile, type PromiseWithChild } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { defaultSettings } from '../../../../lib/engines/webhook';
import { networkPolicy } from '../../../../lib/engines/webhook/workload';
import { NAMESPACE, VERIFIER } from '../../cases/scene';
import { accepted } from '../../harness/cluster';
import { VERIFIER_PORT } from '../../harness/kubelet';
import type { Report } from '../../harness/report';
import { CONTROL_PLANE_ADDRESS } from '../../harness/sandbox';
import { until } from '../../harness/until';
import { podSpec, REGISTRY_ADDRESS, ROLLOUT_MS, type NodeScene } from '../scene';

/** Neither asked for nor of any registry. */
const OTHER_PORT = 9443;
const HTTPS = 443;
const VERIFIER_PROCESS = '/app/verifier.cjs';

/** The rendered NetworkPolicy where something enforces it, as it does throughout this test. */
export async function networkCases(report: Report, scene: NodeScene): Promise<void> {
  await report.case('a replica reaches the registry, and no other port of the same address, which a Pod without a NetworkPolicy reaches', async () => {
    const elsewhere = createServer((socket) => socket.end());
    await new Promise<void>((listening) => elsewhere.listen(OTHER_PORT, REGISTRY_ADDRESS, listening));
    try {
      const other = await otherPod(scene);
      const [replica = NaN] = scene.node.processes(VERIFIER_PROCESS);
      assert.equal(await connectFrom(other.pid, REGISTRY_ADDRESS, OTHER_PORT), 'connected');
      assert.equal(await connectFrom(replica, REGISTRY_ADDRESS, HTTPS), 'connected');
      await until('the other port is closed to it', async () => assert.notEqual(await connectFrom(replica, REGISTRY_ADDRESS, OTHER_PORT), 'connected'));
    } finally {
      elsewhere.close();
    }
  });
  await report.case('a Pod reaches the port on which a replica is asked, and no other one of the replica\'s, though it does where no NetworkPolicy is', async () => {
    const [first, second] = [await otherPod(scene), await otherPod(scene)];
    const [replica] = await scene.verifierPods();
    const address = replica?.status.podIP ?? '';
    const pid = scene.node.processesOfPod(replica?.metadata.uid ?? '', VERIFIER_PROCESS)[0] ?? NaN;
    const listeners = [second.pid, pid].map((one) => inNetworkOf(one, `require('node:net').createServer((socket) => socket.end()).listen(${OTHER_PORT}, '0.0.0.0')`));
    try {
      await until('a Pod without a NetworkPolicy is reached', async () => assert.equal(await connectFrom(first.pid, second.address, OTHER_PORT), 'connected'));
      assert.equal(await connectFrom(first.pid, address, VERIFIER_PORT), 'connected');
      // It listens there: its own node, which probes, reaches it.
      await until('its own node reaches it', async () => assert.equal(await connectFrom(process.pid, address, OTHER_PORT), 'connected'));
      assert.notEqual(await connectFrom(first.pid, address, OTHER_PORT), 'connected');
    } finally {
      listeners.forEach(({ child }) => child.kill('SIGKILL'));
      await Promise.allSettled(listeners);
    }
  });
  await report.case('with apiServers a Pod that is not at one of the addresses does not reach that port, one that is does, and the API server goes on asking', async () => {
    const [named, other] = [await otherPod(scene), await otherPod(scene)];
    const [replica] = await scene.verifierPods();
    const address = replica?.status.podIP ?? '';
    const connect = ({ pid }: typeof other): Promise<string> => connectFrom(pid, address, VERIFIER_PORT);
    assert.deepEqual([await connect(named), await connect(other)], ['connected', 'connected']);
    await letIn(scene, [CONTROL_PLANE_ADDRESS, named.address].map((one) => `${one}/32`));
    try {
      await until('the other one is kept out', async () => assert.notEqual(await connect(other), 'connected'));
      assert.equal(await connect(named), 'connected');
      await scene.enforces();
    } finally {
      await letIn(scene);
    }
    await until('everybody is let in again', async () => assert.equal(await connect(other), 'connected'));
    await scene.kubectl(['--namespace', NAMESPACE, 'delete', 'pods', '--all', '--now']);
    await scene.enforces();
  });
}

/** Who reaches the replicas becomes what is rendered with these networks of API servers. */
async function letIn(scene: NodeScene, apiServers?: readonly string[]): Promise<void> {
  const { ingress } = networkPolicy({ settings: { ...defaultSettings, ...(apiServers && { apiServers }) }, documents: [], trustRoots: [] })['spec'] as { ingress: object };
  const patch = JSON.stringify([{ op: 'replace', path: '/spec/ingress', value: ingress }]);
  await scene.kubectl(['--namespace', VERIFIER.namespace, 'patch', 'networkpolicy', VERIFIER.name, '--type=json', `--patch=${patch}`]);
}

/** A Pod of a signed image, which no NetworkPolicy selects. */
async function otherPod(scene: NodeScene): Promise<{ readonly pid: number; readonly address: string }> {
  const pod = scene.object('v1', 'Pod', podSpec(scene.images.signed));
  accepted(await scene.cluster.api.create(pod));
  await scene.kubectl(['--namespace', NAMESPACE, 'wait', '--for=condition=Ready', `--timeout=${ROLLOUT_MS / 1000}s`, `pod/${pod.metadata.name}`]);
  const { metadata, status } = accepted(await scene.cluster.api.get(pod)) as unknown as { metadata: { uid: string }; status: { podIP: string } };
  const [pid = NaN] = scene.node.processesOfPod(metadata.uid, '/bin/busybox');
  return { pid, address: status.podIP };
}

/** `connected`, or why not. */
async function connectFrom(pid: number, address: string, port: number): Promise<string> {
  const { stdout } = await inNetworkOf(pid, `
    const socket = require('node:net').connect({ host: '${address}', port: ${port}, timeout: 3000 });
    const end = (how) => { console.log(how); process.exit(); };
    socket.once('connect', () => end('connected')).once('error', ({ code }) => end(code)).once('timeout', () => end('timeout'));
  `);
  return stdout.trim();
}

/** Runs a piece of code in the network that a process is in. */
function inNetworkOf(pid: number, code: string): PromiseWithChild<{ readonly stdout: string }> {
  return run('nsenter', [`--net=/proc/${pid}/ns/net`, process.execPath, '-e', code], { encoding: 'utf8' });
}

const run = promisify(execFile);
