import { isDnsSubdomain } from '../../policy/dns-label';
import { NameError } from '../../policy/name-error';
import { ConfigSection } from './config-section';
import { parseDockerConfig } from './credentials/docker-config';
import { DockerConfigFile } from './credentials/docker-config-file';
import { IDENTITY_FIELDS, parseIdentity } from './credentials/parse-identity';
import { CredentialSource, fixedCredentials } from './credentials/source';
import { isLoopback } from './loopback';
import { Mirror, parseMirror } from './mirrors';
import { Proxy } from './proxy/proxy';

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
  /** Where to look before the registry itself, in order. @default - nowhere */
  readonly mirrors?: readonly Mirror[];
  /**
   * Names of the pull Secrets of workloads with whose rights it is read, in place of `credentials`.
   *
   * @default - all are read with the rights of the verifier
   */
  readonly pullSecrets?: readonly string[];
  /** @default - everything is reached directly */
  readonly proxy?: Proxy;
}

/** Secrets of workloads that may be read for one registry. */
const MOST_PULL_SECRETS = 16;

export const HOST_FIELDS = ['plainHttp', 'acknowledgePlainHttp', 'caFile', 'username', 'password', 'dockerConfigFile', ...IDENTITY_FIELDS, 'tokenHost', 'mirrors', 'pullSecrets'];

/** @param host - canonical */
export function parseHostSettings(section: ConfigSection, host: string): HostSettings {
  const plainHttp = section.flag('plainHttp');
  const acknowledgement = section.text('acknowledgePlainHttp');
  if (plainHttp && !isLoopback(host) && acknowledgement === undefined) {
    section.wrong('plainHttp', 'without TLS anybody on the way can change what is read; use TLS, or say why not in acknowledgePlainHttp');
  }
  if (!plainHttp && acknowledgement !== undefined) {
    section.wrong('acknowledgePlainHttp', 'acknowledges nothing while plainHttp is not true; remove it');
  }
  const ca = section.certificates('caFile');
  const credentials = credentialsOf(section, host);
  const tokenHost = tokenHostOf(section);
  return {
    plainHttp,
    ...(ca === undefined ? {} : { ca }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(tokenHost === undefined ? {} : { tokenHost }),
    ...(section.has('mirrors') ? { mirrors: mirrorsOf(section, host) } : {}),
    ...(section.has('pullSecrets') ? { pullSecrets: pullSecretsOf(section) } : {}),
  };
}

function credentialsOf(section: ConfigSection, host: string): CredentialSource | undefined {
  section.onlyOneOf(['username', 'dockerConfigFile', ...IDENTITY_FIELDS]);
  const [username, password] = [section.text('username'), section.text('password')];
  if ((username === undefined) !== (password === undefined)) {
    section.wrong(username === undefined ? 'username' : 'password', 'is missing; username and password belong together');
  }
  if (username !== undefined && password !== undefined) {
    return fixedCredentials({ type: 'password', username, password });
  }
  const identity = parseIdentity(section, host);
  if (identity !== undefined) {
    return identity;
  }
  const docker = section.content('dockerConfigFile');
  const file = section.path('dockerConfigFile');
  if (docker === undefined || file === undefined) {
    return undefined;
  }
  // Read again when it is needed; what is wrong with it today is told today.
  parseDockerConfig(docker, (message) => section.wrong('dockerConfigFile', message));
  return new DockerConfigFile(file, host);
}

/** Beside a credential of the verifier's own, or a place that is read with one, workloads would gain by rights that are not theirs. */
function pullSecretsOf(section: ConfigSection): readonly string[] {
  ['username', 'dockerConfigFile', ...IDENTITY_FIELDS, 'mirrors'].forEach((field) => section.onlyOneOf([field, 'pullSecrets']));
  const names = section.texts('pullSecrets');
  const wrong = names.find((name, index) => !isDnsSubdomain(name) || names.indexOf(name) < index);
  if (wrong !== undefined || names.length > MOST_PULL_SECRETS) {
    section.wrong('pullSecrets', wrong === undefined ? `names ${names.length} Secrets; at most ${MOST_PULL_SECRETS} are read` : `${JSON.stringify(wrong)} is no name of a Secret, or is there twice`);
  }
  return names;
}

function mirrorsOf(section: ConfigSection, host: string): readonly Mirror[] {
  const texts = section.texts('mirrors');
  const mirrors = section.attempt('mirrors', () => texts.map(parseMirror), NameError) ?? [];
  const names = mirrors.map(({ registry, path }) => [registry, path].join('/'));
  const twice = names.findIndex((name, index) => names.indexOf(name) < index || name === `${host}/`);
  if (twice >= 0) {
    section.wrong('mirrors', `${texts[twice] ?? ''} is the registry itself, or named twice; remove it`);
  }
  return mirrors;
}

/** As a URL writes it, so that the two can be compared. */
function tokenHostOf(section: ConfigSection): string | undefined {
  const text = section.text('tokenHost');
  if (text === undefined) {
    return undefined;
  }
  const url = URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined;
  if (url === undefined || text.toLowerCase().replace(/:443$/, '') !== url.host) {
    section.wrong('tokenHost', 'expected host or host:port, such as auth.example.com, without scheme and path');
    return undefined;
  }
  return url.host;
}
