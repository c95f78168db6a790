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

/** Whether a value can be told apart from other objects at all. */
export function isManifest(value: unknown): value is Manifest {
  const object = value as Partial<Manifest> | null;
  return typeof object === 'object' && object !== null && typeof object.apiVersion === 'string' && typeof object.kind === 'string'
    && typeof object.metadata?.name === 'string';
}
