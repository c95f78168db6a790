import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Demand, KeyAttestor, KeylessAttestor, NamespaceSelection, SignedImagePolicy, TrustRoot, WebhookVerifier } from '../lib';
import type { KubernetesObject } from '../test/e2e/harness/api';
import { VERIFIER } from '../test/e2e/cases/scene';
import { accepted, Cluster } from '../test/e2e/harness/cluster';
import { startVerifierPod, VERIFIER_PORT } from '../test/e2e/harness/kubelet';
import { Program, Programs } from '../test/e2e/harness/process';
import type { Sandbox } from '../test/e2e/harness/sandbox';
import { until } from '../test/e2e/harness/until';
import { cpuSeconds } from '../test/support/process-usage';
import { inMilliseconds, median, percentiles, Section } from './figures';
import { Answered, askedBy, during, inTurn, sustained } from './load';
import { podOf } from './review';
import { SignedImages } from './stage';

const CONNECTIONS = 8;
const ROUND = 4_000;
const ROUNDS = 4;
/** Milliseconds of the same load before anything is measured. */
const WARM_UP = 6_000;
const BURSTS = 5;
const BURST = 100;
/** Images whose verdicts are remembered; Pods are of one after the other. */
const KNOWN = 50;
const FIRST = 60;

/** Whose webhooks a Pod is asked about, by its namespace. */
const PEERS = ['nobody', 'always-yes', 'verifier'] as const;
type Peer = typeof PEERS[number];

const ALWAYS_YES = { namespace: 'always-yes-server', name: 'always-yes' } as const;
const ADDRESSES = { verifier: '10.99.0.12', alwaysYes: '10.99.0.15' } as const;

/** The verifier behind a real API server, next to a webhook that is registered the same way and says yes. */
export async function apiServerSection(sandbox: Sandbox, progress: (text: string) => void): Promise<Section> {
  const programs = new Programs(join(sandbox.folder, 'logs'));
  try {
    progress('starting etcd and an API server');
    const cluster = await Cluster.start(sandbox, programs);
    const serving = await cluster.issue({ commonName: 'registry', hosts: ['127.0.0.1'] });
    const images = await SignedImages.start({ tls: { cert: serving.certificate, key: serving.key } });
    const verifier = await enforce(cluster, programs, images);
    await register(cluster, sandbox, programs);
    return await measure({ cluster, images, verifier }, progress);
  } finally {
    await programs.killAll();
  }
}

interface Scene {
  readonly cluster: Cluster;
  readonly images: SignedImages;
  readonly verifier: Program;
}

