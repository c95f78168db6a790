import { existsSync } from 'node:fs';
import {
  AdmissionregistrationV1Api, ApiException, CoreV1Api, createConfiguration, KubeConfig, Middleware, PatchStrategy, ServerConfiguration, setHeaderOptions,
} from '@kubernetes/client-node';

/** Where Kubernetes puts a Pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** One call may take this long, in milliseconds; an API server that accepts and never answers must not hold anything up. */
const CALL_TIMEOUT = 10_000;

/** The few things that the verifier asks of a cluster. */
export interface Cluster {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly admission: AdmissionregistrationV1Api;
  /** Ends the calls under way; later ones fail at once. */
  close(): void;
}

/**
 * The cluster of the kubeconfig, else the one this process runs in; `undefined` where there is neither.
 *
 * @throws Error when the kubeconfig cannot be read
 */
export function connectCluster(kubeconfig?: string): Cluster | undefined {
  const config = new KubeConfig();
  if (kubeconfig !== undefined) {
    try {
      config.loadFromFile(kubeconfig);
    } catch (error) {
      throw new Error(`--kubeconfig ${kubeconfig}: cannot be used (${error instanceof Error ? error.message : String(error)})`, { cause: error });
    }
  } else if (existsSync(SERVICE_ACCOUNT)) {
    config.loadFromCluster();
  } else {
    return undefined;
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Error(`${kubeconfig === undefined ? 'the service account' : `--kubeconfig ${kubeconfig}`}: names no cluster; set current-context to one that has a server`);
  }
  const closing = new AbortController();
  const limited: Middleware = {
    pre: (call) => {
      call.setSignal(AbortSignal.any([closing.signal, AbortSignal.timeout(CALL_TIMEOUT)]));
      return Promise.resolve(call);
    },
    post: (answer) => Promise.resolve(answer),
  };
  const configuration = createConfiguration({ baseServer: new ServerConfiguration(server, {}), authMethods: { default: config }, promiseMiddleware: [limited] });
  return { config, core: new CoreV1Api(configuration), admission: new AdmissionregistrationV1Api(configuration), close: () => closing.abort() };
}

/** The HTTP status of a failed call, `undefined` when no answer came. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** One line about a failed call, without its body. */
export function describeCall(error: unknown): string {
  const status = statusOf(error);
  return status === undefined ? `no answer (${error instanceof Error ? error.message : String(error)})` : `HTTP ${status}`;
}

/** Sends a patch as RFC 6902. */
export const JSON_PATCH = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
