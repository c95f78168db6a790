import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { unreadable } from '../../policy/unreadable';
import { isRecord } from '../is-record';
import { NAME_ANOTHER } from '../read-text';
import { readYaml, YamlText } from '../read-yaml';
import { ClusterAccess, Credentials } from './access';

/**
 * How the current context of a kubeconfig reaches its cluster: by a token or a client certificate. Programs that fetch credentials, passwords, impersonation,
 * proxies and servers that are not checked are refused by name.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 * @throws Error with the file, what is wrong and what to do
 */
export function accessByKubeconfig(file: string): ClusterAccess {
  return new Kubeconfig(file).access();
}

type Fields = Readonly<Record<string, unknown>>;

class Kubeconfig {
  private readonly content: Fields;

  constructor(private readonly file: string) {
    this.content = this.read();
  }

  access(): ClusterAccess {
    const name = this.content['current-context'];
    if (typeof name !== 'string' || name === '') {
      throw this.problem('names no cluster; set current-context to one that has a server');
    }
    const context = this.named('contexts', 'context', name);
    const cluster = this.named('clusters', 'cluster', textIn(context, 'cluster') ?? '');
    const user = this.named('users', 'user', textIn(context, 'user') ?? '');
    const server = textIn(cluster, 'server') ?? '';
    if (!URL.canParse(server) || new URL(server).protocol !== 'https:') {
      throw this.problem(`names no cluster that can be used: its server is ${JSON.stringify(server)}; an https address is needed`);
    }
    this.refuse(cluster, 'cluster', {
      'insecure-skip-tls-verify': 'whoever answers would be believed: give certificate-authority',
      'proxy-url': 'the API server is asked directly',
    });
    this.refuse(user, 'user', {
      'exec': 'no program is run for credentials: use a token, tokenFile or client certificate',
      'auth-provider': 'use a token, tokenFile or client certificate',
      'username': 'API servers take no passwords any more: use a token or client certificate',
      'as': 'give the account itself',
      'as-uid': 'give the account itself',
      'as-groups': 'give the account itself',
      'as-user-extra': 'give the account itself',
    });
    const serverName = textIn(cluster, 'tls-server-name');
    const texts = {
      ca: this.source(cluster, 'certificate-authority'),
      cert: this.source(user, 'client-certificate'),
      key: this.source(user, 'client-key'),
      token: this.token(user),
    };
    const credentials = (): Credentials => Object.fromEntries(Object.entries(texts).flatMap(([what, text]) => (text === undefined ? [] : [[what, text()]])));
    try {
      credentials();
    } catch (error) {
      throw this.problem(`cannot be used: a file that it names cannot be read (${unreadable(error)})`);
    }
    return { server: server.replace(/\/+$/, ''), credentials, ...serverName === undefined ? {} : { serverName } };
  }

  private read(): Fields {
    const { values: [content, ...more], problems: [problem] } = this.parsed();
    if (problem !== undefined) {
      throw this.problem(`cannot be used (${problem})`);
    }
    if (!isRecord(content) || more.length > 0) {
      throw this.problem('cannot be used (it is no kubeconfig)');
    }
    return content;
  }

  private parsed(): YamlText {
    try {
      return readYaml(readFileSync(this.file, 'utf8'), this.file);
    } catch (error) {
      throw this.problem(`cannot be read (${unreadable(error)}); ${NAME_ANOTHER}`);
    }
  }

  /** `{name, KIND: {...}}` of one of the lists. */
  private named(list: string, kind: string, name: string): Fields {
    const entries = this.content[list];
    const entry: unknown = Array.isArray(entries) ? entries.find((one: unknown) => isRecord(one) && one.name === name) : undefined;
    const fields = isRecord(entry) ? entry[kind] : undefined;
    if (isRecord(fields)) {
      return fields;
    }
    throw this.problem(`names no cluster that can be used: ${list} has no ${JSON.stringify(name)} that its current-context needs`);
  }

  /** `NAME-data`, base64, goes before the file NAME. */
  private source(fields: Fields, name: string): (() => string) | undefined {
    const data = textIn(fields, `${name}-data`);
    if (data !== undefined) {
      const text = Buffer.from(data, 'base64').toString('utf8');
      return () => text;
    }
    return this.fileIn(fields, name);
  }

  /** The file goes before the token, as it does for kubectl: that is what is rotated. */
  private token(user: Fields): (() => string) | undefined {
    const read = this.fileIn(user, 'tokenFile');
    const token = textIn(user, 'token');
    return read === undefined ? token === undefined ? undefined : () => token : () => read().trim();
  }

  private fileIn(fields: Fields, name: string): (() => string) | undefined {
    const file = textIn(fields, name);
    return file === undefined ? undefined : () => readFileSync(resolve(dirname(this.file), file), 'utf8');
  }

  private refuse(fields: Fields, kind: string, unknown: Readonly<Record<string, string>>): void {
    for (const [name, advice] of Object.entries(unknown)) {
      const value = fields[name];
      if (value !== undefined && value !== null && value !== false && value !== '') {
        throw this.problem(`its ${kind} has ${name}, which is not supported: ${advice}`);
      }
    }
  }

  private problem(text: string): Error {
    return new Error(`--kubeconfig ${this.file}: ${text}`);
  }
}

/** A text that is not empty. */
function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
