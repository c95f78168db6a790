import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../image/process';
import { mintAuthority, mintServing } from '../../lib/verifier/tls/authority';
import { policyFor, TRUST_ROOT } from '../../bench/policy';
import { TestRegistry } from '../support/registry';
import { ServerProcess, ServerProcessOptions } from '../support/server-process';
import { bundleBytes, githubRun, Identity, SigstoreWorld, signStatement } from '../support/sigstore';
import { TufRepository } from '../support/tuf-repository';
import { Asker } from './ask';
import { Balancer } from './balancer';
import { Tally } from './tally';
import { GOOD, mixedTraffic } from './traffic';

const HOUR = 3_600_000;
/** A name for the registry that only the verifiers of a stage know. */
export const REGISTRY_NAME = 'registry.test';

export interface StageOptions {
  /** @default 3 */
  readonly replicas?: number;
  /** How a replica's process is run. */
  readonly process?: ServerProcessOptions;
  /** Images of the stage are named by `registry.test` instead of an address. @default false */
  readonly named?: boolean;
  /** Images that are proven and seen by nobody yet. @default 150 */
  readonly fresh?: number;
  /** What a mirror of TUF released as the trust root, one after another, of the trust roots of those who sign. @default - the trust root is a file */
  readonly releases?: (own: TrustedRoot, strangers: TrustedRoot) => readonly TrustedRoot[];
  /** Milliseconds from the start until what says which of those is current ends. @default - a week */
  readonly metadataLasts?: number;
}

export type TrustedRoot = SigstoreWorld['trustedRoot'];

/** What the machine tells the verifiers; see interference.cjs. */
export interface Interference {
  readonly clock?: number;
  readonly names?: 'answered' | 'refused' | 'slow';
  readonly stall?: number;
  readonly crash?: number;
}

