import { readFile } from 'node:fs/promises';
import { TrustRootOption } from '../options';
import { LoadedPolicies } from '../policies/load';
import { OciRegistry, readRegistryConfig } from '../registry';
import { loadTrustRoots, WorkerPool } from '../sigstore';
import { Gate } from './gate';
import { ImageJudge } from './image-judge';
import { VerdictCache } from './verdict-cache';

export interface JudgeOptions {
  readonly policies: LoadedPolicies;
  readonly trustRoots: readonly TrustRootOption[];
  readonly registryConfig?: string;
  /** Milliseconds that gathering the evidence of one image is given. */
  readonly budget: number;
  readonly unexpected: (error: unknown) => void;
  /** File that worker threads run: the bundle this is part of. */
  readonly entry: string;
}

/** A judge with everything it needs, and how to let go of it. */
export interface AssembledJudge {
  readonly judge: ImageJudge;
  readonly cache: VerdictCache;
  /** Resolves when cryptography is loaded and has passed its self-test. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts the real registry client, the real cryptography and the policies together.
 *
 * @throws Error with a readable message for a trust root or registry configuration that cannot be used
 */
export async function assembleJudge(options: JudgeOptions): Promise<AssembledJudge> {
  const { set, trustRoots } = options.policies;
  const given = await Promise.all(options.trustRoots.map(async ({ name, file }) => ({ name, json: await readFile(file, 'utf8') })));
  const roots = loadTrustRoots([...trustRoots.filter((root) => given.every(({ name }) => name !== root.name)), ...given]);
  const registry = new OciRegistry(await readRegistryConfig(options.registryConfig));
  const now = (): number => Date.now();
  const evidence = new WorkerPool({ trustRoots: roots, entry: options.entry });
  const cache = new VerdictCache();
  const judge = new ImageJudge({ set, registry, evidence, cache, gate: new Gate(), budget: options.budget, now, unexpected: options.unexpected });
  return {
    judge,
    cache,
    ready: evidence.ready(),
    close: async () => {
      registry.close();
      await evidence.close();
    },
  };
}
