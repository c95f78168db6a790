import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { NameError } from '../../policy/name-error';
import { canonicalHost } from '../../policy/registry-host';
import { unreadable } from '../read-text';
import { yamlProblem } from '../yaml-problem';
import { parseDockerConfig } from './credentials/docker-config';
import { DockerConfigFile } from './credentials/docker-config-file';
import { CredentialSource, fixedCredential } from './credentials/source';

/** Settings of one registry host; a host that is not listed is spoken to by TLS, anonymously, with the system's authorities. */
export interface HostSettings {
  /** Speak HTTP without TLS. */
  readonly plainHttp: boolean;
  /** PEM certificates trusted for this host instead of the system's. */
  readonly ca?: string;
  /** @default - the registry is read anonymously */
  readonly credentials?: CredentialSource;
  /**
   * `host[:port]` that gives out tokens for this registry and is told its credential, where it is another one than the registry's own.
   *
   * @default - the registry's own host, or the one that is well known for it
   */
  readonly tokenHost?: string;
}

/** By canonical `host[:port]`. */
export type RegistryConfig = ReadonlyMap<string, HostSettings>;

/** A registry configuration that cannot be used; one line per problem. */
export class RegistryConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the registry configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'RegistryConfigError';
  }
}

/** Reads the file given by `--registry-config`; without one, no host has settings. @throws RegistryConfigError */
export async function readRegistryConfig(file?: string): Promise<RegistryConfig> {
  if (file === undefined) {
    return new Map();
  }
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new RegistryConfigError([`${file}: cannot be read (${unreadable(error)})`]);
  }
  try {
    return parseRegistryConfig(text, file);
  } catch (error) {
    throw error instanceof RegistryConfigError ? new RegistryConfigError(error.problems.map((problem) => `${file}: ${problem}`)) : error;
  }
}

/**
 * Parses YAML or JSON: a mapping from host to `{plainHttp, acknowledgePlainHttp, caFile, username, password, dockerConfigFile, tokenHost}`.
 *
 * `plainHttp: true` for a host that is not loopback needs `acknowledgePlainHttp` with the reason.
 *
 * @param file - its name; files that it names are relative to where it lies
 * @throws RegistryConfigError
 */
export function parseRegistryConfig(text: string, file: string): RegistryConfig {
  const folder = dirname(file);
  const document = parseDocument(text, { uniqueKeys: true });
  const error = document.errors[0];
  if (error !== undefined) {
    throw new RegistryConfigError([yamlProblem(error, file)]);
  }
  const problems: string[] = [];
  const config = new Map<string, HostSettings>();
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    // An alias without its anchor, or too many of them.
    throw new RegistryConfigError([cause instanceof Error ? cause.message : String(cause)]);
  }
  if (!isRecord(value)) {
    throw new RegistryConfigError(['expected a mapping from registry host to its settings, such as `127.0.0.1:5000: {plainHttp: true}`']);
  }
  if (typeof value.apiVersion === 'string' && typeof value.kind === 'string') {
    throw new RegistryConfigError([`is a Kubernetes object of kind ${value.kind}, not a registry configuration; name a file such as \`127.0.0.1:5000: {plainHttp: true}\``]);
  }
  for (const [key, settings] of Object.entries(value)) {
    const host = hostOf(key, problems);
    if (host !== undefined && config.has(host)) {
      problems.push(`${key}: the host ${host} is listed twice`);
    } else if (host !== undefined) {
      config.set(host, settingsOf(host, settings, folder, problems));
    }
  }
  if (problems.length > 0) {
    throw new RegistryConfigError(problems);
  }
  return config;
}

/** Addresses that never leave the machine (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3; RFC 6761, section 6.3). */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

const FIELDS = ['plainHttp', 'acknowledgePlainHttp', 'caFile', 'username', 'password', 'dockerConfigFile', 'tokenHost'];

