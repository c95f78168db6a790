import { join } from 'node:path';
import { isLoopback } from '../loopback';
import { unreadable } from '../../../policy/unreadable';
import { readFile } from '../../read-text';
import { Exceptions } from './exceptions';

/** An HTTP proxy that tunnels connections (RFC 9110, section 9.3.6). */
export interface Proxy {
  /** `http` or `https`, with nothing but host and port. */
  readonly url: URL;
  /** PEM certificates that are trusted for the proxy's own instead of the system's. */
  readonly ca?: string;
  /** Folder with the files `username` and `password`, as a Secret of type `kubernetes.io/basic-auth` is mounted. */
  readonly credentialsFolder?: string;
  readonly exceptions: Exceptions;
}

/** The proxy could not be used; the message says why, and never with what. */
export class ProxyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProxyError';
  }
}

/** Whether a place is reached through the proxy: only by TLS, which the proxy cannot read, never this machine, and none of its exceptions. */
export function carries(proxy: Proxy, url: URL): boolean {
  return url.protocol === 'https:' && !isLoopback(url.host) && !proxy.exceptions(url);
}

/** The `Proxy-Authorization`, read anew for each connection. @throws ProxyError */
export async function proxyAuthorization({ url, credentialsFolder }: Proxy): Promise<{ readonly 'proxy-authorization'?: string }> {
  if (credentialsFolder === undefined) {
    return {};
  }
  try {
    const [username, password] = await Promise.all(['username', 'password'].map((name) => readFile(join(credentialsFolder, name), 'utf8')));
    // An editor leaves a line break at the end of a file.
    return { 'proxy-authorization': `Basic ${Buffer.from([username, password].map((text = '') => text.replace(/\r?\n$/, '')).join(':')).toString('base64')}` };
  } catch (error) {
    throw new ProxyError(`the proxy ${url.host} was not asked, since username and password in ${credentialsFolder} cannot be read (${unreadable(error)}); mend the folder, or the Secret that is mounted there`, { cause: error });
  }
}
