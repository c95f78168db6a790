import { within } from './deadline';
import { Deadline, VerifierError } from './ports';

export interface GateLimits {
  /** What may be inside at once, in the unit in which work is weighed. */
  readonly capacity: number;
  /** Pieces of work that may wait for others to leave. */
  readonly waiting: number;
}

/** Pieces of work that need a registry or cryptography, of which one registry alone can hold half. */
export const WORK_LIMITS: GateLimits = { capacity: 64, waiting: 1_024 };

/** Bytes from registries that are kept in memory; those for one registry can be half of it. */
export const BYTES_LIMITS: GateLimits = { capacity: 64 * 1024 * 1024, waiting: 1_024 };

/**
 * Lets a bounded amount of work in, a bounded number of pieces wait, and refuses the rest at once.
 *
 * Work comes in lanes, one for each registry. A lane may grow while it holds no more than it leaves free for all others, so that one which holds
 * its places and never ends cannot keep others out; between lanes that wait, turns go round. The same rule bounds the places to wait in.
 */
export class Gate {
  private taken = 0;
  private waiting = 0;
  /** Those with work inside or waiting; the first is the one whose turn it is. */
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly limits: GateLimits = WORK_LIMITS) {}

  /**
   * @param name - of the lane
   * @param weight - how much of the capacity it takes
   * @throws VerifierError OVERLOADED when there is no place to wait, DEADLINE when the wait took too long
   */
  async pass<T>(name: string, deadline: Deadline, work: () => Promise<T>, weight = 1): Promise<T> {
    const share = Math.min(weight, this.limits.capacity);
    await this.enter(name, share, deadline);
    try {
      return await work();
    } finally {
      this.leave(name, share);
    }
  }

  private async enter(name: string, weight: number, deadline: Deadline): Promise<void> {
    const lane = this.laneOf(name);
    if (lane.queue.length === 0 && this.hasRoom(lane, weight)) {
      this.admit(lane, weight);
      return;
    }
    if (!mayGrow(lane.queue.length, 1, this.limits.waiting - this.waiting)) {
      throw new VerifierError('OVERLOADED', `as much as is taken on for ${name} is in work, and ${lane.queue.length} more pieces of work wait already`);
    }
    let proceed: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const place: Place = { weight, proceed };
    lane.queue.push(place);
    this.waiting += 1;
    try {
      await within(deadline, turn);
    } catch (error) {
      const index = lane.queue.indexOf(place);
      if (index >= 0) {
        lane.queue.splice(index, 1);
        this.waiting -= 1;
        // Something smaller may have stood behind it.
        this.next();
      } else {
        // The turn came in the same moment as the end of the time: hand it on.
        this.leave(name, weight);
      }
      throw error;
    }
  }

  private leave(name: string, weight: number): void {
    const lane = this.laneOf(name);
    lane.taken -= weight;
    this.taken -= weight;
    this.next();
  }

  /** Lets in whatever has room now, one of each lane in turn. */
  private next(): void {
    for (let admitted = true; admitted;) {
      admitted = false;
      for (const [name, lane] of this.lanes) {
        const place = lane.queue[0];
        if (place !== undefined && this.hasRoom(lane, place.weight)) {
          lane.queue.shift();
          this.waiting -= 1;
          this.admit(lane, place.weight);
          place.proceed();
          this.lanes.delete(name);
          this.lanes.set(name, lane);
          admitted = true;
          break;
        }
        if (place === undefined && lane.taken === 0) {
          this.lanes.delete(name);
        }
      }
    }
  }

  private admit(lane: Lane, weight: number): void {
    lane.taken += weight;
    this.taken += weight;
  }

  private hasRoom(lane: Lane, weight: number): boolean {
    return mayGrow(lane.taken, weight, this.limits.capacity - this.taken);
  }

  private laneOf(name: string): Lane {
    const lane = this.lanes.get(name) ?? { taken: 0, queue: [] };
    this.lanes.set(name, lane);
    return lane;
  }
}

interface Lane {
  taken: number;
  readonly queue: Place[];
}

interface Place {
  readonly weight: number;
  readonly proceed: () => void;
}

/** Who has nothing may take what is there; who has something must leave as much as he then holds. */
export function mayGrow(held: number, more: number, free: number): boolean {
  return more <= free && (held === 0 || held + more <= free);
}
