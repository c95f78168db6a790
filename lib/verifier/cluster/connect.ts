import { accessOfPod } from './access';
import { ApiClient, ApiError } from './api-client';
import { accessByKubeconfig } from './kubeconfig';

/**
 * The cluster of the kubeconfig, else the one this process runs in; `undefined` where there is neither.
 *
 * @throws Error when the kubeconfig, or the service account, cannot be used
 */
export function connectCluster(kubeconfig?: string): ApiClient | undefined {
  const access = kubeconfig === undefined ? accessOfPod() : accessByKubeconfig(kubeconfig);
  return access === undefined ? undefined : new ApiClient(access);
}

/** The HTTP status of a failed call, `undefined` when no answer came. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiError ? error.status : undefined;
}

/** One line about a failed call, without its body. */
export function describeCall(error: unknown): string {
  const status = statusOf(error);
  return status === undefined ? `no answer (${error instanceof Error ? error.message : String(error)})` : `HTTP ${status}`;
}
