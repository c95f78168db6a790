import type { ApiAnswer, KubernetesObject } from '../e2e/harness/api';
import { accepted, Cluster } from '../e2e/harness/cluster';
import type { Program, Programs } from '../e2e/harness/process';
import type { Sandbox } from '../e2e/harness/sandbox';
import { until } from '../e2e/harness/until';
import { expectAdmitted, expectDenied } from '../e2e/harness/verdict';
import { NAMESPACE, Scene, VERIFIER } from '../e2e/cases/scene';
import { VERIFIER_PORT } from '../e2e/harness/kubelet';
import { Asker } from './ask';
import { creation } from './reviews';
import { sleep } from './stage';
import { Outcome, Tally } from './tally';

/** The namespace that the policies of the example leave out. */
export const UNGUARDED = 'kube-system';

const ADDRESSES = ['10.99.0.12', '10.99.0.13', '10.99.0.14'];

/** A real API server in front of three replicas of the verifier, and requests to it whose answers are known. */
export class ClusterStage {
  static async start(sandbox: Sandbox, programs: Programs): Promise<ClusterStage> {
    const cluster = await Cluster.start(sandbox, programs);
    const scene = await Scene.prepare(cluster, sandbox, programs);
    await cluster.kubectl.apply(scene.yaml);
    await scene.createRegistryAuthority();
    await cluster.createDefaultServiceAccount(UNGUARDED);
    const stage = new ClusterStage(cluster, scene);
    await stage.startAll();
    return stage;
  }

  /** By their addresses; those that were killed are missing. */
  readonly replicas = new Map<string, Program>();
  private count = 0;

  private constructor(readonly cluster: Cluster, readonly scene: Scene) {}

  get addresses(): string[] {
    return [...this.replicas.keys()];
  }

  /** Starts every replica that is missing, and waits until good Pods are admitted and bad ones refused by them. */
  async startAll(): Promise<void> {
    for (const address of ADDRESSES.filter((one) => !this.replicas.has(one))) {
      this.replicas.set(address, await this.scene.startReplica(address));
    }
    await this.scene.serveFrom(this.addresses);
    await until('good Pods are admitted and bad ones refused', async () => {
      for (let time = 0; time < 6; time += 1) {
        expectAdmitted(await this.create(this.scene.images.okTool));
        expectDenied(await this.create(this.scene.images.unsigned), '[NO_SIGNATURE]');
      }
    }, { timeoutMs: 30_000 });
    await this.remember();
  }

  /**
   * Has every replica remember the images that are called `cached`, by asking each as the API server does when something is created: what is tried as a dry
   * run, as most of these requests are, goes by what is remembered and leaves nothing.
   */
  async remember(): Promise<void> {
    const configuration = accepted(await this.cluster.api.get({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: VERIFIER.name } }));
    const [webhook] = configuration['webhooks'] as readonly { readonly clientConfig: { readonly caBundle?: string } }[];
    const ca = Buffer.from(webhook?.clientConfig.caBundle ?? '', 'base64').toString();
    const { okTool, okBase } = this.scene.images;
    await Promise.all([...this.replicas].map(async ([address, replica]) => {
      const asker = new Asker({ address, port: VERIFIER_PORT, name: `${VERIFIER.name}.${VERIFIER.namespace}.svc`, ca });
      try {
        await until(`the verifier at ${address} remembers`, async () => {
          const from = replica.log().length;
          for (const image of [okTool, okBase]) {
            if (await asker.ask(creation(image)) !== 'allowed') {
              throw new Error(`${image} is refused`);
            }
          }
          // Written behind the answer.
          await sleep(50);
          if (replica.log().slice(from).split('"source":"memory"').length < 3) {
            throw new Error('an answer was not from memory');
          }
        });
      } finally {
        asker.close();
      }
    }));
  }

  /** Kills a replica; it stays behind the Service until it is taken out. */
  async kill(address: string): Promise<void> {
    await this.replicas.get(address)?.stop('SIGKILL');
    this.replicas.delete(address);
  }

  /** Tries it: a dry run. */
  create(image: string, namespace = NAMESPACE): Promise<ApiAnswer> {
    return this.cluster.api.create(this.pod(image, namespace), { dryRun: true });
  }

  pod(image: string, namespace = NAMESPACE): KubernetesObject {
    this.count += 1;
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `faults-${this.count}`, namespace }, spec: { containers: [{ name: 'main', image }] } };
  }

  deployment(image: string): KubernetesObject {
    this.count += 1;
    const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'main', image }] } };
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `faults-${this.count}`, namespace: NAMESPACE }, spec: { selector: { matchLabels: { app: 'x' } }, template } };
  }

  /** Sends one request and counts it. */
  async ask(tally: Tally, kind: string, isBad: boolean, send: () => Promise<ApiAnswer>): Promise<Outcome> {
    const sent = tally.now;
    const outcome = await send().then(outcomeOf, () => 'broken');
    tally.add({ kind, isBad, outcome, sent, took: tally.now - sent });
    return outcome;
  }

  /** Traffic for a while, the fault, traffic without it. @param lasts - milliseconds */
  async suffer(fault: { readonly begin: () => Promise<void> | void; readonly end?: () => Promise<void> | void }, lasts: number, afterwards = 3_000): Promise<Tally> {
    await this.remember();
    const tally = new Tally();
    const { images } = this.scene;
    let stopped = false;
    const send = async (kind: string, isBad: boolean, image: string): Promise<void> => {
      while (!stopped) {
        await this.ask(tally, kind, isBad, () => this.create(image));
        await sleep(25);
      }
    };
    const bad = { unsigned: images.unsigned, foreign: images.foreign ?? '', unmatched: 'docker.io/library/nginx:1' };
    const running = [
      ...[images.okTool, images.okBase].map((image) => send('cached', false, image)),
      // Never but tried, so never remembered.
      send('fresh', false, images.okApp),
      ...Object.entries(bad).map(([kind, image]) => send(kind, true, image)),
    ];
    try {
      for (let waited = 0; waited < 30_000 && !(tally.isAllowed('cached') && tally.isAllowed('fresh')); waited += 50) {
        await sleep(50);
      }
      tally.faultBegins();
      await fault.begin();
      await sleep(lasts);
      // What it takes to get over it, such as starting a replica, is part of the recovery.
      tally.faultEnds();
      await fault.end?.();
      await sleep(afterwards);
    } finally {
      stopped = true;
      await Promise.all(running);
    }
    return tally;
  }
}

/** `webhook` stands for an API server that could not ask. */
export function outcomeOf({ status, message }: ApiAnswer): Outcome {
  if (status < 300) {
    return 'allowed';
  }
  return /\[([A-Z_]+)\]/.exec(message)?.[1] ?? (message.includes('failed calling webhook') ? 'webhook' : `HTTP ${status}`);
}
