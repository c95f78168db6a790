import { mayGrow } from './gate';
import { VerifierError } from './ports';

/** Reviews that may wait for evidence at once in one process, fewer than it has connections. */
const PLACES = 1_536;

/** Reviews of one namespace for which half of each share is kept: more than one entry may ask about a Pod. */
const FEW = 4;

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
 * A registry has no more waiting than it leaves places free, so half at most, and an image no more than it leaves to the others of its registry, so a quarter: neither a registry
 * that keeps silent nor an image that everybody wants keeps others out. In each of the three, all, registry and image, namespaces divide half of the places in the same way,
 * a quarter being the most for one; the other half is only for namespaces of which fewer than four reviews wait there. Such a namespace finds a place wherever it asks as long as
 * fewer than 24 namespaces wait: the others then hold no more than half and four each. What needs no evidence takes no place.
 */
export class WaitingRoom {
  private readonly all: Share;

  constructor(places = PLACES) {
    this.all = new Share(places, '');
  }

  /**
   * @param image - within the registry: of one digest, or one tag
   * @throws VerifierError OVERLOADED; what the work throws
   */
  async wait<T>(who: Waiting, registry: string, image: string, work: () => Promise<T>): Promise<T> {
    const corner = this.all.partOf(registry, ` for answers of ${registry}`);
    const spot = corner.partOf(image, ` for answers of ${registry} about this image`);
    this.all.admit(who);
    corner.admit(who, this.all);
    spot.admit(who, corner);
    const shares = [this.all, corner, spot];
    this.all.keep(registry, corner);
    corner.keep(image, spot);
    shares.forEach((share) => share.enter(who));
    try {
      return await work();
    } finally {
      shares.forEach((share) => share.leave(who));
      corner.drop(image, spot);
      this.all.drop(registry, corner);
    }
  }
}

/** Places for one thing that is waited for. */
class Share {
  private readonly reviews = new Counted();
  private readonly namespaces = new Map<string, Counted>();
  private readonly parts = new Map<string, Share>();

  /** @param what - is waited for, as it follows `wait` in a sentence */
  constructor(private readonly places: number, private readonly what: string) {}

  /** A part may have half; one that nobody has is new, and not kept. */
  partOf(name: string, what: string): Share {
    return this.parts.get(name) ?? new Share(Math.ceil(this.places / 2), what);
  }

  keep(name: string, part: Share): void {
    this.parts.set(name, part);
  }

  drop(name: string, part: Share): void {
    if (part.reviews.size === 0) {
      this.parts.delete(name);
    }
  }

  /** @param whole - of which this is a part, which takes no more than it leaves. @throws VerifierError OVERLOADED */
  admit({ review, namespace }: Waiting, whole?: Share): void {
    const { size } = this.reviews;
    if (this.reviews.has(review)) {
      return;
    }
    if (whole !== undefined && !mayGrow(size, 1, whole.places - whole.reviews.size + (whole.reviews.has(review) ? 1 : 0))) {
      throw new VerifierError('OVERLOADED', `${size} requests wait${this.what} already, and ${whole.reviews.size}${whole.what === '' ? ' in all' : whole.what}`);
    }
    const own = this.namespaces.get(namespace)?.size ?? 0;
    if (own >= FEW && !mayGrow(own, 1, Math.ceil(this.places / 2) - size)) {
      throw new VerifierError('OVERLOADED', `${own} of the ${size} requests that wait${this.what} already are of this namespace, which leaves the other places to others`);
    }
  }

  enter({ review, namespace }: Waiting): void {
    const own = this.namespaces.get(namespace) ?? new Counted();
    this.namespaces.set(namespace, own);
    [this.reviews, own].forEach((counted) => counted.enter(review));
  }

  leave({ review, namespace }: Waiting): void {
    this.reviews.leave(review);
    const own = this.namespaces.get(namespace);
    own?.leave(review);
    if (own?.size === 0) {
      this.namespaces.delete(namespace);
    }
  }
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

  enter(review: object): void {
    this.waits.set(review, (this.waits.get(review) ?? 0) + 1);
  }

  leave(review: object): void {
    const left = (this.waits.get(review) ?? 0) - 1;
    if (left > 0) {
      this.waits.set(review, left);
    } else {
      this.waits.delete(review);
    }
  }
}
