/** How much is read from a registry for one image, before anything is made of it. */
export interface RegistryLimits {
  /** Bytes of the manifest or index that a tag leads to; registries themselves stop at 4 MiB. */
  readonly manifest: number;
  /** Entries of an index of images for several platforms, attestations included. */
  readonly entries: number;
  /** Images of one index that a node could run, and indexes in it; more are refused as a whole. */
  readonly platforms: number;
  /** Indexes in each other, the first one included. */
  readonly nesting: number;
  /** Bytes of all pages of referrers together; each entry repeats the annotations of its artifact. */
  readonly listing: number;
  /** Bytes of the manifest of one artifact. */
  readonly artifact: number;
  /** Bytes of the manifests of all artifacts of one image; the smallest are read first, so that what is left out never depends on an order. */
  readonly artifacts: number;
  /** Bytes of a bundle. */
  readonly bundle: number;
  /** Bytes of all bundles of one image, with room for as many of ordinary size as there may be referrers; the smallest are read first. */
  readonly bundles: number;
  /** Bytes of a token answer. */
  readonly token: number;
  /** Bytes of the tokens that are kept for one registry and reader. */
  readonly tokens: number;
  /** Pages of referrers. */
  readonly pages: number;
  /** Referrers of one image, over all pages; more are refused as a whole, so that their order never matters. */
  readonly referrers: number;
  /** Pieces of evidence of one image, where an artifact has several, and layers of a tag of cosign's older layout. */
  readonly pieces: number;
  /** Requests at the same time for one image. */
  readonly parallel: number;
  /** Times that a request is sent again after 429, 5xx or a broken connection. */
  readonly retries: number;
  /** Redirects of one blob. */
  readonly redirects: number;
}

export const REGISTRY_LIMITS: RegistryLimits = {
  manifest: 4 * 1024 * 1024,
  entries: 256,
  platforms: 64,
  nesting: 4,
  listing: 16 * 1024 * 1024,
  artifact: 256 * 1024,
  artifacts: 8 * 1024 * 1024,
  bundle: 10 * 1024 * 1024,
  bundles: 16 * 1024 * 1024,
  token: 256 * 1024,
  tokens: 16 * 1024 * 1024,
  pages: 32,
  referrers: 1_024,
  pieces: 1_024,
  parallel: 8,
  retries: 2,
  redirects: 3,
};
