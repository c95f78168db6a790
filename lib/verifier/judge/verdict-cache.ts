import { hash } from 'node:crypto';
import { Proof, Verdict } from '../../decide/verdict';

/** How much is remembered, and for how long. */
export interface VerdictCacheLimits {
  /** Most recently used entries that are kept. */
  readonly entries: number;
  /** Milliseconds after which an allow has to be earned again. */
  readonly freshFor: number;
}

export const VERDICT_CACHE_LIMITS: VerdictCacheLimits = { entries: 20_000, freshFor: 10 * 60_000 };

/** A verdict without the image, which whoever asks names himself. */
export type RememberedVerdict = Omit<Verdict, 'image'>;

/**
 * Remembers what was allowed, for a bounded time by the monotonic clock; a refusal is never remembered.
 *
 * A cache belongs to one policy set and dies with it; the key names the image's digest, the content of the trust roots and the policies that
 * were applied.
 *
 * There may be many: keys, which are long, are kept as their SHA-256, and lists that say the same once.
 */
export class VerdictCache {
  /** In order of use: the first is the least recently used. */
  private readonly entries = new Map<string, { readonly verdict: RememberedVerdict; readonly until: number }>();
  /** By their text: names of policies and of checks, in as many orders as a policy set knows. */
  private readonly lists = new Map<string, readonly string[]>();

  constructor(private readonly limits: VerdictCacheLimits = VERDICT_CACHE_LIMITS, private readonly monotonic: () => number = () => performance.now()) {}

  get size(): number {
    return this.entries.size;
  }

  tryGet(text: string): RememberedVerdict | undefined {
    const key = keyOf(text);
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

  put(text: string, verdict: Verdict): void {
    if (!verdict.allowed) {
      throw new Error('only an allow may be remembered');
    }
    const key = keyOf(text);
    this.entries.delete(key);
    this.entries.set(key, { verdict: this.compact(verdict), until: this.monotonic() + this.limits.freshFor });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.limits.entries) {
        break;
      }
      this.entries.delete(oldest);
    }
  }

  private compact({ allowed, policies, reasons, proof, warnings, policyDigest }: Verdict): RememberedVerdict {
    return {
      allowed, policies: this.once(policies), reasons: orNone(reasons), proof: proof.map((one): Proof => ('checks' in one ? { ...one, checks: this.once(one.checks) } : one)),
      warnings: orNone(warnings), policyDigest,
    };
  }

  private once<T extends string>(list: readonly T[]): readonly T[] {
    const text = JSON.stringify(list);
    const known = this.lists.get(text) ?? list;
    this.lists.set(text, known);
    // Equal texts are lists of the same names.
    return known as readonly T[];
  }
}

const NONE: readonly never[] = [];

function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list;
}

function keyOf(text: string): string {
  return hash('sha256', text, 'base64');
}
