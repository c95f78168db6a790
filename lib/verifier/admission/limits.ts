/** What one review may ask for, before any work is done on it. */
export interface ReviewLimits {
  /** Containers and image volumes of one object. */
  readonly images: number;
  /** Different references of one object. */
  readonly references: number;
}

/** Far above what a Pod can hold in practice (etcd's request limit is 1.5 MiB), low enough to bound the work of one request. */
export const REVIEW_LIMITS: ReviewLimits = { images: 1_000, references: 256 };

/** Images of one review that are judged at the same time: all of nearly any Pod, and of what names hundreds no more than leaves registries to others. */
export const AT_ONCE = 20;
