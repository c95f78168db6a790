import { mayGrow } from './gate';
import { VerifierError } from './ports';

/** Reviews that may wait for evidence at once in one process; one that waits for several registries counts for each of them. */
const PLACES = 1_024;

/**
 * Bounds how many reviews wait for registries and cryptography, those that share an answer included, and refuses the rest at once.
 *
 * A registry may have no more reviews waiting than it leaves places free, so half at most, and of these one image no more than it leaves to others of its registry:
 * neither a registry that keeps silent nor one slow image that everybody wants keeps others out. What needs no evidence takes no place.
 */
export class WaitingRoom {
  private taken = 0;
  private readonly corners = new Map<string, Corner>();

  constructor(private readonly places = PLACES) {}

  /**
   * @param review - whoever asks; however many images it asks about, it takes one place at each registry
   * @param image - within the registry
   * @throws VerifierError OVERLOADED; what the work throws
   */
  async wait<T>(review: object, registry: string, image: string, work: () => Promise<T>): Promise<T> {
    const corner = this.corners.get(registry) ?? { reviews: new Map<object, number>(), images: new Map<string, number>() };
    const { reviews, images } = corner;
    const isThere = reviews.has(review);
    if (!isThere && !mayGrow(reviews.size, 1, this.places - this.taken)) {
      throw new VerifierError('OVERLOADED', `${reviews.size} requests wait for answers of ${registry} already, and ${this.taken} in all`);
    }
    const same = images.get(image) ?? 0;
    if (!mayGrow(same, 1, Math.ceil(this.places / 2) - reviews.size + (isThere ? 1 : 0))) {
      throw new VerifierError('OVERLOADED', `${same} of the ${reviews.size} requests that wait for answers of ${registry} already are about this image`);
    }
    this.corners.set(registry, corner);
    this.taken += count(reviews, review, 1);
    count(images, image, 1);
    try {
      return await work();
    } finally {
      count(images, image, -1);
      this.taken += count(reviews, review, -1);
      if (reviews.size === 0) {
        this.corners.delete(registry);
      }
    }
  }
}

/** What waits for one registry; what is counted there no more is not kept. */
interface Corner {
  /** Images that each review waits for. */
  readonly reviews: Map<object, number>;
  /** Reviews that wait for each image. */
  readonly images: Map<string, number>;
}

/** @returns by how much there are more of those that are counted */
function count<K>(counted: Map<K, number>, key: K, more: 1 | -1): number {
  const before = counted.size;
  const now = (counted.get(key) ?? 0) + more;
  if (now === 0) {
    counted.delete(key);
  } else {
    counted.set(key, now);
  }
  return counted.size - before;
}
