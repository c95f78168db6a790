import { onBehalfOf, startDeadline } from '../../lib/verifier/deadline';
import { SingleFlight } from '../../lib/verifier/single-flight';
import { Deadline, VerifierError } from '../../lib/verifier/ports';

const ample = (): Deadline => startDeadlineUnref(60_000);

function startDeadlineUnref(milliseconds: number): Deadline & { abandon(): void; done(): void } {
  const deadline = startDeadline(milliseconds);
  deadlines.push(deadline);
  return deadline;
}

const deadlines: Array<{ done(): void }> = [];
afterEach(() => deadlines.splice(0).forEach((deadline) => deadline.done()));

/** Work whose end the test decides. */
function controlled<T>(): { work: (deadline: Deadline) => Promise<T>; finish: (value: T) => void; fail: (error: Error) => void; runs: () => number; signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  let finish: (value: T) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  return {
    signals,
    runs: () => signals.length,
    work: (deadline) => {
      signals.push(deadline.signal);
      return new Promise<T>((resolve, reject) => {
        finish = resolve;
        fail = reject;
      });
    },
    finish: (value) => finish(value),
    fail: (error) => fail(error),
  };
}

test('askers of one key at the same time share one piece of work', async () => {
  const flight = new SingleFlight<number>(60_000);
  const { work, finish, runs } = controlled<number>();
  const both = [flight.run('k', ample(), work), flight.run('k', ample(), work)];
  finish(7);
  await expect(Promise.all(both)).resolves.toEqual([7, 7]);
  expect(runs()).toBe(1);
});

test('askers of different keys do not share', async () => {
  const flight = new SingleFlight<string>(60_000);
  const answers = await Promise.all(['a', 'b'].map((key) => flight.run(key, ample(), () => Promise.resolve(key))));
  expect(answers).toEqual(['a', 'b']);
});

test('what ended is not remembered: the next asker starts anew', async () => {
  const flight = new SingleFlight<number>(60_000);
  let runs = 0;
  const work = (): Promise<number> => Promise.resolve(runs += 1);
  await flight.run('k', ample(), work);
  await expect(flight.run('k', ample(), work)).resolves.toBe(2);
});

test('a failure reaches every asker and is forgotten', async () => {
  const flight = new SingleFlight<number>(60_000);
  const { work, fail } = controlled<number>();
  const both = [flight.run('k', ample(), work), flight.run('k', ample(), work)];
  fail(new Error('registry is away'));
  const outcomes = await Promise.allSettled(both);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  await expect(flight.run('k', ample(), () => Promise.resolve(1))).resolves.toBe(1);
});

test('an asker whose time is over leaves with DEADLINE while the others get the result', async () => {
  const flight = new SingleFlight<number>(60_000);
  const { work, finish } = controlled<number>();
  const hurried = startDeadlineUnref(60_000);
  const first = flight.run('k', hurried, work);
  const second = flight.run('k', ample(), work);
  hurried.abandon();
  await expect(first).rejects.toMatchObject({ code: 'DEADLINE' });
  finish(3);
  await expect(second).resolves.toBe(3);
});

test('an asker whose time is over is told what the work waits for at that moment', async () => {
  const flight = new SingleFlight<number>(60_000);
  const away = new VerifierError('REGISTRY_UNAVAILABLE', 'away');
  const over = async (say: ReadonlyArray<VerifierError | undefined>): Promise<unknown> => {
    const hurried = startDeadlineUnref(60_000);
    const asked = flight.run('k', hurried, (_deadline, awaits) => {
      say.forEach(awaits);
      return new Promise<number>(() => undefined);
    }).catch((error: VerifierError) => error.code);
    hurried.abandon();
    return asked;
  };
  expect([await over([away]), await over([away, undefined]), await over([])]).toEqual(['REGISTRY_UNAVAILABLE', 'DEADLINE', 'DEADLINE']);
});

