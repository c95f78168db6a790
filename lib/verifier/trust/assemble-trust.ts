import { PolicySet } from '../../policy/normal';
import { RegistryConfig } from '../registry/config';
import { CANARY_ROOT, loadTrustRoots, NamedRoot, WorkerPool } from '../sigstore';
import { LiveTrust } from './live-trust';
import { RefreshedRoot, TrustEvent } from './refreshed-root';
import { clientOf, readContent, SHIPPED_SOURCES, tryReadSource } from './sources';
import { rootsOf } from './trust';

export interface TrustOptions {
  readonly set: PolicySet;
  /** Trust roots, or files that say where one is fetched, by the names that policies use. */
  readonly given: readonly NamedRoot[];
  /** Whether the roots that ship are refreshed, too. */
  readonly refreshShipped: boolean;
  /** Also says how mirrors are reached. */
  readonly registries: RegistryConfig;
  /** Milliseconds that a question may take. */
  readonly budget: number;
  /** File that worker threads run. */
  readonly entry: string;
  readonly tell: (event: TrustEvent) => void;
  readonly now: () => number;
}

export interface AssembledTrust {
  readonly trust: LiveTrust;
  /** Names of all roots that there are. */
  readonly names: readonly string[];
  /** Those that are refreshed. */
  readonly refreshed: readonly RefreshedRoot[];
}

/** Milliseconds over which replicas spread their first look at a root that they can do without. */
const SPREAD = 30_000;

/**
 * All trust roots of the process. Nothing is waited for; one that no policy names is not loaded, and nobody is asked for it.
 *
 * @throws TrustRootError for one that cannot be trusted as it stands
 */
export function assembleTrust(options: TrustOptions): AssembledTrust {
  const { given, registries, now, tell } = options;
  const sources = given.flatMap((root) => {
    const source = tryReadSource(root);
    return source === undefined ? [] : [{ name: root.name, source }];
  });
  const isFetched = (name: string): boolean => sources.some((source) => source.name === name);
  const fixed = loadTrustRoots(given.filter(({ name }) => !isFetched(name))).filter(({ name }) => !isFetched(name));
  const named = new Set(options.set.policies.flatMap(({ attestors }) => rootsOf(Object.values(attestors))));
  const trust = new LiveTrust({
    fixed: fixed.filter(({ name }) => named.has(name)),
    pool: (roots) => new WorkerPool({ trustRoots: [...roots, CANARY_ROOT], entry: options.entry }),
    grace: options.budget,
  });
  const shipped = fixed.flatMap(({ name, json }) => {
    const source = SHIPPED_SOURCES[name];
    return options.refreshShipped && source !== undefined && given.every((root) => root.name !== name) ? [{ name, source, json }] : [];
  });
  const refreshed = [...sources.map((source) => ({ ...source, json: undefined })), ...shipped].filter(({ name }) => named.has(name)).map(({ name, source, json }) => {
    const client = clientOf(name, source, registries);
    const root = new RefreshedRoot({
      name, now, tell,
      ...json === undefined ? {} : { shipped: json },
      refresh: (deadline) => client.refresh(deadline),
      read: (text) => readContent(name, text),
      adopt: (content) => trust.replace({ name, json: content }),
    });
    trust.add(root);
    root.start(json === undefined ? 0 : Math.random() * SPREAD);
    return root;
  });
  return { trust, names: [...fixed.map(({ name }) => name), ...sources.map(({ name }) => name)], refreshed };
}
