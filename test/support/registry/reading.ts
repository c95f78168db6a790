import { parseReference } from '../../../lib/kubernetes/reference';
import { RunningDeadline, startDeadline } from '../../../lib/verifier/deadline';
import { BYTES_LIMITS, Gate, GateLimits } from '../../../lib/verifier/gate';
import { AttachedBundles } from '../../../lib/verifier/ports';
import { OciRegistry, RegistryConfig } from '../../../lib/verifier/registry';
import { REGISTRY_LIMITS, RegistryLimits } from '../../../lib/verifier/registry/limits';
import { TestRegistry, TestRegistryOptions } from '../registry';

export interface ReadingOptions extends TestRegistryOptions {
  /** Settings of hosts. @default - plain HTTP for the registry */
  readonly config?: (registry: TestRegistry) => RegistryConfig;
  readonly limits?: Partial<RegistryLimits>;
  /** Room for bytes. @default - more than any test takes */
  readonly memory?: GateLimits;
  /** Milliseconds for each read. @default - more than any test takes */
  readonly time?: number;
}

/** A registry and the verifier's own client, as it reads from it. */
export class Reading {
  static async start(options: ReadingOptions = {}): Promise<Reading> {
    const registry = await TestRegistry.start(options);
    const config = options.config?.(registry) ?? new Map([[registry.host, { plainHttp: true }]]);
    return new Reading(registry, new OciRegistry(config, { ...REGISTRY_LIMITS, ...options.limits }, new Gate(options.memory ?? BYTES_LIMITS)), options.time ?? 60_000);
  }

  private constructor(readonly registry: TestRegistry, readonly client: OciRegistry, private readonly time: number) {}

  /** @param image - repository with tag or digest, without host */
  resolve(image: string, host = this.registry.host): Promise<string> {
    return this.within((deadline) => this.client.resolve(parseReference(`${host}/${image}`), deadline));
  }

  bundles(repository: string, digest: string, host = this.registry.host): Promise<AttachedBundles> {
    return this.using(repository, digest, (found) => Promise.resolve(found), host);
  }

  /** @param use - what is made of them, while they count as kept in memory */
  using<T>(repository: string, digest: string, use: (bundles: AttachedBundles) => Promise<T>, host = this.registry.host): Promise<T> {
    return this.within((deadline) => this.client.bundles(parseReference(`${host}/${repository}@${digest}`), digest, deadline, use));
  }

  olderLayout(repository: string, digest: string): Promise<AttachedBundles> {
    const reference = parseReference(`${this.registry.host}/${repository}@${digest}`);
    return this.within((deadline) => this.client.olderLayout(reference, digest, deadline, (found) => Promise.resolve(found)));
  }

  /** The texts of the bundles that are found, sorted. */
  async texts(repository: string, digest: string, host = this.registry.host): Promise<string[]> {
    const { bundles } = await this.bundles(repository, digest, host);
    return bundles.map(({ bytes }) => Buffer.from(bytes).toString('utf8')).sort();
  }

  async close(): Promise<void> {
    this.client.close();
    await this.registry.close();
  }

  private async within<T>(read: (deadline: RunningDeadline) => Promise<T>): Promise<T> {
    const deadline = startDeadline(this.time);
    try {
      return await read(deadline);
    } finally {
      deadline.done();
    }
  }
}
