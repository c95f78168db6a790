import { existsSync } from 'node:fs';
import { AdmissionregistrationV1Api, ApiException, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

/** Where Kubernetes puts a Pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The few things that the verifier asks of a cluster. */
export interface Cluster {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly admission: AdmissionregistrationV1Api;
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
  return { config, core: config.makeApiClient(CoreV1Api), admission: config.makeApiClient(AdmissionregistrationV1Api) };
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
