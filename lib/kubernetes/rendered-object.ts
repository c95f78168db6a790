/** An object of an engine, but for labels and annotations. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** `spec` or `data`. */
  readonly content: { readonly [field: string]: unknown };
}
