/** Of a Secret what the verifier reads, and leaves as it is when it writes. */
export interface Secret {
  readonly type?: string;
  /** Base64 by key. */
  readonly data?: { readonly [key: string]: string };
}

/** Where the API has a Secret. @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/ */
export function pathOfSecret(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
}
