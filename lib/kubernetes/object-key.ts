import { groupOf, isClusterScoped } from './api-versions';

/** What tells an object apart from others; the version does not. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/**
 * What makes two objects one in a cluster: group, kind, namespace and name.
 *
 * Where a kind is in no namespace, one that is written all the same counts for nothing, as for those who apply it.
 */
export function objectKey({ apiVersion, kind, metadata: { name, namespace = '' } }: ObjectIdentity): string {
  return [`${groupOf(apiVersion)}/${kind}`, isClusterScoped({ apiVersion, kind }) ? '' : namespace, name].join('|');
}
