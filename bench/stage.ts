import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../image/process';
import { mintAuthority, mintServing } from '../lib/verifier/tls/authority';
import { TestRegistry, TestRegistryOptions } from '../test/support/registry';
import { ServerProcess } from '../test/support/server-process';
import { BundleJson, bundleBytes, githubRun, SigstoreWorld, signStatement } from '../test/support/sigstore';
import { BarePeer } from './bare-server';
import { keyPolicyFor, policyFor, TRUST_ROOT } from './policy';

const HOUR = 3_600_000;

/** A registry whose images are signed as they are asked for. */
export class SignedImages {
  static async start(options: TestRegistryOptions = {}): Promise<SignedImages> {
    return new SignedImages(await TestRegistry.start(options));
  }

  readonly world = SigstoreWorld.create();
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private count = 0;

  private constructor(readonly registry: TestRegistry) {}

  /** PEM of the key that signs where no certificate does. */
  get publicKey(): string {
    return this.keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  /** New images of `acme/`, each with so many signatures by certificates of their own. @returns their references */
  keyless(count: number, signatures = 1): string[] {
    return this.images('acme', count, (digest) => Array.from({ length: signatures }, () => this.world.signKeyless(githubRun(), signStatement(digest))));
  }

  /** New images of `keyed/`, each signed by the one key. @returns their references */
  keyed(count: number): string[] {
    return this.images('keyed', count, (digest) => [this.world.signWithKey(this.keys.privateKey, signStatement(digest), { log: 'none', timestamp: false })]);
  }

  private images(project: string, count: number, bundlesOf: (digest: string) => readonly BundleJson[]): string[] {
    return Array.from({ length: count }, () => {
      this.count += 1;
      const repository = `${project}/app-${this.count}`;
      const digest = this.registry.pushImage(repository, String(this.count));
      bundlesOf(digest).forEach((bundle) => this.registry.attach(repository, digest, bundleBytes(bundle)));
      return `${this.registry.host}/${repository}@${digest}`;
    });
  }
}

/** Servers in processes of their own before one registry, without a cluster. */
export class BenchStage {
  static async start(): Promise<BenchStage> {
    const authority = await mintAuthority(HOUR, Date.now());
    const stage = new BenchStage(await SignedImages.start(), authority.certificate);
    const serving = await mintServing(authority, ['localhost'], HOUR, Date.now());
    stage.write('tls.crt', serving.certificate);
    stage.write('tls.key', serving.key);
    return stage;
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'proofgate-bench-'));
  private readonly running: ServerProcess[] = [];

  private constructor(readonly images: SignedImages, private readonly authority: string) {}

  /** The built verifier, with a policy for keyless images and one for those signed by the key. */
  startVerifier(): Promise<ServerProcess> {
    const { certificate, key } = this.identity;
    return this.run('verifier', [...NODE_FLAGS, 'build/bin/verifier.cjs', ...this.serve(0, ['--tls-cert', certificate, '--tls-key', key])], NODE_ENVIRONMENT);
  }

  /** Files of the certificate that servers show, and its key. */
  get identity(): { readonly certificate: string; readonly key: string } {
    return { certificate: this.file('tls.crt'), key: this.file('tls.key') };
  }

  /** The verifier's own arguments. @param tls - where its certificate is from */
  serve(port: number, tls: readonly string[]): string[] {
    const { registry, world, publicKey } = this.images;
    return [
      'serve', '--listen', `127.0.0.1:${port}`, ...tls,
      // A file for each, as the Deployment has it.
      ...[policyFor(registry.host), keyPolicyFor(registry.host, publicKey)].flatMap((document, index) => ['--policy', this.write(`policy-${index + 1}.json`, JSON.stringify(document))]),
      '--trust-root', `${TRUST_ROOT}=${this.write('trusted_root.json', JSON.stringify(world.trustedRoot))}`,
      '--registry-config', this.write('registries.json', JSON.stringify({ [registry.host]: { plainHttp: true } })),
    ];
  }

  startPeer(peer: BarePeer): Promise<ServerProcess> {
    return this.run(peer, [__filename, 'bare-server', peer, this.file('tls.crt'), this.file('tls.key'), '127.0.0.1:0']);
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map((server) => server.stop('SIGKILL')));
    await this.images.registry.close();
    rmSync(this.folder, { recursive: true });
  }

  private async run(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const server = await ServerProcess.start(args, this.authority, this.file(`${name}.log`), { env });
    this.running.push(server);
    return server;
  }

  private file(name: string): string {
    return join(this.folder, name);
  }

  private write(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }
}