test('an asker whose time is over while the work waits for its turn is told DEADLINE, whatever it waited for before', async () => {
  const flight = new SingleFlight<number>(60_000);
  const away = new VerifierError('REGISTRY_UNAVAILABLE', 'away');
  const over = async (turnComes: boolean): Promise<unknown> => {
    const hurried = startDeadlineUnref(60_000);
    const asked = flight.run('k', hurried, ({ askers }, awaits) => {
      awaits(away);
      const end = askers?.stand({ came: () => undefined, went: () => undefined });
      if (turnComes) {
        end?.();
      }
      return new Promise<number>(() => undefined);
    }).catch((error: VerifierError) => error.code);
    hurried.abandon();
    return asked;
  };
  expect([await over(false), await over(true)]).toEqual(['DEADLINE', 'REGISTRY_UNAVAILABLE']);
});

test('work is done for all who ask, for as long as they do', async () => {
  const flight = new SingleFlight<number>(60_000);
  const told: string[] = [];
  const [hurried, patient] = [startDeadlineUnref(60_000), ample()];
  const { work, finish } = controlled<number>();
  const first = flight.run('k', onBehalfOf('first', hurried), (deadline) => {
    deadline.askers?.stand({ came: (name) => told.push(`+${name}`), went: (name) => told.push(`-${name}`) });
    return work(deadline);
  });
  const second = flight.run('k', onBehalfOf('second', patient), work);
  expect(told).toEqual(['+first', '+second']);
  hurried.abandon();
  await expect(first).rejects.toMatchObject({ code: 'DEADLINE' });
  expect(told).toEqual(['+first', '+second', '-first']);
  finish(4);
  await expect(second).resolves.toBe(4);
});

test('work that the last asker has left is abandoned', async () => {
  const flight = new SingleFlight<number>(60_000);
  const { work, signals } = controlled<number>();
  const hurried = startDeadlineUnref(60_000);
  const asked = flight.run('k', hurried, work);
  hurried.abandon();
  await expect(asked).rejects.toMatchObject({ code: 'DEADLINE' });
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});

test('an asker who comes after the work was abandoned starts anew', async () => {
  const flight = new SingleFlight<number>(60_000);
  const hurried = startDeadlineUnref(60_000);
  const asked = flight.run('k', hurried, () => new Promise<number>(() => undefined));
  hurried.abandon();
  await expect(asked).rejects.toMatchObject({ code: 'DEADLINE' });
  await expect(flight.run('k', ample(), () => Promise.resolve(5))).resolves.toBe(5);
});

describe('an asker who comes while the work is in its last moments', () => {
  /** Ends with its deadline for the first time, with an answer for the second. */
  function lateWork(outcomes: Array<(deadline: Deadline) => Promise<string>>): { work: (deadline: Deadline) => Promise<string>; runs: () => number } {
    let runs = 0;
    return {
      runs: () => runs,
      work: (deadline) => {
        runs += 1;
        return (outcomes.shift() ?? (() => Promise.resolve('answer')))(deadline);
      },
    };
  }
  const untilOver = (deadline: Deadline): Promise<string> => new Promise((_resolve, reject) => {
    deadline.signal.addEventListener('abort', () => reject(new Error('over')));
  });

  test('gets all of its own time; the first asker gets no more than its own', async () => {
    const flight = new SingleFlight<string>(100);
    const { work, runs } = lateWork([untilOver]);
    const first = flight.run('k', startDeadlineUnref(100), work).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const late = [flight.run('k', ample(), work), flight.run('k', ample(), work)];
    expect(await first).toBeInstanceOf(Error);
    await expect(Promise.all(late)).resolves.toEqual(['answer', 'answer']);
    expect(runs()).toBe(2);
  });

  test('gets the failure of work that had time left', async () => {
    const flight = new SingleFlight<string>(60_000);
    const { work, runs } = lateWork([() => Promise.reject(new Error('registry is away'))]);
    await expect(flight.run('k', ample(), work)).rejects.toThrow('registry is away');
    expect(runs()).toBe(1);
  });

  test('does not begin anew with its own time over', async () => {
    const flight = new SingleFlight<string>(50);
    const { work, runs } = lateWork([untilOver, untilOver, untilOver]);
    await expect(flight.run('k', startDeadlineUnref(80), work)).rejects.toThrow();
    expect(runs()).toBeLessThan(3);
  });
});
