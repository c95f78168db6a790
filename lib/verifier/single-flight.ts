import { RunningDeadline, startDeadline, within } from './deadline';
import { Deadline } from './ports';

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

  /** @throws what the work throws, or VerifierError DEADLINE when the asker's own time is over first */
  async run(key: string, asker: Deadline, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    for (;;) {
      const flight = this.flights.get(key) ?? this.start(key, work);
      flight.askers += 1;
      try {
        return await within(asker, flight.outcome);
      } catch (error) {
        // Who came late has time left when that of the work is over: it begins anew, once for all who came late.
        if (flight.deadline.remaining() > 0 || asker.remaining() === 0) {
          throw error;
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

  private start(key: string, work: (deadline: Deadline) => Promise<T>): Flight<T> {
    const deadline = startDeadline(this.milliseconds);
    const flight: Flight<T> = { outcome: work(deadline), askers: 0, deadline };
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

interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly deadline: RunningDeadline;
  askers: number;
}
