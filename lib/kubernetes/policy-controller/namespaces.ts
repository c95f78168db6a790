import { celString } from '../cel';

/** The label by which policy-controller is asked about a namespace, and the one value that counts. */
export const INCLUDE_LABEL = 'policy.sigstore.dev/include';

/** Whether a namespace carries the label, as CEL over its metadata. */
export function includes(namespace: string): string {
  const label = celString(INCLUDE_LABEL);
  return `${label} in ${namespace}.metadata.?labels.orValue({}) && ${namespace}.metadata.labels[${label}] == 'true'`;
}
