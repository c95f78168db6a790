import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './failure';

const INTERVAL_MS = 25;

export interface UntilOptions {
  /** Only bounds the wait for something that never comes. @default 30000 */
  readonly timeoutMs?: number;
  /** Says why waiting longer is in vain, or nothing. @default - wait until the time is over */
  readonly unless?: () => string | undefined;
}

/**
 * Repeats `attempt` until it does not throw, and returns what it returned.
 *
 * For what becomes true a little later, such as a webhook configuration that the API server has yet to notice.
 *
 * @param what names it in the error
 */
export async function until<T>(what: string, attempt: () => Promise<T> | T, options: UntilOptions = {}): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const vain = options.unless?.() ?? (Date.now() >= deadline ? `not within ${timeoutMs / 1000} s` : undefined);
      if (vain !== undefined) {
        throw new Error(`${what}: ${vain}; last seen: ${messageOf(error)}`, { cause: error });
      }
    }
    await sleep(INTERVAL_MS);
  }
}
