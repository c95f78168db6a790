import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../../image/process';
import type { KubernetesObject } from '../../e2e/harness/api';
import { accepted, type Cluster } from '../../e2e/harness/cluster';
import { prepareContainer } from '../../e2e/harness/kubelet';
import type { Program, Programs } from '../../e2e/harness/process';

const INTERVAL_MS = 100;
const PORT = 8443;

/** Where one verifier after the other listens: the new one answers before the old one stops. */
const ADDRESSES = ['10.99.0.12', '10.99.0.13'];

/**
 * What acts on what the API server keeps, as far as this test needs it: the Deployment of the verifier becomes a process behind its Service, one
 * generation after the other; what is deleted is let go.
 */
export class Controllers {
  /** Generations of the Deployment that were started. */
  readonly started: number[] = [];
  private running: Program | undefined;
  private stopped = false;
  private readonly work: Promise<void>;

  constructor(private readonly cluster: Cluster, private readonly programs: Programs, private readonly verifier: { readonly namespace: string; readonly name: string }) {
    this.work = this.loop();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.work;
    await this.running?.stop('SIGKILL');
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.rollOut();
        await this.letGo();
      } catch (error) {
        // What it needs may come with the next object; a case that waits for it in vain says so.
        if (process.env['DEBUG']) {
          console.log(error);
        }
      }
      await sleep(INTERVAL_MS);
    }
  }

  private async rollOut(): Promise<void> {
    const { namespace, name } = this.verifier;
    const { status, object } = await this.cluster.api.get({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name } });
    const { generation, deletionTimestamp } = object.metadata as { readonly generation?: number; readonly deletionTimestamp?: string };
    if (status !== 200 || generation === undefined || deletionTimestamp !== undefined || this.started.includes(generation)) {
      if (status === 404 && this.running !== undefined) {
        await this.running.stop('SIGKILL');
        this.running = undefined;
      }
      return;
    }
    const { args, env } = await prepareContainer(this.cluster, namespace, name);
    const address = ADDRESSES[this.started.length % ADDRESSES.length] ?? '';
    const listening = args.map((arg) => (arg === `0.0.0.0:${PORT}` ? `${address}:${PORT}` : arg));
    const next = this.programs.start({ name: `verifier-${generation}`, command: process.execPath, args: [...NODE_FLAGS, resolve('build/bin/verifier.cjs'), ...listening], env: { ...NODE_ENVIRONMENT, ...env } });
    await next.event('listening');
    await this.cluster.setEndpoints(namespace, name, [{ address, port: PORT }]);
    this.started.push(generation);
    await this.running?.stop();
    this.running = next;
  }

  /** As the garbage collector does with what nothing depends on, and the namespace controller with what is empty. */
  private async letGo(): Promise<void> {
    const { namespace } = this.verifier;
    const lists = [
      ...['configmaps', 'secrets', 'services', 'serviceaccounts'].map((kind) => `/api/v1/namespaces/${namespace}/${kind}`),
      `/apis/apps/v1/namespaces/${namespace}/deployments`,
      `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
      `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
      ...['roles', 'rolebindings'].map((kind) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${kind}`),
      ...['clusterroles', 'clusterrolebindings'].map((kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}`),
      ...['validatingwebhookconfigurations', 'mutatingwebhookconfigurations', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings']
        .map((kind) => `/apis/admissionregistration.k8s.io/v1/${kind}`),
    ];
    for (const list of lists) {
      const { object } = await this.cluster.api.send('GET', list);
      for (const { metadata } of (object['items'] ?? []) as readonly KubernetesObject[]) {
        const { deletionTimestamp, finalizers } = metadata as { readonly deletionTimestamp?: string; readonly finalizers?: readonly string[] };
        if (deletionTimestamp !== undefined && finalizers !== undefined) {
          await this.cluster.api.send('PATCH', `${list}/${metadata.name ?? ''}`, { metadata: { finalizers: null } }, 'application/merge-patch+json');
        }
      }
    }
    const { status, object } = await this.cluster.api.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    if (status === 200 && object.metadata['deletionTimestamp'] !== undefined) {
      if (object.metadata['finalizers'] !== undefined) {
        await this.cluster.api.send('PATCH', `/api/v1/namespaces/${namespace}`, { metadata: { finalizers: null } }, 'application/merge-patch+json');
      }
      accepted(await this.cluster.api.send('PUT', `/api/v1/namespaces/${namespace}/finalize`, { ...object, spec: { finalizers: [] } }));
    }
  }
}
