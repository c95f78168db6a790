import { Askers } from './askers';
import { RunningDeadline, startDeadline, within } from './deadline';
import { Deadline, VerifierError } from './ports';

/**
 * Shares one piece of work among all who ask for the same key at the same time.
 *
 * The work has a full deadline of its own, so that a first asker with little time left does not fail those who come after; who comes after it
 * began has all of its own time as well. Where it waits for a turn, it waits for each of them, whoever began it. When the last asker has gone, the work is abandoned.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Flight<T>>();

  /** @param milliseconds - time that one piece of work is given */
  constructor(private readonly milliseconds: number) {}

  /**
   * @param work - told how to say, at every stage, which error it is when time is over then; DEADLINE unless it says so, and while it waits for a turn
   * @throws what the work throws, or that error when the asker's own time is over first
   */
  async run(key: string, asker: Deadline, work: Work<T>): Promise<T> {
    for (;;) {
      const flight = this.flights.get(key) ?? new Flight<T>(this.milliseconds);
      const leave = flight.join(asker);
      try {
        return await within(asker, flight.outcome ?? this.start(key, flight, work));
      } catch (error) {
        // Who came late has time left when that of the work is over: it begins anew, once for all who came late.
        if (flight.deadline.remaining() > 0 || asker.remaining() === 0) {
          throw error instanceof VerifierError && error.code === 'DEADLINE' && !flight.askers.standInLine ? flight.overdue ?? error : error;
        }
      } finally {
        leave();
        if (flight.joined === 0) {
          flight.deadline.abandon();
          this.forget(key, flight);
        }
      }
    }
  }

  private start(key: string, flight: Flight<T>, work: Work<T>): Promise<T> {
    this.flights.set(key, flight);
    const outcome = work(flight.deadline, (error) => {
      flight.overdue = error;
    });
    flight.outcome = outcome;
    const end = (): void => {
      flight.deadline.done();
      this.forget(key, flight);
    };
    outcome.then(end, end);
    return outcome;
  }

  private forget(key: string, flight: Flight<T>): void {
    if (this.flights.get(key) === flight) {
      this.flights.delete(key);
    }
  }
}

/** @param awaits - says which error it is when time is over from now on; `undefined` for DEADLINE */
type Work<T> = (deadline: Deadline, awaits: (overdue: VerifierError | undefined) => void) => Promise<T>;

class Flight<T> {
  outcome: Promise<T> | undefined = undefined;
  overdue: VerifierError | undefined = undefined;
  joined = 0;
  readonly askers = new Askers();
  readonly deadline: RunningDeadline;

  constructor(milliseconds: number) {
    this.deadline = startDeadline(milliseconds, this.askers);
  }

  /** @returns what leaves it */
  join({ askers }: Deadline): () => void {
    this.joined += 1;
    const leave = askers && this.askers.follow(askers);
    return () => {
      this.joined -= 1;
      leave?.();
    };
  }
}
