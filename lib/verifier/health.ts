import { startDeadline } from './deadline';
import { Deadline } from './ports';

/** Milliseconds between two checks, and for one: a failure shows within 30 s. */
const EVERY = 10_000;
const PATIENCE = 15_000;

/**
 * Checks again and again that the verifier can still tell true from false, and says when it cannot.
 *
 * The check must not wait for other work: too much to do is no sign that it is done wrong, and being unready would only move the load.
 */
export class Health {
  private trouble = 'cryptography has not been checked yet';
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly check: (deadline: Deadline) => Promise<void>, private readonly failed: (error: unknown) => void) {}

  /** Why the verifier cannot answer well; empty when it can. */
  troubles(): readonly string[] {
    return this.trouble === '' ? [] : [this.trouble];
  }

  /**
   * Checks once, then keeps checking.
   *
   * @throws Error when the first check fails
   */
  async start(): Promise<void> {
    await this.checkOnce();
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (!this.stopped) {
      this.timer = setTimeout(() => void this.checkOnce().catch(this.failed).finally(() => this.schedule()), EVERY);
    }
  }

  private async checkOnce(): Promise<void> {
    const deadline = startDeadline(PATIENCE);
    try {
      await this.check(deadline);
      this.trouble = '';
    } catch (error) {
      this.trouble = `cryptography failed its check: ${error instanceof Error ? error.message : String(error)}`;
      throw error;
    } finally {
      deadline.done();
    }
  }
}
