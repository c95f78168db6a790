import { Askers } from './askers';
import { Deadline, VerifierError } from './ports';

/** A deadline that also tells when its work is no longer wanted. */
export interface RunningDeadline extends Deadline {
  /** Stops the clock and frees its timer; from then on it is never over. */
  done(): void;
  /** Ends it now, for work that nobody waits for. */
  abandon(): void;
}

/**
 * Starts a deadline of `milliseconds`, measured by the monotonic clock so that a step of the wall clock changes nothing.
 *
 * @param askers - for whom the work under it is
 */
export function startDeadline(milliseconds: number, askers?: Askers): RunningDeadline {
  return new StartedDeadline(milliseconds, askers);
}

/** The same time, for work in a namespace. */
export function onBehalfOf(namespace: string, deadline: Deadline): Deadline {
  return {
    askers: Askers.only(namespace),
    get over() {
      return deadline.over;
    },
    get signal() {
      return deadline.signal;
    },
    whenOver: (act) => deadline.whenOver(act),
    remaining: () => deadline.remaining(),
  };
}

/** Has no signal until somebody asks for it: most reviews are answered from memory, where making one would be much of the work. */
class StartedDeadline implements RunningDeadline {
  private readonly end: number;
  private readonly timer: NodeJS.Timeout;
  private readonly waiting = new Set<() => void>();
  private controller: AbortController | undefined = undefined;
  private ended = false;

  constructor(milliseconds: number, readonly askers: Askers | undefined) {
    this.end = performance.now() + milliseconds;
    this.timer = setTimeout(() => this.finish(), milliseconds);
  }

  get over(): boolean {
    return this.ended;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      const controller = new AbortController();
      this.controller = controller;
      this.whenOver(() => controller.abort(outOfTime()));
    }
    return this.controller.signal;
  }

  remaining(): number {
    return this.ended ? 0 : Math.max(0, this.end - performance.now());
  }

  whenOver(act: () => void): () => void {
    if (this.ended) {
      act();
      return ignore;
    }
    this.waiting.add(act);
    return () => void this.waiting.delete(act);
  }

  done(): void {
    clearTimeout(this.timer);
  }

  abandon(): void {
    clearTimeout(this.timer);
    this.finish();
  }

  private finish(): void {
    this.ended = true;
    const acts = [...this.waiting];
    this.waiting.clear();
    acts.forEach((act) => act());
  }
}

/**
 * The promise's result, or DEADLINE as soon as time is over; the promise itself goes on and its late outcome is ignored.
 *
 * @throws VerifierError DEADLINE
 */
export function within<T>(deadline: Deadline, promise: Promise<T>): Promise<T> {
  return race(deadline, promise, (over) => over());
}

/**
 * Like `within`, for the outermost wait: what ends by the same deadline underneath answers first, because it knows what was waited for.
 *
 * @throws VerifierError DEADLINE
 */
export function atLast<T>(deadline: Deadline, promise: Promise<T>): Promise<T> {
  return race(deadline, promise, (over) => void setImmediate(over));
}

function race<T>(deadline: Deadline, promise: Promise<T>, when: (over: () => void) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = deadline.whenOver(() => when(() => reject(outOfTime())));
    promise.then(resolve, reject);
    promise.then(forget, forget);
  });
}

function outOfTime(): VerifierError {
  return new VerifierError('DEADLINE', 'the time for this request ran out before the evidence was gathered and checked');
}

function ignore(): void {
  return undefined;
}
