import { describe } from '../policy/field';
import { canonicalHost } from '../policy/registry-host';
import { isPathComponent } from '../policy/repository-name';
import { parsed } from '../policy/exact';
import { Check, list, objectName, optional, Properties, required, struct } from './properties';
import { aRegistryIdentity, RegistryIdentity } from './registry-identity';

/** Secrets of workloads that may be read for one registry. */
const MOST_PULL_SECRETS = 16;

/**
 * How the verifier reaches one registry.
 *
 * @example
 *
 * const registry: VerifierRegistry = { host: 'registry.corp.example', caConfigMap: 'registry-ca', credentialsSecret: 'registry-read' };
 */
export interface VerifierRegistry {
  /** `host` or `host:port`, in lower case, without scheme and path. */
  readonly host: string;

  /**
   * Name of a Secret of type `kubernetes.io/dockerconfigjson` in the verifier's namespace; credentials go to this host alone.
   *
   * @default - anonymous
   */
  readonly credentialsSecret?: string;

  /**
   * Name of a ConfigMap in the verifier's namespace whose `ca.crt` holds the registry's certificate authority.
   *
   * @default - the public ones
   */
  readonly caConfigMap?: string;

  /**
   * `host` or `host:port` that gives out the registry's tokens and is told its credentials, such as the GitLab beside a registry of GitLab's.
   *
   * @default - the registry's own host, or the one that is known to speak for it
   */
  readonly tokenHost?: string;

  /**
   * Where the same images are, looked at in this order before the registry itself: `host`, `host:port` or `host/path`. What is judged keeps its name.
   *
   * @default - the registry alone is asked
   */
  readonly mirrors?: string[];

  /**
   * Who the verifier is for the cloud that the registry belongs to, in place of `credentialsSecret`.
   *
   * @default - credentialsSecret, or anonymous
   */
  readonly identity?: RegistryIdentity;

  /**
   * Names of the Secrets that may be read in the namespaces of workloads to read this registry with their rights, in place of a credential of the
   * verifier's own: those of them that a Pod or template names in its `imagePullSecrets`, each in its own namespace.
   *
   * Lets the verifier read Secrets of these names, whatever they hold, in the namespaces of the policies that name images of this registry.
   *
   * @default - no Secret of a workload is read
   */
  readonly pullSecrets?: string[];
}

const host: Check = (field) => {
  if (typeof field.value === 'string' && field.value.includes('/')) {
    field.problem(`is ${describe(field.value)}, which has a scheme or a path: write the host alone, such as ghcr.io or registry.acme.example:5000`);
    return;
  }
  const canonical = parsed(field, canonicalHost);
  if (canonical !== undefined && canonical !== field.value) {
    field.problem(`is ${describe(field.value)}, which is the registry ${describe(canonical)}: write it like this`);
  }
};

const mirror: Check = (field) => {
  const written = field.text();
  const [first = '', ...path] = (written ?? '').split('/');
  if (written !== undefined && !path.every(isPathComponent)) {
    field.problem(`is ${describe(written)}: write host, host:port or host/path, without scheme and without a slash at the end`);
  } else if (written !== undefined) {
    const canonical = parsed(field, () => canonicalHost(first)) ?? first;
    if (canonical !== first) {
      field.problem(`is ${describe(written)}: write its host as ${describe(canonical)}`);
    }
  }
};

/** A bounded number: each may be read for one request. */
const pullSecrets: Check = (field) => {
  list(objectName, { named: true })(field);
  const names = Array.isArray(field.value) ? field.value : [];
  if (new Set(names).size < names.length) {
    field.problem('names a Secret twice: name each once');
  }
  if (names.length > MOST_PULL_SECRETS) {
    field.problem(`names ${names.length} Secrets: name ${MOST_PULL_SECRETS} at most`);
  }
};

const REGISTRY = (identity: Check): Properties<VerifierRegistry> => ({
  host: required(host), credentialsSecret: optional(objectName), caConfigMap: optional(objectName), tokenHost: optional(host),
  mirrors: optional(list(mirror, { named: true })), identity: optional(identity), pullSecrets: optional(pullSecrets),
});

const registry = (identity: Check): Check => (field) => {
  struct(REGISTRY(identity))(field);
  if (field.isObject && Object.keys(field.value as object).every((key) => key === 'host' || field.at(key).absent)) {
    field.problem('has neither credentialsSecret nor identity nor caConfigMap nor tokenHost nor mirrors nor pullSecrets, so it would have no effect: name one of them, or remove it');
  }
  if (field.isObject && !field.at('identity').absent && !field.at('credentialsSecret').absent) {
    field.problem('has both credentialsSecret and identity: keep one of them');
  }
  const contrary = ['credentialsSecret', 'identity', 'mirrors'].find((name) => field.isObject && !field.at('pullSecrets').absent && !field.at(name).absent);
  if (contrary !== undefined) {
    field.problem(`has both pullSecrets and ${contrary}: workloads would gain by rights that are not their own; keep one of them`);
  }
};

/** All registries: each once, with one credential. */
export const registries = (identity: Check = aRegistryIdentity): Check => (field) => {
  list(registry(identity))(field);
  const seen = new Set<unknown>();
  for (const item of Array.isArray(field.value) ? field.list() ?? [] : []) {
    const { value } = item.at('host');
    if (value !== undefined && seen.has(value)) {
      item.at('host').problem(`is ${describe(value)} a second time: put everything about one registry into one entry`);
    }
    seen.add(value);
  }
  const items = (Array.isArray(field.value) ? field.value : []).map(recordOf);
  const pulled = items.flatMap(({ host: name, pullSecrets: secrets }) => (secrets === undefined ? [] : [name]));
  const places = items.flatMap(({ mirrors }): unknown[] => (Array.isArray(mirrors) ? mirrors : [])).filter((place) => typeof place === 'string');
  const mirrored = places.find((place) => pulled.includes(place.split('/')[0]));
  if (mirrored !== undefined) {
    field.problem(`name ${describe(mirrored)} as a mirror, and its registry with pullSecrets: a registry that is read with the rights of workloads is no mirror of another`);
  }
  const accounts = (Array.isArray(field.value) ? field.value : []).flatMap(googleAccountOf);
  if (new Set(accounts).size > 1) {
    field.problem(`name ${accounts.length} service accounts of Google for the verifier's, which speaks for one: ${accounts.join(', ')}. Name the same one everywhere`);
  }
};

function recordOf(item: unknown): { readonly [name: string]: unknown } {
  return typeof item === 'object' && item !== null ? { ...item } : {};
}

function googleAccountOf(item: unknown): string[] {
  const identity: unknown = typeof item === 'object' && item !== null && 'identity' in item ? item.identity : undefined;
  const account = identity instanceof RegistryIdentity ? identity._googleAccount : undefined;
  return account === undefined ? [] : [account];
}
