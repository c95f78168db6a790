import { Verdict } from '../../decide/verdict';

/** How much is remembered, and for how long. */
export interface VerdictCacheLimits {
  /** Most recently used entries that are kept. */
  readonly entries: number;
  /** Milliseconds after which an allow has to be earned again. */
  readonly freshFor: number;
}

export const VERDICT_CACHE_LIMITS: VerdictCacheLimits = { entries: 20_000, freshFor: 10 * 60_000 };

/**
 * Remembers what was allowed, for a bounded time by the monotonic clock; a refusal is never remembered.
 *
 * A cache belongs to one policy set and dies with it; the key names the image's digest, the content of the trust roots and the policies that
 * were applied.
 */
export class VerdictCache {
  /** In order of use: the first is the least recently used. */
  private readonly entries = new Map<string, { readonly verdict: Verdict; readonly until: number }>();

  constructor(private readonly limits: VerdictCacheLimits = VERDICT_CACHE_LIMITS, private readonly monotonic: () => number = () => performance.now()) {}

  get size(): number {
    return this.entries.size;
  }

  tryGet(key: string): Verdict | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      return undefined;
    }
    this.entries.delete(key);
    if (entry.until <= this.monotonic()) {
      return undefined;
    }
    this.entries.set(key, entry);
    return entry.verdict;
  }

  put(key: string, verdict: Verdict): void {
    if (!verdict.allowed) {
      throw new Error('only an allow may be remembered');
    }
    this.entries.delete(key);
    this.entries.set(key, { verdict, until: this.monotonic() + this.limits.freshFor });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.limits.entries) {
        break;
      }
      this.entries.delete(oldest);
    }
  }
}
