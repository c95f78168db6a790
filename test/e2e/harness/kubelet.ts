import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../../image/process';
import { accepted, type Cluster } from './cluster';
import type { Program, Programs } from './process';
import { CONTROL_PLANE_ADDRESS } from './sandbox';

/** What the process in a container is started with. */
export interface ContainerStart {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: ReadonlyArray<{
    readonly args: readonly string[];
    readonly volumeMounts: ReadonlyArray<{ readonly name: string; readonly mountPath: string }>;
  }>;
  readonly volumes: readonly Volume[];
}

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly projected?: { readonly sources: ReadonlyArray<{ readonly [source: string]: unknown }> };
}

type Files = Readonly<Record<string, string>>;

/**
 * Does what a kubelet does before it starts the container of a Deployment's Pods: puts the content of every volume, as the API server has it
 * now, where the container mounts it, and gives the arguments as they are.
 *
 * @throws Error when something that is mounted does not exist
 */
export async function prepareContainer(cluster: Cluster, namespace: string, name: string): Promise<ContainerStart> {
  const deployment = accepted(await cluster.api.get({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name } }));
  const pod = (deployment['spec'] as { template: { spec: PodSpec } }).template.spec;
  const [container, ...others] = pod.containers;
  if (!container || others.length > 0) {
    throw new Error(`the Deployment ${name} has ${pod.containers.length} containers; only one can be started here`);
  }
  for (const { name: mounted, mountPath } of container.volumeMounts) {
    const volume = pod.volumes.find((candidate) => candidate.name === mounted);
    const files = await filesOf(cluster, namespace, pod, volume ?? fail(`the volume ${mounted} is mounted and does not exist`));
    mkdirSync(mountPath, { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(mountPath, file), content);
    }
  }
  return { args: container.args, env: { KUBERNETES_SERVICE_HOST: CONTROL_PLANE_ADDRESS, KUBERNETES_SERVICE_PORT: '6443' } };
}

/** Port that the verifier's Deployment listens on. */
export const VERIFIER_PORT = 8443;

/**
 * Starts the verifier as a Pod of its Deployment would be, at an address of its own. Nobody asks it before that address is served from.
 *
 * @param more - arguments besides those of the Deployment
 */
export async function startVerifierPod(
  cluster: Cluster, programs: Programs, { namespace, name }: { readonly namespace: string; readonly name: string }, address: string, more: readonly string[] = [],
): Promise<Program> {
  const { args, env } = await prepareContainer(cluster, namespace, name);
  const own = args.map((arg) => (arg === `0.0.0.0:${VERIFIER_PORT}` ? `${address}:${VERIFIER_PORT}` : arg));
  const replica = programs.start({ name: 'verifier', command: process.execPath, args: [...NODE_FLAGS, resolve('build/bin/verifier.cjs'), ...own, ...more], env: { ...NODE_ENVIRONMENT, ...env } });
  await replica.event('listening');
  return replica;
}

async function filesOf(cluster: Cluster, namespace: string, pod: PodSpec, volume: Volume): Promise<Files> {
  if (volume.configMap) {
    return configMap(cluster, namespace, volume.configMap.name);
  }
  if (volume.secret) {
    const secret = accepted(await cluster.api.get({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: volume.secret.secretName } }));
    const data = Object.entries((secret['data'] ?? {}) as Files);
    return Object.fromEntries(data.map(([file, encoded]) => [file, Buffer.from(encoded, 'base64').toString()]));
  }
  const sources = volume.projected?.sources.flatMap((source) => Object.keys(source)).join(', ');
  if (sources !== 'serviceAccountToken, configMap, downwardAPI') {
    fail(`the volume ${volume.name} is of a kind that is not known here: ${JSON.stringify(volume)}`);
  }
  // What every Pod gets for its ServiceAccount; a controller that does not run here would have made the ConfigMap kube-root-ca.crt.
  return { 'token': await cluster.serviceAccountToken(namespace, pod.serviceAccountName), 'ca.crt': cluster.authorityCertificate, namespace };
}

async function configMap(cluster: Cluster, namespace: string, name: string): Promise<Files> {
  const found = accepted(await cluster.api.get({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } }));
  return (found['data'] ?? {}) as Files;
}

function fail(message: string): never {
  throw new Error(message);
}
