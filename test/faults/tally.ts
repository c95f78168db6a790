/** What became of one request: `allowed`, the code of a refusal, or `broken` (no answer, at once), `unanswered` (none in time), `malformed`. */
export type Outcome = string;

export interface Exchange {
  /** What was asked. */
  readonly kind: string;
  /** Whether allowing it is wrong. */
  readonly isBad: boolean;
  readonly outcome: Outcome;
  /** Milliseconds since the tally was begun. */
  readonly sent: number;
  /** Milliseconds until the answer, or until there was none. */
  readonly took: number;
}

/** Every request of one row, and what is counted of them. */
export class Tally {
  private readonly begun = performance.now();
  private readonly exchanges: Exchange[] = [];
  private from = Infinity;
  private until = Infinity;

  get now(): number {
    return performance.now() - this.begun;
  }

  add(exchange: Exchange): void {
    this.exchanges.push(exchange);
  }

  faultBegins(): void {
    this.from = this.now;
  }

  faultEnds(): void {
    this.until = this.now;
  }

  get requests(): number {
    return this.exchanges.length;
  }

  get wrongAllows(): number {
    return this.exchanges.filter(({ isBad, outcome }) => isBad && outcome === 'allowed').length;
  }

  count(outcome: Outcome): number {
    return this.exchanges.filter((exchange) => exchange.outcome === outcome).length;
  }

  /** Milliseconds of the slowest answer. */
  get slowest(): number {
    return slowestIn(this.exchanges.filter(({ outcome }) => outcome !== 'unanswered'));
  }

  /** How all requests ended. */
  get outcomes(): ReadonlyMap<Outcome, number> {
    return counted(this.exchanges);
  }

  /** Whether a request of a kind was allowed so far. */
  isAllowed(kind: string): boolean {
    return this.exchanges.some((exchange) => exchange.kind === kind && exchange.outcome === 'allowed');
  }

  /** Milliseconds of the slowest answer of a kind. */
  slowestOf(kind: string): number {
    return slowestIn(this.exchanges.filter((exchange) => exchange.kind === kind));
  }

  /** When a request of a kind was first answered by something else than an allow, in milliseconds since the tally was begun. */
  firstRefusalOf(kind: string): number | undefined {
    const refused = this.exchanges.filter((exchange) => exchange.kind === kind && exchange.outcome !== 'allowed').map(({ sent, took }) => sent + took);
    return refused.length === 0 ? undefined : refused.reduce((first, time) => Math.min(first, time));
  }

  /** How requests of a kind ended that were sent while the fault lasted. */
  during(kind: string): ReadonlyMap<Outcome, number> {
    return counted(this.exchanges.filter((exchange) => exchange.kind === kind && exchange.sent >= this.from && exchange.sent < this.until));
  }

  /** How requests of a kind ended that were sent before the fault began. */
  before(kind: string): ReadonlyMap<Outcome, number> {
    return counted(this.exchanges.filter((exchange) => exchange.kind === kind && exchange.sent + exchange.took < this.from));
  }

  /** Milliseconds from the end of the fault to the last good request that was sent and not allowed; `undefined` when none of those kinds was allowed after it. */
  recovery(kinds: readonly string[]): number | undefined {
    const after = this.exchanges.filter(({ kind, sent }) => kinds.includes(kind) && sent >= this.until);
    const last = kinds.map((kind) => after.findLast((exchange) => exchange.kind === kind));
    const failed = after.filter(({ outcome }) => outcome !== 'allowed').map(({ sent, took }) => sent + took - this.until);
    return last.every((exchange) => exchange?.outcome === 'allowed') ? failed.reduce((latest, time) => Math.max(latest, time), 0) : undefined;
  }
}

/** Not by spreading: ten minutes of traffic are more arguments than a call may have. */
function slowestIn(exchanges: readonly Exchange[]): number {
  return exchanges.reduce((slowest, { took }) => Math.max(slowest, took), 0);
}

function counted(exchanges: readonly Exchange[]): ReadonlyMap<Outcome, number> {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of exchanges) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}
