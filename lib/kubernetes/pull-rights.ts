import { compare } from '../policy/canonical-order';
import { PolicyDocument } from '../policy/document';
import { DEFAULT_NAMESPACES } from '../policy/namespaces';
import { registriesOf } from './registries';

/** A registry that is read with the pull Secrets of workloads. */
export interface PulledRegistry {
  /** Canonical `host[:port]`. */
  readonly host: string;
  /** Names of the Secrets that may be read for it. */
  readonly pullSecrets: readonly string[];
}

/** Names of the Secrets that the verifier has to be able to read, each list sorted and without repetitions. */
export interface PullRights {
  /** In whatever namespace, since some document holds in namespaces that it does not name. */
  readonly everywhere: readonly string[];
  /** By namespace, where documents name it. */
  readonly within: ReadonlyMap<string, readonly string[]>;
}

/**
 * The narrowest rights by which pull Secrets can be read: for each registry in the namespaces of the documents that name its images.
 *
 * A further document takes nothing away, so that what is rendered for some documents is there for all of them.
 */
export function pullRights(documents: readonly PolicyDocument[], registries: readonly PulledRegistry[]): PullRights {
  const everywhere: string[] = [];
  const within = new Map<string, readonly string[]>();
  for (const { host, pullSecrets } of registries) {
    for (const document of documents.filter((one) => registriesOf(one).includes(host))) {
      const namespaces = document.spec.namespaces ?? DEFAULT_NAMESPACES;
      if ('names' in namespaces) {
        namespaces.names.forEach((name) => within.set(name, sorted([...within.get(name) ?? [], ...pullSecrets])));
      } else {
        everywhere.push(...pullSecrets);
      }
    }
  }
  return { everywhere: sorted(everywhere), within: new Map([...within].sort(([a], [b]) => compare(a, b))) };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compare);
}
