/**
 * What must be vouched for where the image that is named is an index of images for several platforms. Where one image is named it is always that
 * image: nothing leads from it to an index that holds it.
 *
 * @example
 *
 * // Every image of an index by itself, as `cosign sign --recursive` signs them.
 * new SignedImagePolicy(this, 'payments', {
 *   images: ['ghcr.io/acme/payments/**'], attestors: [release], multiPlatform: MultiPlatform.CHILD,
 * });
 */
export enum MultiPlatform {
  /** The index, as `cosign sign` signs it: it names all images in it by digest. Images that are signed beside it do not count. */
  INDEX = 'index',
  /** Every image in it that a node could run, each by itself, as `cosign sign --recursive` signs them; the index does not count. */
  CHILD = 'child',
  /** The index or, where that falls short, every image in it. Not for scans and verification summaries, of which the newest decides. */
  EITHER = 'either',
}
