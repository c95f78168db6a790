import { Manifest } from '../engines/manifest';

/** What makes two objects one in a cluster: group, kind, namespace and name; the version does not. */
export function objectKey({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join('|');
}

/** Whether a rendered value can be told apart from others at all. */
export function isManifest(value: unknown): value is Manifest {
  const object = value as Partial<Manifest> | null;
  return typeof object === 'object' && object !== null && typeof object.apiVersion === 'string' && typeof object.kind === 'string'
    && typeof object.metadata?.name === 'string';
}
