import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';

/** Where an API server is, and how it is told who asks. */
export interface ClusterAccess {
  /** An https address; calls add their path to its own. */
  readonly server: string;
  /** Name that the server's certificate must have. @default - that of the address */
  readonly serverName?: string;
  /** Read anew from time to time: tokens and authorities are rotated in their files. @throws Error when a file cannot be read */
  readonly credentials: () => Credentials;
}

export interface Credentials {
  /** PEM of the authorities that may vouch for the server. @default - those of the system */
  readonly ca?: string;
  /** PEM of a client certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
}

/** Where Kubernetes puts a Pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster that this process runs in, by the service account of its Pod; `undefined` where it has none.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 * @throws Error where there is an account and no address to use it at
 */
export function accessOfPod(environment: Readonly<NodeJS.ProcessEnv> = process.env, folder: string = SERVICE_ACCOUNT): ClusterAccess | undefined {
  if (!existsSync(join(folder, 'token'))) {
    return undefined;
  }
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = environment;
  if (host === '' || port === '') {
    throw new Error('the service account: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which Kubernetes sets in every container, do not say where the API server is');
  }
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    credentials: () => ({ ca: readFileSync(join(folder, 'ca.crt'), 'utf8'), token: readFileSync(join(folder, 'token'), 'utf8').trim() }),
  };
}
