import { Deadline, VerifierError } from '../ports';
import { within } from '../deadline';

export interface GateLimits {
  /** Pieces of work that run at once. */
  readonly running: number;
  /** Pieces of work that may wait for one to end. */
  readonly waiting: number;
}

export const GATE_LIMITS: GateLimits = { running: 32, waiting: 512 };

/**
 * Lets a bounded amount of work run, a bounded amount wait, and refuses the rest at once.
 *
 * Only work that needs the registry or cryptography passes here; what is answered from memory never waits.
 */
export class Gate {
  private running = 0;
  private readonly queue: Array<() => void> = [];

  constructor(private readonly limits: GateLimits = GATE_LIMITS) {}

  /** @throws VerifierError OVERLOADED when the queue is full, DEADLINE when the wait took too long */
  async pass<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
    await this.enter(deadline);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(deadline: Deadline): Promise<void> {
    if (this.running < this.limits.running) {
      this.running += 1;
      return;
    }
    if (this.queue.length >= this.limits.waiting) {
      throw new VerifierError('OVERLOADED', `${this.running} verifications are running and ${this.queue.length} are waiting; no more are taken on`);
    }
    let admit: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      admit = resolve;
    });
    this.queue.push(admit);
    try {
      await within(deadline, turn);
    } catch (error) {
      const place = this.queue.indexOf(admit);
      if (place >= 0) {
        this.queue.splice(place, 1);
      } else {
        // The turn came in the same moment as the end of the time: hand it on.
        this.leave();
      }
      throw error;
    }
  }

  /** A turn is handed over, so `running` stays as it is while somebody waits. */
  private leave(): void {
    const next = this.queue.shift();
    if (next === undefined) {
      this.running -= 1;
    } else {
      next();
    }
  }
}