function settingsOf(host: string, value: unknown, folder: string, problems: string[]): HostSettings {
  const wrong = (field: string, message: string): void => void problems.push(`${host}.${field}: ${message}`);
  if (!isRecord(value)) {
    problems.push(`${host}: expected settings, one or more of ${FIELDS.join(', ')}`);
    return { plainHttp: false };
  }
  for (const field of Object.keys(value).filter((name) => !FIELDS.includes(name))) {
    wrong(field, `is not a setting; there are ${FIELDS.join(', ')}`);
  }
  const { plainHttp = false } = value;
  if (typeof plainHttp !== 'boolean') {
    wrong('plainHttp', 'expected true or false');
  }
  const text = (field: string): string | undefined => {
    const given = value[field];
    if (given === undefined) {
      return undefined;
    }
    if (typeof given !== 'string' || given === '') {
      wrong(field, 'expected a text that is not empty');
      return undefined;
    }
    return given;
  };
  const acknowledgement = text('acknowledgePlainHttp');
  if (plainHttp === true && !isLoopback(host) && acknowledgement === undefined) {
    wrong('plainHttp', 'without TLS anybody on the way can change what is read; use TLS, or say why not in acknowledgePlainHttp');
  }
  if (plainHttp !== true && acknowledgement !== undefined) {
    wrong('acknowledgePlainHttp', 'acknowledges nothing while plainHttp is not true; remove it');
  }
  const [username, password] = [text('username'), text('password')];
  if ((username === undefined) !== (password === undefined)) {
    wrong(username === undefined ? 'username' : 'password', 'is missing; username and password belong together');
  }
  const ca = contentOf(text('caFile'), folder, (message) => wrong('caFile', message));
  if (ca !== undefined && !isCertificate(ca)) {
    wrong('caFile', `${text('caFile') ?? ''} holds no certificate; expected PEM, "-----BEGIN CERTIFICATE-----" and what follows`);
  }
  const dockerConfigFile = text('dockerConfigFile');
  const docker = contentOf(dockerConfigFile, folder, (message) => wrong('dockerConfigFile', message));
  if (docker !== undefined) {
    // Read again when it is needed; what is wrong with it today is told today.
    parseDockerConfig(Buffer.from(docker), (message) => wrong('dockerConfigFile', message));
  }
  if (docker !== undefined && username !== undefined) {
    wrong('dockerConfigFile', 'cannot stand beside username and password; keep one');
  }
  const tokenHost = tokenHostOf(text('tokenHost'), (message) => wrong('tokenHost', message));
  return {
    plainHttp: plainHttp === true,
    ...(ca === undefined ? {} : { ca }),
    ...(username === undefined || password === undefined ? {} : { credentials: fixedCredential({ type: 'password', username, password }) }),
    ...(dockerConfigFile === undefined ? {} : { credentials: new DockerConfigFile(resolve(folder, dockerConfigFile), host) }),
    ...(tokenHost === undefined ? {} : { tokenHost }),
  };
}

/** As a URL writes it, so that the two can be compared. */
function tokenHostOf(text: string | undefined, wrong: (message: string) => void): string | undefined {
  if (text === undefined) {
    return undefined;
  }
  const url = URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined;
  if (url === undefined || text.toLowerCase().replace(/:443$/, '') !== url.host) {
    wrong('expected host or host:port, such as auth.example.com, without scheme and path');
    return undefined;
  }
  return url.host;
}

function contentOf(file: string | undefined, folder: string, wrong: (message: string) => void): string | undefined {
  if (file === undefined) {
    return undefined;
  }
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch (error) {
    wrong(`${file} cannot be read (${unreadable(error)})`);
    return undefined;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    // Not a certificate: the caller says which file.
    return false;
  }
}

function hostOf(key: string, problems: string[]): string | undefined {
  try {
    return canonicalHost(key);
  } catch (error) {
    if (!(error instanceof NameError)) {
      throw error;
    }
    problems.push(`${key}: ${error.message}`);
    return undefined;
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
