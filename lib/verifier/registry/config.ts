import { dirname } from 'node:path';
import { NameError } from '../../policy/name-error';
import { canonicalHost } from '../../policy/registry-host';
import { isRecord } from '../is-record';
import { unreadable } from '../../policy/unreadable';
import { NAME_ANOTHER, readFile } from '../read-text';
import { readYaml } from '../read-yaml';
import { ConfigFile, ConfigSection } from './config-section';
import { HOST_FIELDS, HostSettings, parseHostSettings } from './host-settings';
import { parseProxy } from './proxy/parse-proxy';

/** By canonical `host[:port]`; under `*` what holds for every host that is not listed. */
export type RegistryConfig = ReadonlyMap<string, HostSettings>;

/** A registry configuration that cannot be used; one line per problem. */
export class RegistryConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the registry configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'RegistryConfigError';
  }
}

/** What stands for every host. */
const EVERY = '*';

const EVERY_FIELDS = ['caFile', 'proxy'];

/** How a registry is spoken to, listed or not. */
export function settingsOf(config: RegistryConfig, registry: string): HostSettings {
  return config.get(registry) ?? config.get(EVERY) ?? { plainHttp: false };
}

/** The file given by `--registry-config`, not parsed yet. */
export interface RegistryConfigFile {
  readonly file: string;
  readonly text: string;
}

/** @throws RegistryConfigError */
export async function readRegistryConfig(file: string): Promise<RegistryConfigFile> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    throw new RegistryConfigError([`${file}: cannot be read (${unreadable(error)}); ${NAME_ANOTHER}`]);
  }
}

/** What the file says; without one, no host has settings. @throws RegistryConfigError */
export function registryConfigOf(from?: RegistryConfigFile): RegistryConfig {
  if (from === undefined) {
    return new Map();
  }
  const { file, text } = from;
  try {
    return parseRegistryConfig(text, file);
  } catch (error) {
    throw error instanceof RegistryConfigError ? new RegistryConfigError(error.problems.map((problem) => `${file}: ${problem}`)) : error;
  }
}

/**
 * Parses YAML or JSON: a mapping from host to its settings (`HOST_FIELDS`), and from `*` to what holds for all of them: `{caFile, proxy}`.
 *
 * `plainHttp: true` for a host that is not loopback needs `acknowledgePlainHttp` with the reason.
 *
 * @param file - its name; files that it names are relative to where it lies
 * @throws RegistryConfigError
 */
export function parseRegistryConfig(text: string, file: string): RegistryConfig {
  const hosts = mappingOf(text, file);
  const here: ConfigFile = { folder: dirname(file), problems: [] };
  const { problems } = here;
  const { [EVERY]: every, ...listed } = hosts;
  const all = every === undefined ? undefined : parseEvery(every, here);
  const config = new Map<string, HostSettings>(all === undefined ? [] : [[EVERY, { plainHttp: false, ...all }]]);
  for (const [key, value] of Object.entries(listed)) {
    const host = hostOf(key, problems);
    if (host !== undefined && config.has(host)) {
      problems.push(`${key}: the host ${host} is listed twice`);
    } else if (host !== undefined) {
      const section = ConfigSection.of(value, host, HOST_FIELDS, here);
      config.set(host, { ...all, ...section === undefined ? { plainHttp: false } : parseHostSettings(section, host) });
    }
  }
  for (const [host, { mirrors = [] }] of config) {
    mirrors.filter(({ registry }) => config.get(registry)?.pullSecrets !== undefined).forEach(({ registry }) => {
      problems.push(`${host}.mirrors: ${registry} is read with the pull Secrets of workloads, and so is no mirror of another registry; remove it there, or its pullSecrets`);
    });
  }
  if (problems.length > 0) {
    throw new RegistryConfigError(problems);
  }
  return config;
}

function mappingOf(text: string, file: string): { readonly [key: string]: unknown } {
  const { values: [value, ...more], problems: [problem] } = readYaml(text, file);
  if (problem !== undefined) {
    throw new RegistryConfigError([problem]);
  }
  if (more.length > 0) {
    throw new RegistryConfigError(['holds several documents; everything about registries belongs into one']);
  }
  if (!isRecord(value)) {
    throw new RegistryConfigError(['expected a mapping from registry host to its settings, such as `127.0.0.1:5000: {plainHttp: true}`']);
  }
  if (typeof value.apiVersion === 'string' && typeof value.kind === 'string') {
    throw new RegistryConfigError([`is a Kubernetes object of kind ${value.kind}, not a registry configuration; name a file such as \`127.0.0.1:5000: {plainHttp: true}\``]);
  }
  return value;
}

function parseEvery(value: unknown, file: ConfigFile): Pick<HostSettings, 'ca' | 'proxy'> {
  const section = ConfigSection.of(value, `"${EVERY}"`, EVERY_FIELDS, file);
  const ca = section?.certificates('caFile');
  const proxy = section && parseProxy(section);
  return { ...(ca === undefined ? {} : { ca }), ...(proxy === undefined ? {} : { proxy }) };
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
