import { TrustRootOption } from '../options';
import { readText } from '../read-text';
import { BYTES_LIMITS, Gate } from '../gate';
import { ConfigurationDigests, requireDigests } from '../policies/digests';
import { LoadedPolicies } from '../policies/load';
import { checkPublicKeys } from '../policies/public-keys';
import { checkTrustRoots, unusedTrustRoots } from '../policies/trust-roots';
import { Deadline, PullSecrets } from '../ports';
import { PullReaders } from '../pull/readers';
import { OciRegistry, readRegistryConfig, registryConfigOf } from '../registry';
import { REGISTRY_LIMITS } from '../registry/limits';
import { assembleTrust } from '../trust/assemble-trust';
import { RefreshedRoot, TrustEvent } from '../trust/refreshed-root';
import { ImageJudge } from './image-judge';
import { VerdictCache } from './verdict-cache';
import { WaitingRoom } from '../waiting-room';

export interface JudgeOptions {
  readonly policies: LoadedPolicies;
  readonly trustRoots: readonly TrustRootOption[];
  readonly registryConfig?: string;
  /**
   * Where the pull Secrets of workloads are read; called where a registry is read with their rights.
   *
   * @throws Error with a readable message where they cannot be
   * @default - there is no cluster, so that such a registry is read anonymously
   */
  readonly pullSecrets?: () => PullSecrets;
  /** What all of it must be. @default - whatever the files hold */
  readonly digests?: ConfigurationDigests;
  /** Milliseconds that gathering the evidence of one image is given. */
  readonly budget: number;
  readonly unexpected: (error: unknown) => void;
  /** Whether the trust roots that ship are refreshed; those of a policy set that are fetched always are. */
  readonly refreshShipped: boolean;
  readonly trustChanged: (event: TrustEvent) => void;
  /** File that worker threads run: `lib/verifier/sigstore/thread-main.ts`, bundled. */
  readonly entry: string;
}

/** A judge with everything it needs, and how to let go of it. */
export interface AssembledJudge {
  readonly judge: ImageJudge;
  readonly cache: VerdictCache;
  /** What was given and is not used, one line each. */
  readonly unused: readonly string[];
  /** Trust roots that are kept up to date. */
  readonly refreshed: readonly RefreshedRoot[];
  /** Loads cryptography and the trust roots, which takes a core of its own for a while; resolves when they are there. */
  ready(): Promise<void>;
  /**
   * Resolves when cryptography tells a genuine signature from a forged one.
   *
   * @throws Error with what is broken; VerifierError when there was no answer in time
   */
  check(deadline: Deadline): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts the real registry client, the real cryptography and the policies together.
 *
 * @throws Error with a readable message for a configuration that is not the one that was said, and a key, trust root or registry configuration that is missing or cannot be used
 */
export async function assembleJudge(options: JudgeOptions): Promise<AssembledJudge> {
  const { set, trustRoots } = options.policies;
  const given = await Promise.all(options.trustRoots.map(async ({ name, file }) => ({ name, json: await readText(file, `trust root ${name}`) })));
  const registries = options.registryConfig === undefined ? undefined : await readRegistryConfig(options.registryConfig);
  const named = [...trustRoots.filter((root) => given.every(({ name }) => name !== root.name)), ...given];
  if (options.digests !== undefined) {
    requireDigests(options.digests, { policies: set.digest, trustRoots: named, ...registries && { registryConfig: registries.text } });
  }
  checkPublicKeys(set);
  const config = registryConfigOf(registries);
  const secrets = [...config.values()].some(({ pullSecrets }) => pullSecrets !== undefined) ? options.pullSecrets?.() : undefined;
  const now = (): number => Date.now();
  const { trust, names, refreshed } = assembleTrust({
    set, given: named, refreshShipped: options.refreshShipped, registries: config, budget: options.budget, entry: options.entry, tell: options.trustChanged, now,
  });
  try {
    checkTrustRoots(set, names);
  } catch (error) {
    await trust.close();
    throw error;
  }
  const memory = new Gate(BYTES_LIMITS);
  const registry = new OciRegistry(config, REGISTRY_LIMITS, memory);
  const readers = new PullReaders({ own: registry, config, memory, ...secrets === undefined ? {} : { secrets } });
  const cache = new VerdictCache();
  const judge = new ImageJudge({ set, readers, trust, cache, room: new WaitingRoom(), gate: new Gate(), budget: options.budget, now, unexpected: options.unexpected });
  return {
    judge,
    cache,
    unused: unusedTrustRoots(set, given.map(({ name }) => name)),
    refreshed,
    ready: () => trust.ready(),
    check: (deadline) => trust.check(deadline),
    close: async () => {
      registry.close();
      readers.close();
      await trust.close();
    },
  };
}
