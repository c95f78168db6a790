import { RunningDeadline, startDeadline, within } from './deadline';
import { Deadline, VerifierError } from './ports';

/**
 * Shares one piece of work among all who ask for the same key at the same time.
 *
 * The work has a full deadline of its own, so that a first asker with little time left does not fail those who come after; who comes after it
 * began has all of its own time as well. When the last asker has gone, the work is abandoned.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Flight<T>>();

  /** @param milliseconds - time that one piece of work is given */
  constructor(private readonly milliseconds: number) {}

  /**
   * @param work - told how to say, at every stage, which error it is when time is over then; DEADLINE unless it says so
   * @throws what the work throws, or that error when the asker's own time is over first
   */
  async run(key: string, asker: Deadline, work: Work<T>): Promise<T> {
    for (;;) {
      const flight = this.flights.get(key) ?? this.start(key, work);
      flight.askers += 1;
      try {
        return await within(asker, flight.outcome);
      } catch (error) {
        // Who came late has time left when that of the work is over: it begins anew, once for all who came late.
        if (flight.deadline.remaining() > 0 || asker.remaining() === 0) {
          throw error instanceof VerifierError && error.code === 'DEADLINE' ? flight.overdue ?? error : error;
        }
      } finally {
        flight.askers -= 1;
        if (flight.askers === 0) {
          flight.deadline.abandon();
          this.forget(key, flight);
        }
      }
    }
  }

  private start(key: string, work: Work<T>): Flight<T> {
    const deadline = startDeadline(this.milliseconds);
    let overdue: VerifierError | undefined;
    const outcome = work(deadline, (error) => {
      overdue = error;
    });
    const flight: Flight<T> = {
      outcome,
      askers: 0,
      deadline,
      get overdue() {
        return overdue;
      },
    };
    this.flights.set(key, flight);
    const end = (): void => {
      deadline.done();
      this.forget(key, flight);
    };
    flight.outcome.then(end, end);
    return flight;
  }

  private forget(key: string, flight: Flight<T>): void {
    if (this.flights.get(key) === flight) {
      this.flights.delete(key);
    }
  }
}

/** @param awaits - says which error it is when time is over from now on; `undefined` for DEADLINE */
type Work<T> = (deadline: Deadline, awaits: (overdue: VerifierError | undefined) => void) => Promise<T>;

interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly deadline: RunningDeadline;
  readonly overdue: VerifierError | undefined;
  askers: number;
}
