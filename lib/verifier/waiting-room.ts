import { mayGrow } from './gate';
import { VerifierError } from './ports';

/** Reviews that may wait for evidence at once in one process, fewer than it has connections; one that waits for several registries counts for each of them. */
const PLACES = 1_536;

/** Who waits: one review. */
export interface Waiting {
  /** However many images it asks about, it takes one place at each registry. */
  readonly review: object;
  /** In which it wants to run something. */
  readonly namespace: string;
}

/**
 * Bounds how many reviews wait for registries and cryptography, those that share an answer included, and refuses the rest at once.
 *
 * A registry may have no more reviews waiting than it leaves places free, so half at most, and of these one image or one namespace no more than it leaves to the others of its
 * registry: neither a registry that keeps silent nor one slow image that everybody wants nor a namespace that wants many keeps others out. What needs no evidence takes no place.
 */
export class WaitingRoom {
  private taken = 0;
  private readonly corners = new Map<string, Corner>();

  constructor(private readonly places = PLACES) {}

  /**
   * @param image - within the registry
   * @throws VerifierError OVERLOADED; what the work throws
   */
  async wait<T>({ review, namespace }: Waiting, registry: string, image: string, work: () => Promise<T>): Promise<T> {
    const corner = this.corners.get(registry) ?? { reviews: new Counted(), images: new Map<string, Counted>(), namespaces: new Map<string, Counted>() };
    const { reviews } = corner;
    if (!reviews.has(review) && !mayGrow(reviews.size, 1, this.places - this.taken)) {
      throw new VerifierError('OVERLOADED', `${reviews.size} requests wait for answers of ${registry} already, and ${this.taken} in all`);
    }
    const free = Math.ceil(this.places / 2) - reviews.size + (reviews.has(review) ? 1 : 0);
    const shares = [[corner.images, image, 'about this image'], [corner.namespaces, namespace, 'about images for this namespace']] as const;
    const taken = shares.map(([all, name, what]) => {
      const share = all.get(name) ?? new Counted();
      if (!share.has(review) && !mayGrow(share.size, 1, free)) {
        throw new VerifierError('OVERLOADED', `${share.size} of the ${reviews.size} requests that wait for answers of ${registry} already are ${what}`);
      }
      return [all, name, share] as const;
    });
    this.corners.set(registry, corner);
    this.taken += reviews.enter(review);
    taken.forEach(([all, name, share]) => {
      all.set(name, share);
      share.enter(review);
    });
    try {
      return await work();
    } finally {
      taken.forEach(([all, name, share]) => {
        share.leave(review);
        if (share.size === 0) {
          all.delete(name);
        }
      });
      this.taken -= reviews.leave(review);
      if (reviews.size === 0) {
        this.corners.delete(registry);
      }
    }
  }
}

/** What waits for one registry; shares that nobody has are not kept. */
interface Corner {
  readonly reviews: Counted;
  readonly images: Map<string, Counted>;
  readonly namespaces: Map<string, Counted>;
}

/** Reviews, each there as long as anything of it waits. */
class Counted {
  private readonly waits = new Map<object, number>();

  get size(): number {
    return this.waits.size;
  }

  has(review: object): boolean {
    return this.waits.has(review);
  }

  /** @returns how many reviews more there are */
  enter(review: object): number {
    const before = this.waits.get(review) ?? 0;
    this.waits.set(review, before + 1);
    return before === 0 ? 1 : 0;
  }

  /** @returns how many reviews fewer there are */
  leave(review: object): number {
    const left = (this.waits.get(review) ?? 0) - 1;
    if (left > 0) {
      this.waits.set(review, left);
      return 0;
    }
    this.waits.delete(review);
    return 1;
  }
}