async function measure({ cluster, images, verifier }: Scene, progress: (text: string) => void): Promise<Section> {
  const known = [...images.keyless(KNOWN / 2), ...images.keyed(KNOWN / 2)];
  let count = 0;
  const create = async (peer: Peer, pods: readonly string[], dryRun = true): Promise<void> => {
    accepted(await cluster.api.create(podIn(peer, pods), { dryRun }));
  };
  // A dry run leaves nothing to remember.
  const remember = async (pods: readonly (readonly string[])[]): Promise<Answered> => askedBy([0], inTurn(pods), (_, pod) => create('verifier', pod, false));
  await remember(known.map((image) => [image]));
  const next = (): string => known[(count += 1) % known.length] ?? '';
  const loaded = (peer: Peer, connections: number, time: number): Promise<Answered> => (
    askedBy(Array.from({ length: connections }), during(time, peer), (_, to) => create(to, [next()]))
  );
  const eight = { 'nobody': [] as Round[], 'always-yes': [] as Round[], 'verifier': [] as Round[] };
  const single = { 'nobody': [] as number[], 'always-yes': [] as number[], 'verifier': [] as number[] };
  const bursts = { 'nobody': [] as number[], 'always-yes': [] as number[], 'verifier': [] as number[] };
  progress('warming up');
  for (const peer of PEERS) {
    await loaded(peer, CONNECTIONS, WARM_UP);
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`${CONNECTIONS} connections, round ${round} of ${ROUNDS}`);
    for (const peer of PEERS) {
      const before = cpuSeconds(verifier.pid) ?? NaN;
      const { latencies, seconds } = await loaded(peer, CONNECTIONS, ROUND);
      eight[peer].push({ rate: latencies.length / seconds, cpu: ((cpuSeconds(verifier.pid) ?? NaN) - before) / latencies.length, latencies });
      single[peer].push(...(await loaded(peer, 1, ROUND / 2)).latencies);
    }
  }
  for (let burst = 1; burst <= BURSTS; burst += 1) {
    progress(`bursts of ${BURST} Pods, ${burst} of ${BURSTS}`);
    for (const peer of PEERS) {
      const { latencies } = await askedBy(Array.from({ length: BURST }), inTurn(Array.from({ length: BURST }, () => peer)), (_, to) => create(to, [next()]));
      bursts[peer].push(Math.max(...latencies));
    }
  }
  progress(`first sight of ${2 * FIRST} images`);
  const first = async (signed: readonly string[]): Promise<readonly number[]> => (await askedBy([0], inTurn(signed), (_, image) => create('verifier', [image]))).latencies;
  const [keyed, keyless] = [await first(images.keyed(FIRST)), await first(images.keyless(FIRST))];
  const twenty = Array.from({ length: 10 }, () => images.keyed(20));
  const many = async (peer: Peer): Promise<readonly number[]> => (await askedBy([0], inTurn(twenty), (_, pods) => create(peer, pods))).latencies;
  const [manyFirst, , manyRepeated, manyYes] = [await many('verifier'), await remember(twenty), await many('verifier'), await many('always-yes')];
  progress('500 Pods a second for a minute');
  const minute = await sustained(500, 60, 64, () => create('verifier', [next()]));

  const rate = (peer: Peer): number => median(eight[peer].map((round) => round.rate));
  const p50 = (peer: Peer): number => median(eight[peer].flatMap(({ latencies }) => latencies));
  const throughput = (peer: Peer): string => `${rate(peer).toFixed(0)} requests/s, ${percentiles(eight[peer].flatMap(({ latencies }) => latencies))}`;
  const slowest = (peer: Peer): number => median(bursts[peer]);
  const cpu = median(eight.verifier.map((round) => round.cpu)) * 1000;
  const [share, behind] = [rate('verifier') / rate('always-yes'), p50('verifier') - p50('always-yes')];
  const apart = (time: number): string => `${inMilliseconds(Math.abs(time))} ${time < 0 ? 'below' : 'above'}`;
  const overYes = (times: readonly number[], than: readonly number[]): string => `${apart(median(times) - median(than))} the webhook that says yes`;
  return {
    title: 'Through a real API server',
    method: `Pods with dryRun=All over kept-alive connections; webhooks registered the same way, mutating and validating, each for a namespace of its own; ${ROUNDS} rounds of ${ROUND / 1000} s each, in turns, medians; cached means ${KNOWN} images of Pods that were created before; client, API server, etcd, registry and webhooks on one machine`,
    figures: [
      { name: `no webhook, ${CONNECTIONS} connections`, value: throughput('nobody') },
      { name: `webhook that always says yes, ${CONNECTIONS} connections`, value: throughput('always-yes'), ratio: `${(rate('always-yes') / rate('nobody')).toFixed(2)} of the rate without one` },
      {
        name: `verifier, cached, ${CONNECTIONS} connections`, value: throughput('verifier'),
        ratio: `${share.toFixed(2)} of the rate of the webhook that says yes; p50 ${apart(behind)} it`,
        target: { text: 'at least 0.8 of its rate, p50 within 0.5 ms', met: share >= 0.8 && behind <= 0.5 },
      },
      { name: 'verifier, CPU of a cached request', value: inMilliseconds(cpu), target: { text: 'at most 0.5 ms', met: cpu <= 0.5 } },
      { name: 'no webhook, one at a time', value: percentiles(single.nobody) },
      { name: 'webhook that always says yes, one at a time', value: percentiles(single['always-yes']) },
      { name: 'verifier, cached, one at a time', value: percentiles(single.verifier), ratio: overYes(single.verifier, single['always-yes']) },
      ...PEERS.map((peer) => ({
        name: `burst of ${BURST} Pods, ${peer === 'nobody' ? 'no webhook' : peer === 'verifier' ? 'verifier, cached' : 'webhook that always says yes'}`,
        value: `slowest ${inMilliseconds(slowest(peer))}, median of ${BURSTS}`,
        ...(peer === 'verifier' ? {
          ratio: `${(slowest(peer) / slowest('always-yes')).toFixed(2)} × the slowest of the webhook that says yes`,
          target: { text: 'at most 1.3 × its slowest', met: slowest(peer) <= 1.3 * slowest('always-yes') },
        } : {}),
      })),
      { name: 'verifier, first sight of an image signed by a key', value: percentiles(keyed), ratio: overYes(keyed, single['always-yes']) },
      { name: 'verifier, first sight of a keyless image', value: percentiles(keyless), ratio: overYes(keyless, single['always-yes']) },
      { name: 'verifier, 20 images signed by a key in one Pod, first', value: percentiles(manyFirst), ratio: overYes(manyFirst, manyYes) },
      { name: 'verifier, the same again', value: percentiles(manyRepeated), ratio: overYes(manyRepeated, manyYes) },
      {
        name: `500 Pods a second for a minute, of ${KNOWN} cached images`, value: `${minute.rate.toFixed(0)} a second sent and admitted, ${percentiles(minute.latencies)}`,
        ratio: `${minute.unanswered} unanswered; ${(minute.rate / rate('nobody')).toFixed(2)} of the rate without a webhook, ${CONNECTIONS} connections`, target: { text: '500 a second, none unanswered', met: minute.unanswered === 0 && minute.rate >= 495 },
      },
    ],
  };
}

