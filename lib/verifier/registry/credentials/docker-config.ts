import { isUtf8 } from 'node:buffer';
import { NameError } from '../../../policy/name-error';
import { canonicalHost } from '../../../policy/registry-host';
import { parseStrictJson, StrictJsonError } from '../../json';
import { Credential } from './source';

/**
 * Credentials as docker and Kubernetes keep them (`kubernetes.io/dockerconfigjson`), by `host[/path]`; a label of the host may hold `*`, which
 * stands for any characters of that label.
 */
export type DockerConfig = ReadonlyMap<string, Credential>;

/**
 * Reads `auths`; what is wrong is told, without any of the secrets.
 *
 * Keys are read as the kubelet reads them: a scheme is left out, and so is the version of the API in front of the path.
 */
export function parseDockerConfig(bytes: Uint8Array, wrong: (message: string) => void): DockerConfig {
  const credentials = new Map<string, Credential>();
  let value: unknown;
  try {
    value = parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) {
      throw error;
    }
    // The parser's own message would repeat a piece of the file.
    wrong('is not JSON, or has a key twice');
    return credentials;
  }
  const auths = member(record(value) ?? {}, 'auths');
  const entries = record(auths);
  if (entries === undefined) {
    wrong('has no `auths`');
    return credentials;
  }
  for (const [written, entry] of Object.entries(entries)) {
    const key = canonicalKey(written);
    const credential = credentialOf(record(entry) ?? {});
    const known = key === undefined ? undefined : credentials.get(key);
    if (key === undefined) {
      wrong(`auths["${written}"] is for no registry: write host, host:port or host/path`);
    } else if (typeof credential === 'string') {
      wrong(`auths["${written}"] ${credential}`);
    } else if (known !== undefined && JSON.stringify(known) !== JSON.stringify(credential)) {
      wrong(`auths["${written}"] is for ${key}, for which there is another credential; keep one`);
    } else {
      credentials.set(key, credential);
    }
  }
  return credentials;
}

/**
 * The credentials of all keys that are for a repository, each once, in the order in which the kubelet tries them: by the longest path that is a prefix by
 * whole segments; of the same path that of the exact host, then those of patterns, backwards by the alphabet; of the same key by the files.
 */
export function dockerCredentials(configs: readonly DockerConfig[], registry: string, repository: string): Credential[] {
  const segments = repository.split('/');
  const keys = [...new Set(configs.flatMap((config) => [...config.keys()]))].sort().reverse();
  const found = new Map<string, Credential>();
  for (let length = segments.length; length >= 0; length -= 1) {
    const path = segments.slice(0, length).map((segment) => `/${segment}`).join('');
    const patterns = keys.filter((key) => key.endsWith(path) && hostMatches(key.slice(0, key.length - path.length), registry));
    for (const credential of [`${registry}${path}`, ...patterns].flatMap((key) => configs.flatMap((config) => config.get(key) ?? []))) {
      const text = JSON.stringify(credential);
      found.set(text, found.get(text) ?? credential);
    }
  }
  return [...found.values()];
}

/** By whole labels, with the same port; the text of a pattern before and after each `*` stands where it stands. */
function hostMatches(pattern: string, registry: string): boolean {
  const [[name = '', port], [wantedName = '', wantedPort]] = [registry.split(':'), pattern.split(':')];
  const [labels, wanted] = [name.split('.'), wantedName.split('.')];
  return pattern.includes('*') && port === wantedPort && labels.length === wanted.length && wanted.every((label, index) => labelMatches(label, labels[index] ?? ''));
}

function labelMatches(pattern: string, label: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) {
    return pattern === label;
  }
  let at = first.length;
  if (!label.startsWith(first) || !label.endsWith(last)) {
    return false;
  }
  for (const part of rest) {
    const found = label.indexOf(part, at);
    if (found < 0) {
      return false;
    }
    at = found + part.length;
  }
  return at <= label.length - last.length;
}

/** `undefined` for what names no registry. */
function canonicalKey(written: string): string | undefined {
  if (written.length > LONGEST_KEY) {
    return undefined;
  }
  const [host = '', ...path] = written.replace(/^https?:\/\//, '').replace(/\/+$/, '').split('/');
  const segments = path[0] === 'v1' || path[0] === 'v2' ? path.slice(1) : path;
  if (segments.includes('')) {
    return undefined;
  }
  try {
    // A pattern is checked as the name that it would be with a letter in place of each `*`.
    const canonical = host.includes('*') ? host.toLowerCase() : canonicalHost(host);
    canonicalHost(canonical.replaceAll('*', 'x'));
    return [canonical === HUB_ENDPOINT ? HUB : canonical, ...segments].join('/');
  } catch (error) {
    if (error instanceof NameError) {
      return undefined;
    }
    throw error;
  }
}

/** More than a host of 253 characters and a repository of 255 have. */
const LONGEST_KEY = 600;

const [HUB, HUB_ENDPOINT] = ['docker.io', 'registry-1.docker.io'];

/** The credential, or what is wrong with the entry. */
function credentialOf(entry: Members): Credential | string {
  const [auth, username, password, token] = ['auth', 'username', 'password', 'identitytoken'].map((name) => member(entry, name));
  if (typeof token === 'string' && token !== '') {
    return { type: 'identity-token', token };
  }
  const written = typeof username === 'string' && username !== '' && typeof password === 'string' ? { username, password } : undefined;
  const decoded = typeof auth === 'string' && auth !== '' ? decodeAuth(auth) : undefined;
  if (written !== undefined && decoded !== undefined && (written.username !== decoded.username || written.password !== decoded.password)) {
    return 'says one thing in auth and another in username and password; keep one';
  }
  const found = decoded ?? written;
  return found === undefined ? 'holds neither auth, which is the base64 of username:password, nor username and password, nor identitytoken' : { type: 'password', ...found };
}

function decodeAuth(auth: string): { readonly username: string; readonly password: string } | undefined {
  const bytes = Buffer.from(auth, 'base64');
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  const exact = bytes.toString('base64').replace(PADDING, '') === auth.replace(PADDING, '') && isUtf8(bytes);
  return !exact || colon < 1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

const PADDING = /={0,2}$/;

interface Members {
  readonly [key: string]: unknown;
}

function member(object: Members, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function record(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Members : undefined;
}