/** Verifiers behind a balancer, a registry with good and bad images, and traffic that never stops: where a fault happens. */
export class Stage {
  static async start(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(mkdtempSync(join(tmpdir(), 'proofgate-faults-')), await TestRegistry.start(), options);
    try {
      await stage.prepare();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  readonly tally = new Tally();
  /** Signed two hours ago, so that a clock that is an hour wrong makes none of it signed in the future. */
  readonly world = SigstoreWorld.create({ now: new Date(Math.floor(Date.now() / 1000) * 1000 - 2 * HOUR) });
  private readonly strangers = SigstoreWorld.create({ name: 'strangers.test', now: new Date(Math.floor(Date.now() / 1000) * 1000 - 2 * HOUR) });
  private readonly replicas: ServerProcess[] = [];
  private readonly asked: Asker[] = [];
  private readonly fresh: string[] = [];
  private balancer: Balancer | undefined;
  private tuf: TufRepository | undefined;
  /** What said which version was current before the current one was. */
  earlierTimestamp: Buffer = Buffer.alloc(0);
  private authority = '';
  private interference: Interference = {};
  private count = 0;

  private constructor(readonly folder: string, readonly registry: TestRegistry, private readonly options: StageOptions) {}

  get verifiers(): readonly ServerProcess[] {
    return this.replicas;
  }

  /** The mirror, of a stage with `releases`. */
  get mirror(): TufRepository {
    if (this.tuf === undefined) {
      throw new Error('the trust root of this stage is a file');
    }
    return this.tuf;
  }

  /** An image with a signature that the policy asks for; new each time. */
  good(signatures = 1): string {
    return this.image('good', (digest, repository) => {
      for (let left = signatures; left > 0; left -= 1) {
        this.attach(repository, digest, this.world, githubRun());
      }
    });
  }

  /** An image signed as the policy asks, certified and logged elsewhere. */
  signedBy(world: SigstoreWorld): string {
    return this.image('other', (digest, repository) => this.attach(repository, digest, world, githubRun()));
  }

  /** An image with signatures of a workflow that the policy does not name, and with the one that it asks for last, or without it. */
  crowded(strangers: number, isGood: boolean): string {
    return this.image('crowded', (digest, repository) => {
      for (let left = strangers; left > 0; left -= 1) {
        this.attach(repository, digest, this.world, githubRun({ repository: 'mallory/app' }));
      }
      if (isGood) {
        this.attach(repository, digest, this.world, githubRun());
      }
    });
  }

  /** An image that nobody signed. */
  unsigned(): string {
    return this.image('unsigned', () => undefined);
  }

  /** An image signed as the policy asks, certified by an authority that nobody trusts. */
  foreign(): string {
    return this.image('foreign', (digest, repository) => this.attach(repository, digest, this.strangers, githubRun()));
  }

  /** An image signed by a workflow that the policy does not name. */
  stranger(): string {
    return this.image('stranger', (digest, repository) => this.attach(repository, digest, this.world, githubRun({ repository: 'mallory/app' })));
  }

  /** Attaches whatever bytes to an image, as evidence. */
  attachBytes(image: string, bytes: Uint8Array): void {
    const [name = '', digest = ''] = image.split('@');
    this.registry.attach(name.slice(name.indexOf('/') + 1), digest, bytes);
  }

  /** The next of the good images that were signed in advance. */
  nextFresh(): string {
    return this.fresh.shift() ?? this.good();
  }

  /** Starts one more verifier with what the stage's files say now. @throws Error with its last words when it does not come up */
  async startReplica(process: ServerProcessOptions = this.options.process ?? {}, more: readonly string[] = []): Promise<ServerProcess> {
    const file = (name: string): string => join(this.folder, name);
    this.count += 1;
    const replica = await ServerProcess.start([
      '--require', resolve('test/faults/interference.cjs'),
      ...NODE_FLAGS, 'build/bin/verifier.cjs', 'serve', '--listen', '127.0.0.1:0', '--tls-cert', file('tls.crt'), '--tls-key', file('tls.key'),
      '--policy', file('policy.json'), '--trust-root', `${TRUST_ROOT}=${file('trusted_root.json')}`, '--registry-config', file('registries.json'), ...more,
    ], this.authority, file(`verifier-${this.count}.log`), { ...process, env: { ...NODE_ENVIRONMENT, ...process.env, PROOFGATE_INTERFERENCE: file('interference.json') } });
    this.replicas.push(replica);
    return replica;
  }

  /** Takes an ended verifier out; the balancer goes on without it. */
  forget(replica: ServerProcess): void {
    this.replicas.splice(this.replicas.indexOf(replica), 1);
  }

  /** Asks the replicas through the balancer; its connections end with the stage. */
  asker(): Asker {
    const asker = new Asker({ port: this.balancer?.port ?? 0, ca: this.authority });
    this.asked.push(asker);
    return asker;
  }

  askerOf(replica: ServerProcess): Asker {
    const asker = new Asker(replica.target);
    this.asked.push(asker);
    return asker;
  }

  interfere(interference: Interference): void {
    this.interference = { ...this.interference, ...interference };
    this.write('interference.json', { ...this.interference, hosts: { [REGISTRY_NAME]: '127.0.0.1' } });
  }

  write(name: string, content: unknown): void {
    writeFileSync(join(this.folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  policy(): object {
    return policyFor(this.host);
  }

  /**
   * Traffic for a while, the fault, traffic without it: what was asked in the meantime is in the tally.
   *
   * @param lasts - milliseconds
   */
  async suffer(fault: { readonly begin: () => Promise<void> | void; readonly end?: () => Promise<void> | void }, lasts: number, afterwards = 6_000): Promise<void> {
    const traffic = mixedTraffic(this);
    try {
      await this.allAllowed();
      this.tally.faultBegins();
      await fault.begin();
      await sleep(lasts);
      // What it takes to get over it, such as starting a replica, is part of the recovery.
      this.tally.faultEnds();
      await fault.end?.();
      await sleep(afterwards);
    } finally {
      await traffic.stop();
    }
  }

  async close(): Promise<void> {
    this.asked.forEach((asker) => asker.close());
    await this.balancer?.close();
    await Promise.all(this.replicas.map((replica) => {
      replica.signal('SIGCONT');
      return replica.stop('SIGKILL');
    }));
    await this.registry.close();
    await this.tuf?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Waits until every kind of good request was allowed: what is wrong later was right before. */
  private async allAllowed(): Promise<void> {
    for (let waited = 0; waited < 30_000 && !GOOD.every((kind) => this.tally.isAllowed(kind)); waited += 50) {
      await sleep(50);
    }
  }

  private get host(): string {
    return this.options.named === true ? this.registry.host.replace('127.0.0.1', REGISTRY_NAME) : this.registry.host;
  }

  private async prepare(): Promise<void> {
    const authority = await mintAuthority(HOUR, Date.now());
    const serving = await mintServing(authority, ['localhost'], HOUR, Date.now());
    this.authority = authority.certificate;
    this.write('tls.crt', serving.certificate);
    this.write('tls.key', serving.key);
    this.write('policy.json', this.policy());
    this.write('trusted_root.json', await this.trustRoot());
    this.write('registries.json', {
      [this.host]: { plainHttp: true, ...(this.options.named === true ? { acknowledgePlainHttp: 'the registry of a test' } : {}) },
      ...(this.tuf === undefined ? {} : { [this.tuf.host]: { caFile: 'mirror.pem' } }),
    });
    this.write('interference.json.names', '');
    this.interfere({});
    this.fresh.push(...Array.from({ length: this.options.fresh ?? 150 }, () => this.good()));
    await Promise.all(Array.from({ length: this.options.replicas ?? 3 }, () => this.startReplica()));
    this.balancer = await Balancer.start(() => this.replicas.map(({ target }) => target.port));
  }

  /** The trust root, or where it is fetched. */
  private async trustRoot(): Promise<unknown> {
    const releases = this.options.releases?.(this.world.trustedRoot, this.strangers.trustedRoot).map((root) => JSON.stringify(root));
    if (releases === undefined) {
      return this.world.trustedRoot;
    }
    const [first = '', ...later] = releases;
    this.tuf = await TufRepository.start(first);
    this.write('mirror.pem', this.tuf.certificate);
    this.tuf.roles.timestamp.endsIn = this.options.metadataLasts ?? this.tuf.roles.timestamp.endsIn;
    for (const content of later) {
      this.earlierTimestamp = this.tuf.files.get('timestamp.json') ?? Buffer.alloc(0);
      this.tuf.release(content);
    }
    return this.tuf.source;
  }

  private image(kind: string, prove: (digest: string, repository: string) => void): string {
    this.count += 1;
    const repository = `acme/${kind}-${this.count}`;
    const digest = this.registry.pushImage(repository, String(this.count));
    prove(digest, repository);
    return `${this.host}/${repository}@${digest}`;
  }

  private attach(repository: string, digest: string, world: SigstoreWorld, identity: Identity): void {
    this.registry.attach(repository, digest, bundleBytes(world.signKeyless(identity, signStatement(digest))));
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
