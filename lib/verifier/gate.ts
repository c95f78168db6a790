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

/** Places to wait in that a row gets as long as its lane has any: as many images as are asked about at once for one review. */
const FEW = 20;

/** The row of work that is for nobody in particular; no namespace is called so. */
const NOBODY = '';

/**
 * Lets a bounded amount of work in, a bounded number of pieces wait, and refuses the rest at once.
 *
 * Work comes in lanes, one for each registry. A lane may grow while it holds no more than it leaves free for all others, so that one which holds
 * its places and never ends cannot keep others out; between lanes that wait, turns go round. The same rule bounds the places to wait in, of all lanes and
 * within one, where work waits in rows that take turns: whoever asks much waits behind himself. Rows divide half of the places of their lane in the same way; the other half is for
 * those with fewer than twenty. Work of several askers stands in the row of each of them, of those too who come
 * while it waits, and goes in with whichever turn comes first.
 */
export class Gate {
  private taken = 0;
  private waiting = 0;
  /** Those with work inside or waiting; the first is the one whose turn it is. */
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly limits: GateLimits = WORK_LIMITS) {}

  /**
   * @param lane - a registry
   * @param deadline - whose askers have the rows; for nobody in particular there is one
   * @param weight - how much of the capacity it takes; what weighs nothing needs no turn
   * @throws VerifierError OVERLOADED when there is no place to wait, DEADLINE when the wait took too long
   */
  async pass<T>(lane: string, deadline: Deadline, work: () => Promise<T>, weight = 1): Promise<T> {
    if (weight === 0) {
      return work();
    }
    const share = Math.min(weight, this.limits.capacity);
    await this.enter(lane, share, deadline);
    try {
      return await work();
    } finally {
      this.leave(lane, share);
    }
  }

  private async enter(name: string, weight: number, deadline: Deadline): Promise<void> {
    const lane = this.laneOf(name);
    if (lane.waiting === 0 && this.hasRoom(lane, weight)) {
      this.admit(lane, weight);
      return;
    }
    let forget = (): void => undefined;
    let proceed = (): void => undefined;
    const turn = new Promise<void>((resolve) => {
      proceed = () => {
        forget();
        resolve();
      };
    });
    const place: Place = { weight, proceed, rows: new Set() };
    const { askers } = deadline;
    if (askers === undefined || askers.areNone) {
      this.stand(lane, NOBODY, place);
    }
    forget = askers?.stand({ came: (row) => this.stand(lane, row, place), went: (row) => this.stepBack(lane, row, place) }) ?? forget;
    if (place.rows.size === 0) {
      forget();
      throw new VerifierError('OVERLOADED', `as much as is taken on for ${name} is in work, and ${lane.waiting} more pieces of work wait already`);
    }
    try {
      await within(deadline, turn);
    } catch (error) {
      forget();
      if (place.rows.size > 0) {
        const rows = [...place.rows];
        this.giveUp(lane, place);
        // Who waited in vain has had his turn: others of his row may be as heavy.
        rows.forEach((row) => this.hadTurn(lane, row));
        // Something smaller may have stood behind it.
        this.next();
      } else {
        // The turn came in the same moment as the end of the time: hand it on.
        this.leave(name, weight);
      }
      throw error;
    }
  }

  /** Takes a place at the end of a row, if there is one, and it has none there from before. */
  private stand(lane: Lane, rowName: string, place: Place): void {
    if (place.rows.has(rowName)) {
      return;
    }
    const row = lane.rows.get(rowName) ?? [];
    if (mayGrow(lane.waiting, 1, this.limits.waiting - this.waiting) && this.rowMayGrow(lane, rowName, row.length)) {
      row.push(place);
      lane.rows.set(rowName, row);
      place.rows.add(rowName);
      lane.waiting += 1;
      this.waiting += 1;
    }
  }

  private rowMayGrow(lane: Lane, rowName: string, length: number): boolean {
    return rowName === NOBODY || length < FEW || mayGrow(length, 1, Math.ceil(this.limits.waiting / 4) - lane.waiting);
  }

  /** Out of the row of one who has gone, but for the last: somebody still waits who found no place in his own. */
  private stepBack(lane: Lane, rowName: string, place: Place): void {
    if (place.rows.size > 1 && place.rows.has(rowName)) {
      this.leaveRow(lane, rowName, place);
      this.next();
    }
  }

  private giveUp(lane: Lane, place: Place): void {
    place.rows.forEach((row) => this.leaveRow(lane, row, place));
  }

  private leaveRow(lane: Lane, rowName: string, place: Place): void {
    const row = lane.rows.get(rowName) ?? [];
    row.splice(row.indexOf(place), 1);
    place.rows.delete(rowName);
    lane.waiting -= 1;
    this.waiting -= 1;
    if (row.length === 0) {
      lane.rows.delete(rowName);
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
          this.giveUp(lane, place);
          this.hadTurn(lane, rowName);
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

  /** The next turn is that of another row. */
  private hadTurn({ rows }: Lane, rowName: string): void {
    const row = rows.get(rowName);
    if (row !== undefined) {
      rows.delete(rowName);
      rows.set(rowName, row);
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
  /** In which it stands; none when its turn has come. */
  readonly rows: Set<string>;
}

/** Who has nothing may take what is there; who has something must leave as much as he then holds. */
export function mayGrow(held: number, more: number, free: number): boolean {
  return more <= free && (held === 0 || held + more <= free);
}
