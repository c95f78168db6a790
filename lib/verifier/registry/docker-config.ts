import { DOCKER_HUB } from '../../policy/registry-host';

/** Credentials as docker and Kubernetes keep them (`kubernetes.io/dockerconfigjson`), by `host[/path]`. */
export type DockerConfig = ReadonlyMap<string, DockerCredential>;

export type DockerCredential = DockerPassword | DockerIdentityToken;

export interface DockerPassword {
  readonly type: 'password';
  readonly username: string;
  readonly password: string;
}

/** An OAuth 2 refresh token. */
export interface DockerIdentityToken {
  readonly type: 'identity-token';
  readonly token: string;
}

/** Docker Hub's historic key. */
const HUB_KEYS = new Set(['https://index.docker.io/v1/', 'index.docker.io/v1', 'index.docker.io', 'registry-1.docker.io']);

/** Reads `auths`; what is wrong is told, without any of the secrets. */
export function parseDockerConfig(text: string, wrong: (message: string) => void): DockerConfig {
  const credentials = new Map<string, DockerCredential>();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would repeat a piece of the file.
    wrong('is not JSON');
    return credentials;
  }
  const auths = record(record(value)?.auths);
  if (auths === undefined) {
    wrong('has no `auths`');
    return credentials;
  }
  for (const [key, entry] of Object.entries(auths)) {
    const credential = credentialOf(record(entry) ?? {});
    if (credential === undefined) {
      wrong(`auths["${key}"] holds neither auth, username and password, nor identitytoken`);
    } else {
      credentials.set(canonicalKey(key), credential);
    }
  }
  return credentials;
}

/** The credential of the longest key that is a prefix of the repository by whole path segments. */
export function credentialFor(config: DockerConfig, registry: string, repository: string): DockerCredential | undefined {
  const segments = repository.split('/');
  for (let length = segments.length; length >= 0; length -= 1) {
    const credential = config.get([registry, ...segments.slice(0, length)].join('/'));
    if (credential !== undefined) {
      return credential;
    }
  }
  return undefined;
}

function canonicalKey(key: string): string {
  if (HUB_KEYS.has(key)) {
    return DOCKER_HUB;
  }
  const [host = '', ...path] = key.replace(/^https?:\/\//, '').replace(/\/+$/, '').replace(/\/v[12]$/, '').split('/');
  return [host.toLowerCase(), ...path].join('/');
}

function credentialOf(entry: { readonly [key: string]: unknown }): DockerCredential | undefined {
  const { auth, username, password, identitytoken } = entry;
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return { type: 'identity-token', token: identitytoken };
  }
  if (typeof username === 'string' && typeof password === 'string') {
    return { type: 'password', username, password };
  }
  if (typeof auth === 'string') {
    const [name, ...rest] = Buffer.from(auth, 'base64').toString('utf8').split(':');
    return rest.length === 0 || name === undefined ? undefined : { type: 'password', username: name, password: rest.join(':') };
  }
  return undefined;
}

function record(value: unknown): { readonly [key: string]: unknown } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as { readonly [key: string]: unknown } : undefined;
}