interface Round {
  /** Requests per second. */
  readonly rate: number;
  /** Seconds of the verifier's CPU time for each request. */
  readonly cpu: number;
  readonly latencies: readonly number[];
}

/** A Pod as a client writes it. */
function podIn(namespace: Peer, images: readonly string[]): KubernetesObject {
  const { metadata: { generateName, labels }, spec } = podOf(images);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { generateName, namespace, labels }, spec: { ...spec, serviceAccountName: 'default' } };
}

/** Synthesizes policies, applies them, and starts the verifier as its Deployment says. */
async function enforce(cluster: Cluster, programs: Programs, images: SignedImages): Promise<Program> {
  for (const namespace of PEERS) {
    await cluster.createNamespace(namespace);
  }
  await cluster.kubectl.apply(manifests(images));
  accepted(await cluster.api.create({
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'registry-ca', namespace: VERIFIER.namespace }, data: { 'ca.crt': cluster.authorityCertificate },
  }));
  const verifier = await startVerifierPod(cluster, programs, VERIFIER, ADDRESSES.verifier);
  await cluster.setEndpoints(VERIFIER.namespace, VERIFIER.name, [{ address: ADDRESSES.verifier, port: VERIFIER_PORT }]);
  const [signed = ''] = images.keyless(1);
  await until('a signed image is admitted', async () => accepted(await cluster.api.create(podIn('verifier', [signed]), { dryRun: true })), { timeoutMs: 60_000 });
  const unsigned = await cluster.api.create(podIn('verifier', [signed.replace(/[0-9a-f]{64}$/, '0'.repeat(64))]), { dryRun: true });
  if (unsigned.status < 400) {
    throw new Error('an image that does not exist was admitted: nobody was asked');
  }
  return verifier;
}

function manifests(images: SignedImages): string {
  const { registry: { host }, world, publicKey } = images;
  const app = new App();
  const chart = new Chart(app, 'enforcement');
  const engine = new WebhookVerifier(chart, 'verifier', { registries: [{ host, caConfigMap: 'registry-ca' }] });
  const trustRoot = TrustRoot.pinned(chart, 'bench', { json: JSON.stringify(world.trustedRoot) });
  const namespaces = NamespaceSelection.names('verifier' satisfies Peer);
  const release = KeylessAttestor.githubWorkflow(chart, 'release', { repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main', trustRoot });
  const key = new KeyAttestor(chart, 'key', {
    publicKey, trustRoot, transparency: { log: Demand.NOT_REQUIRED, untimed: { reason: 'signed for a benchmark', owner: 'bench' } },
  });
  new SignedImagePolicy(chart, 'keyless', { images: [`${host}/acme/**`], attestors: [release], namespaces, engine });
  new SignedImagePolicy(chart, 'keyed', { images: [`${host}/keyed/**`], attestors: [key], namespaces, engine });
  return app.synthYaml();
}

/** Registers a webhook that says yes with the verifier's own registrations, for another namespace. */
async function register(cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<void> {
  const { namespace, name } = ALWAYS_YES;
  await cluster.createNamespace(namespace);
  accepted(await cluster.api.create({ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec: { ports: [{ port: 443, targetPort: VERIFIER_PORT }] } }));
  const { certificate, key } = await cluster.issue({ commonName: name, hosts: [`${name}.${namespace}.svc`] });
  const [certificateFile, keyFile] = [join(sandbox.folder, 'always-yes.crt'), join(sandbox.folder, 'always-yes.key')];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key);
  const server = programs.start({ name, command: process.execPath, args: [__filename, 'bare-server', 'reading', certificateFile, keyFile, `${ADDRESSES.alwaysYes}:${VERIFIER_PORT}`] });
  await server.event('listening');
  await cluster.setEndpoints(namespace, name, [{ address: ADDRESSES.alwaysYes, port: VERIFIER_PORT }]);
  for (const kind of ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']) {
    const { apiVersion, webhooks } = accepted(await cluster.api.get({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: VERIFIER.name } }));
    const own = (webhooks as readonly Registered[]).map(({ clientConfig, ...webhook }) => ({
      ...webhook,
      clientConfig: { service: { ...clientConfig.service, namespace, name }, caBundle: Buffer.from(cluster.authorityCertificate).toString('base64') },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'always-yes' satisfies Peer } },
    }));
    accepted(await cluster.api.create({ apiVersion, kind, metadata: { name }, webhooks: own }));
  }
}

interface Registered {
  readonly clientConfig: { readonly service: object };
}
