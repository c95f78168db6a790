import { startDeadline, within } from '../deadline';
import { Deadline } from '../ports';
import { reasonOf } from '../tuf/error';
import { TufContent } from '../tuf/client';
import { ENDS_SOON, nextRefresh, nextRetry, REFRESH_PATIENCE } from './schedule';

/** What happens to a trust root, for the log. */
export type TrustEvent =
  | { readonly event: 'trust-root-refreshed'; readonly trustRoot: string; readonly version: number; readonly changed: boolean; readonly ends: string }
  | { readonly event: 'trust-root-refresh-failed'; readonly trustRoot: string; readonly failures: number; readonly message: string; readonly ends?: string; readonly endsSoon: boolean };

export interface RefreshedRootParts {
  readonly name: string;
  /** Asks the repository once. @throws Error when the answer is not to be believed, or there is none */
  readonly refresh: (deadline: Deadline) => Promise<TufContent>;
  /** The content in its one form, once it is sure that it can be trusted as it stands. @throws Error for one that cannot */
  readonly read: (text: string) => string;
  /** Content that ships and may be used whatever the repository says. @default - without an answer there is none */
  readonly shipped?: string;
  /** Takes a new content into use; what it throws keeps the one before. */
  readonly adopt: (json: string) => Promise<void>;
  readonly tell: (event: TrustEvent) => void;
  /** The wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** When metadata ends, by two clocks. */
interface End {
  /** Of the timestamp. */
  readonly version: number;
  readonly wall: number;
  readonly monotonic: number;
}

/**
 * One trust root that is kept up to date in the background: at start, then again and again, with jitter and never for longer than a bound.
 *
 * What was fetched last is used until its metadata ends, by the wall clock and by the monotonic one, whichever is first: a clock that steps
 * back gives no time, also not to the same metadata once more. Then it is missing, until the repository answers again. One that ships never
 * is: at worst it is as old as the release.
 */
export class RefreshedRoot {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failures = 0;
  private problem = 'it has not been fetched yet';
  private until: End | undefined;
  private readonly first = Promise.withResolvers<void>();
  private json: string | undefined;
  /** Whether the first attempt is over. */
  isAttempted = false;
  /** Of the last success, in milliseconds since the epoch. */
  refreshedAt: number | undefined;

  constructor(private readonly parts: RefreshedRootParts) {
    this.json = parts.shipped;
  }

  get name(): string {
    return this.parts.name;
  }

  /** What was adopted last. */
  get content(): string | undefined {
    return this.json;
  }

  /** Milliseconds since the epoch; `undefined` while nothing was fetched, and for a root that ships, which never ends. */
  get ends(): number | undefined {
    return this.parts.shipped === undefined ? this.until?.wall : undefined;
  }

  /** Why it cannot be used now; `undefined` when it can. */
  missing(): string | undefined {
    if (this.parts.shipped !== undefined) {
      return undefined;
    }
    if (this.until === undefined || this.json === undefined) {
      return `its content is not known: ${this.problem}`;
    }
    return this.left(this.until) > 0 ? undefined : `its metadata ended at ${instant(this.until.wall)}, and no newer one is known: ${this.problem}`;
  }

  /** Waits for the first attempt, where it is under way and nothing else can be used. */
  async settle(deadline: Deadline): Promise<void> {
    if (!this.isAttempted && this.missing() !== undefined) {
      await within(deadline, this.first.promise);
    }
  }

  /** @param delay - milliseconds before the first attempt */
  start(delay: number): void {
    this.wait(delay);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.settled();
  }

  /** One attempt, with the next one planned; never throws. */
  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    const deadline = startDeadline(REFRESH_PATIENCE);
    try {
      const { bytes, ends, version } = await this.parts.refresh(deadline);
      const json = this.parts.read(bytes.toString('utf8'));
      const changed = json !== this.json;
      if (changed) {
        await this.parts.adopt(json);
      }
      this.json = json;
      this.until = earlier(this.until, { version, wall: ends, monotonic: performance.now() + Math.max(0, ends - this.parts.now()) });
      this.refreshedAt = this.parts.now();
      this.failures = 0;
      this.problem = 'the mirror has nothing newer';
      this.parts.tell({ event: 'trust-root-refreshed', trustRoot: this.name, version, changed, ends: instant(ends) });
    } catch (error) {
      this.failures += 1;
      this.problem = reasonOf(error);
      const { ends } = this;
      this.parts.tell({
        event: 'trust-root-refresh-failed', trustRoot: this.name, failures: this.failures, message: this.problem, ...ends === undefined ? {} : { ends: instant(ends) },
        endsSoon: this.parts.shipped === undefined && (this.until === undefined || this.left(this.until) < ENDS_SOON),
      });
    } finally {
      deadline.done();
      this.settled();
    }
    this.wait(this.failures === 0 ? nextRefresh(this.until === undefined ? 0 : this.left(this.until), Math.random()) : nextRetry(this.failures, Math.random()));
  }

  private wait(milliseconds: number): void {
    if (!this.stopped) {
      this.timer = setTimeout(() => void this.refresh(), milliseconds).unref();
    }
  }

  private settled(): void {
    this.isAttempted = true;
    this.first.resolve();
  }

  private left({ wall, monotonic }: End): number {
    return Math.min(wall - this.parts.now(), monotonic - performance.now());
  }
}

/** The same metadata ends no later because it was fetched again. */
function earlier(before: End | undefined, next: End): End {
  return before?.version === next.version ? { ...next, wall: Math.min(before.wall, next.wall), monotonic: Math.min(before.monotonic, next.monotonic) } : next;
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
