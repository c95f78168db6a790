import { Deadline, VerifierError } from './ports';

/** A deadline that also tells when its work is no longer wanted. */
export interface RunningDeadline extends Deadline {
  /** Stops the clock and frees its timer; the signal does not fire any more. */
  done(): void;
  /** Ends it now, for work that nobody waits for. */
  abandon(): void;
}

/**
 * Starts a deadline of `milliseconds`, measured by the monotonic clock so that a step of the wall clock changes nothing.
 */
export function startDeadline(milliseconds: number): RunningDeadline {
  const controller = new AbortController();
  const end = performance.now() + milliseconds;
  const over = (): void => controller.abort(outOfTime());
  const timer = setTimeout(over, milliseconds);
  return {
    signal: controller.signal,
    remaining: () => (controller.signal.aborted ? 0 : Math.max(0, end - performance.now())),
    done: () => clearTimeout(timer),
    abandon: () => {
      clearTimeout(timer);
      over();
    },
  };
}

/**
 * The promise's result, or DEADLINE as soon as time is over; the promise itself goes on and its late outcome is ignored.
 *
 * @throws VerifierError DEADLINE
 */
export function within<T>(deadline: Deadline, promise: Promise<T>): Promise<T> {
  if (deadline.signal.aborted) {
    promise.catch(ignoreLateOutcome);
    return Promise.reject(outOfTime());
  }
  return new Promise<T>((resolve, reject) => {
    const over = (): void => reject(outOfTime());
    deadline.signal.addEventListener('abort', over, { once: true });
    promise.then(resolve, reject).finally(() => deadline.signal.removeEventListener('abort', over));
  });
}

/**
 * Like `within`, for the outermost wait: what ends by the same deadline underneath answers first, because it knows what was waited for.
 *
 * @throws VerifierError DEADLINE
 */
export function atLast<T>(deadline: Deadline, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const over = (): void => void setImmediate(() => reject(outOfTime()));
    if (deadline.signal.aborted) {
      over();
    }
    deadline.signal.addEventListener('abort', over, { once: true });
    promise.then(resolve, reject).finally(() => deadline.signal.removeEventListener('abort', over));
  });
}

function outOfTime(): VerifierError {
  return new VerifierError('DEADLINE', 'the time for this request ran out before the evidence was gathered and checked');
}

/** Whoever waited was already answered with DEADLINE; nobody is left to tell. */
function ignoreLateOutcome(): void {
  return undefined;
}
