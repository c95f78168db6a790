import { within } from './deadline';
import { Deadline, VerifierError } from './ports';

export interface GateLimits {
  /** What may be inside at once, in the unit in which work is weighed. */
  readonly capacity: number;
  /** Pieces of work that may wait for others to leave. */
  readonly waiting: number;
}

/** Pieces of work that need a registry or cryptography, of which one registry alone can hold half; as many wait as an ordinary registry answers within a deadline. */
export const WORK_LIMITS: GateLimits = { capacity: 64, waiting: 4_096 };

/** Bytes from registries that are kept in memory; those for one registry can be half of it. */
export const BYTES_LIMITS: GateLimits = { capacity: 64 * 1024 * 1024, waiting: 1_024 };

/** Where a piece of work belongs. */
export interface Way {
  /** A registry. */
  readonly lane: string;
  /** Those for whom it is asked. */
  readonly row: string;
}

/**
 * Lets a bounded amount of work in, a bounded number of pieces wait, and refuses the rest at once.
 *
 * Work comes in lanes, one for each registry. A lane may grow while it holds no more than it leaves free for all others, so that one which holds
 * its places and never ends cannot keep others out; between lanes that wait, turns go round. The same rule bounds the places to wait in, of all lanes and
 * within one, where work waits in rows that take turns: whoever asks much waits behind himself.
 */
export class Gate {
  private taken = 0;
  private waiting = 0;
  /** Those with work inside or waiting; the first is the one whose turn it is. */
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly limits: GateLimits = WORK_LIMITS) {}

  /**
   * @param way - the name of a lane alone means its one row
   * @param weight - how much of the capacity it takes
   * @throws VerifierError OVERLOADED when there is no place to wait, DEADLINE when the wait took too long
   */
  async pass<T>(way: string | Way, deadline: Deadline, work: () => Promise<T>, weight = 1): Promise<T> {
    const { lane, row } = typeof way === 'string' ? { lane: way, row: '' } : way;
    const share = Math.min(weight, this.limits.capacity);
    await this.enter(lane, row, share, deadline);
    try {
      return await work();
    } finally {
      this.leave(lane, share);
    }
  }

  private async enter(name: string, rowName: string, weight: number, deadline: Deadline): Promise<void> {
    const lane = this.laneOf(name);
    if (lane.waiting === 0 && this.hasRoom(lane, weight)) {
      this.admit(lane, weight);
      return;
    }
    const row = lane.rows.get(rowName) ?? [];
    if (!mayGrow(lane.waiting, 1, this.limits.waiting - this.waiting) || (rowName !== '' && !mayGrow(row.length, 1, Math.ceil(this.limits.waiting / 2) - lane.waiting))) {
      throw new VerifierError('OVERLOADED', `as much as is taken on for ${name} is in work, and ${lane.waiting} more pieces of work wait already`);
    }
    let proceed: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const place: Place = { weight, proceed };
    lane.rows.set(rowName, row);
    row.push(place);
    lane.waiting += 1;
    this.waiting += 1;
    try {
      await within(deadline, turn);
    } catch (error) {
      const index = row.indexOf(place);
      if (index >= 0) {
        row.splice(index, 1);
        this.left(lane, rowName, row);
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
        const [[rowName, row] = ['', []]] = lane.rows;
        const [place] = row;
        if (place !== undefined && this.hasRoom(lane, place.weight)) {
          row.shift();
          this.left(lane, rowName, row);
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

  /** One of a row waits no more; the next turn is that of another row. */
  private left(lane: Lane, rowName: string, row: Place[]): void {
    lane.waiting -= 1;
    this.waiting -= 1;
    lane.rows.delete(rowName);
    if (row.length > 0) {
      lane.rows.set(rowName, row);
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
    const lane = this.lanes.get(name) ?? { taken: 0, waiting: 0, rows: new Map<string, Place[]>() };
    this.lanes.set(name, lane);
    return lane;
  }
}

interface Lane {
  taken: number;
  waiting: number;
  /** Those with somebody in them; the first is the one whose turn it is. */
  readonly rows: Map<string, Place[]>;
}

interface Place {
  readonly weight: number;
  readonly proceed: () => void;
}

/** Who has nothing may take what is there; who has something must leave as much as he then holds. */
export function mayGrow(held: number, more: number, free: number): boolean {
  return more <= free && (held === 0 || held + more <= free);
}
