import { RenderedObject } from '../kubernetes/rendered-object';
import { Json } from '../policy/document';

/** A Kubernetes object as it is written: plain JSON. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  readonly [field: string]: unknown;
}

export interface ManifestMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly [field: string]: Json | undefined | { readonly [key: string]: string };
}

/** An object with the labels and annotations that its engine gives it. */
export function manifestOf({ apiVersion, kind, name, namespace, content }: RenderedObject, given: Pick<ManifestMetadata, 'labels' | 'annotations'>): Manifest {
  return { apiVersion, kind, metadata: { name, ...namespace === undefined ? {} : { namespace }, ...given }, ...content };
}

/** Whether a value can be told apart from other objects at all. */
export function isManifest(value: unknown): value is Manifest {
  const object = value as Partial<Manifest> | null;
  return typeof object === 'object' && object !== null && typeof object.apiVersion === 'string' && typeof object.kind === 'string'
    && typeof object.metadata?.name === 'string';
}
