import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mintAuthority, mintServing } from '../lib/verifier/tls/authority';
import { synthesizeExample } from '../test/support/example';
import { TestRegistry } from '../test/support/registry';
import { ServerProcess } from '../test/support/server-process';
import { DemoCluster } from './cluster';
import { DemoImages, pushImages } from './images';

const EXAMPLE = 'private-sigstore';
const HOUR = 3_600_000;

/** Everything the demo plays on: a registry with images, what an example synthesizes for them, and `proofgate serve`, which enforces it. */
export class Stage {
  /** @param progress - told what is being done */
  static async build(progress: (step: string) => void): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'proofgate-demo-'));
    const opened: Array<() => Promise<void> | void> = [() => rmSync(folder, { recursive: true, force: true })];
    const close = async (): Promise<void> => {
      for (const end of opened.splice(0).toReversed()) {
        await end();
      }
    };
    try {
      progress('signing images and pushing them to a registry');
      const registry = await TestRegistry.start();
      opened.push(() => registry.close());
      const { images, trustedRoot } = pushImages(registry);

      progress(`synthesizing examples/${EXAMPLE}`);
      const rootFile = write(folder, 'trusted_root.json', JSON.stringify(trustedRoot));
      const manifest = synthesizeExample(EXAMPLE, folder, {
        REGISTRY: registry.host, TRUSTED_ROOT: rootFile, TSX_TSCONFIG_PATH: resolve('tsconfig.dev.json'),
      });

      progress('starting the verifier');
      const authority = await mintAuthority(HOUR, Date.now());
      const serving = await mintServing(authority, ['localhost'], HOUR, Date.now());
      const verifier = await ServerProcess.start([
        resolve('build/bin/proofgate.cjs'), 'serve', '--listen', '127.0.0.1:0',
        '--policy', write(folder, 'enforcement.yaml', manifest),
        '--registry-config', write(folder, 'registries.json', JSON.stringify({ [registry.host]: { plainHttp: true } })),
        '--tls-cert', write(folder, 'tls.crt', serving.certificate),
        '--tls-key', write(folder, 'tls.key', serving.key),
      ], authority.certificate, join(folder, 'verifier.log'));
      opened.push(() => verifier.stop());
      return new Stage(images, new DemoCluster(manifest, verifier.target), verifier, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  private constructor(
    readonly images: DemoImages,
    readonly cluster: DemoCluster,
    private readonly verifier: ServerProcess,
    /** Stops and removes everything. */
    readonly close: () => Promise<void>,
  ) {}

  /** From here on nobody answers the webhooks. */
  async stopVerifier(): Promise<void> {
    await this.verifier.stop();
  }
}

function write(folder: string, name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
