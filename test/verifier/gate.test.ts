import { onBehalfOf, RunningDeadline, startDeadline } from '../../lib/verifier/deadline';
import { Askers } from '../../lib/verifier/askers';
import { Gate, WORK_LIMITS } from '../../lib/verifier/gate';
import { Deadline, VerifierError } from '../../lib/verifier/ports';

function pending(): { promise: Promise<string>; end: (value: string) => void } {
  let end: (value: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what fits runs at once, what fits not waits its turn, in order', async () => {
  const gate = new Gate({ capacity: 1, waiting: 4 });
  const deadline = startDeadline(60_000);
  const first = pending();
  const order: string[] = [];
  const one = gate.pass('a.test', deadline, () => first.promise);
  const two = gate.pass('a.test', deadline, () => Promise.resolve(order.push('two')));
  const three = gate.pass('a.test', deadline, () => Promise.resolve(order.push('three')));
  await settled();
  expect(order).toEqual([]);
  first.end('done');
  await Promise.all([one, two, three]);
  expect(order).toEqual(['two', 'three']);
  deadline.done();
});

test('what finds the queue full is refused at once with OVERLOADED; one place less taken, it waits', async () => {
  const gate = new Gate({ capacity: 1, waiting: 1 });
  const deadline = startDeadline(60_000);
  const first = pending();
  const running = gate.pass('a.test', deadline, () => first.promise);
  const waiting = gate.pass('a.test', deadline, () => Promise.resolve('waited'));
  await expect(gate.pass('a.test', deadline, () => Promise.resolve('too many'))).rejects.toMatchObject({ code: 'OVERLOADED' });
  first.end('done');
  await expect(Promise.all([running, waiting])).resolves.toEqual(['done', 'waited']);
  deadline.done();
});

test('within a lane rows take turns, so that who asks once does not wait behind who asks often', async () => {
  const gate = new Gate({ capacity: 1, waiting: 64 });
  const deadline = startDeadline(60_000);
  const first = pending();
  const order: string[] = [];
  const running = gate.pass('a.test', onBehalfOf('busy', deadline), () => first.promise);
  const asked = ['busy', 'busy', 'busy', 'quiet', 'busy', 'other'].map((row, index) => gate.pass('a.test', onBehalfOf(row, deadline), () => Promise.resolve(order.push(`${row} ${index}`))));
  first.end('done');
  await Promise.all([running, ...asked]);
  expect(order).toEqual(['busy 0', 'quiet 3', 'other 5', 'busy 1', 'busy 2', 'busy 4']);
  deadline.done();
});

/** Asks for a row until no more may wait. @returns what became of each */
function outcomesOf(gate: Gate, row: string, times: number, deadline: Deadline): Promise<string>[] {
  return Array.from({ length: times }, () => gate.pass('a.test', onBehalfOf(row, deadline), () => Promise.resolve('answered')).catch((error: VerifierError) => error.code));
}

test('a row takes a quarter of the places that its lane has to wait in, and another one of the lane still finds some', async () => {
  const gate = new Gate({ capacity: 1, waiting: 256 });
  const deadline = startDeadline(60_000);
  const first = pending();
  const running = gate.pass('a.test', onBehalfOf('busy', deadline), () => first.promise);
  const [busy, quiet] = [outcomesOf(gate, 'busy', 256, deadline), outcomesOf(gate, 'quiet', 1, deadline)];
  first.end('done');
  await running;
  const said = await Promise.all(busy);
  expect([said.filter((outcome) => outcome === 'answered').length, said.filter((outcome) => outcome === 'OVERLOADED').length]).toEqual([32, 224]);
  await expect(Promise.all(quiet)).resolves.toEqual(['answered']);
  deadline.done();
});

test('where many rows have all that they get, another finds twenty places, and no more', async () => {
  const gate = new Gate({ capacity: 1, waiting: WORK_LIMITS.waiting });
  const deadline = startDeadline(60_000);
  const first = pending();
  const running = gate.pass('a.test', deadline, () => first.promise);
  const busy = Array.from({ length: 22 }, (_, index) => outcomesOf(gate, `busy-${index}`, 600, deadline)).flat();
  const quiet = outcomesOf(gate, 'quiet', 21, deadline);
  first.end('done');
  await Promise.all([running, ...busy]);
  expect((await Promise.all(quiet)).sort()).toEqual(['OVERLOADED', ...Array.from({ length: 20 }, () => 'answered')]);
  deadline.done();
});

test('a row whose only one gives up leaves the turn to the next', async () => {
  const gate = new Gate({ capacity: 1, waiting: 16 });
  const [ample, hurried] = [startDeadline(60_000), startDeadline(60_000)];
  const first = pending();
  const running = gate.pass('a.test', onBehalfOf('busy', ample), () => first.promise);
  const gone = gate.pass('a.test', onBehalfOf('hurried', hurried), () => Promise.resolve('never'));
  const patient = gate.pass('a.test', onBehalfOf('patient', ample), () => Promise.resolve('patient'));
  hurried.abandon();
  await expect(gone).rejects.toMatchObject({ code: 'DEADLINE' });
  first.end('done');
  await expect(Promise.all([running, patient])).resolves.toEqual(['done', 'patient']);
  ample.done();
});

describe('work of several askers', () => {
  /** A lane whose place is taken, and a row of others who wait for it. */
  function busyLane(waiting = 64): { gate: Gate; order: string[]; ask: (who: string, deadline: Deadline) => Promise<unknown>; end: () => Promise<unknown> } {
    const gate = new Gate({ capacity: 1, waiting });
    const first = pending();
    const order: string[] = [];
    const running = gate.pass('a.test', ample, () => first.promise);
    const ask = (who: string, deadline: Deadline): Promise<unknown> => gate.pass('a.test', deadline, () => Promise.resolve(order.push(who)));
    return { gate, order, ask, end: () => (first.end('done'), running) };
  }

  let ample: RunningDeadline;
  let shared: { askers: Askers; deadline: RunningDeadline };

  beforeEach(() => {
    ample = startDeadline(60_000);
    const askers = new Askers();
    shared = { askers, deadline: startDeadline(60_000, askers) };
  });

  afterEach(() => [ample, shared.deadline].forEach((deadline) => deadline.done()));

  test('goes in with the turn of one who came while it waited, and once', async () => {
    const { order, ask, end } = busyLane();
    shared.askers.follow(Askers.only('busy'));
    const asked = ['busy 1', 'busy 2', 'busy 3'].map((who) => ask(who, onBehalfOf('busy', ample)));
    asked.push(ask('shared', shared.deadline), ask('busy 4', onBehalfOf('busy', ample)));
    shared.askers.follow(Askers.only('quiet'));
    asked.push(ask('quiet', onBehalfOf('quiet', ample)));
    await Promise.all([end(), ...asked]);
    expect(order).toEqual(['busy 1', 'shared', 'busy 2', 'quiet', 'busy 3', 'busy 4']);
  });

  test('waits for its own turn where nobody else came', async () => {
    const { order, ask, end } = busyLane();
    shared.askers.follow(Askers.only('busy'));
    const asked = ['busy 1', 'busy 2', 'busy 3'].map((who) => ask(who, onBehalfOf('busy', ample)));
    asked.push(ask('shared', shared.deadline), ask('quiet', onBehalfOf('quiet', ample)));
    await Promise.all([end(), ...asked]);
    expect(order).toEqual(['busy 1', 'quiet', 'busy 2', 'busy 3', 'shared']);
  });

  test.each([
    ['the turn comes', (end: () => Promise<unknown>) => end()],
    ['time is over', () => Promise.resolve(shared.deadline.abandon())],
  ])('leaves every place it waited in when %s', async (_when, happen) => {
    const { gate, order, ask, end } = busyLane(8);
    ['one', 'other', 'third'].forEach((name) => shared.askers.follow(Askers.only(name)));
    const outcome = ask('shared', shared.deadline).catch((error: VerifierError) => error.code);
    expect(shared.askers.standInLine).toBe(true);
    await happen(end);
    await outcome;
    expect(shared.askers.standInLine).toBe(false);
    await end();
    const second = pending();
    const running = gate.pass('a.test', ample, () => second.promise);
    const all = Array.from({ length: 4 }, (_, index) => ask(String(index), onBehalfOf(`n${index}`, ample)));
    await expect(ask('one too many', ample)).rejects.toMatchObject({ code: 'OVERLOADED' });
    second.end('done');
    await Promise.all([running, ...all]);
    expect(order.slice(-4)).toEqual(['0', '1', '2', '3']);
  });

  test('an asker who goes takes his row with him, but for the last', async () => {
    const { order, ask, end } = busyLane();
    const [busy, quiet] = ['busy', 'quiet'].map((name) => shared.askers.follow(Askers.only(name)));
    const asked = ['busy 1', 'busy 2'].map((who) => ask(who, onBehalfOf('busy', ample)));
    asked.push(ask('shared', shared.deadline), ask('quiet', onBehalfOf('quiet', ample)));
    quiet?.();
    busy?.();
    await Promise.all([end(), ...asked]);
    expect(order).toEqual(['busy 1', 'quiet', 'busy 2', 'shared']);
  });

  test('one who finds his row full changes nothing for the others', async () => {
    const { order, ask, end } = busyLane(160);
    const full = Array.from({ length: 21 }, (_, index) => ask(`busy ${index}`, onBehalfOf('busy', ample)).catch((error: VerifierError) => error.code));
    shared.askers.follow(Askers.only('quiet'));
    const asked = ask('shared', shared.deadline);
    shared.askers.follow(Askers.only('busy'));
    await Promise.all([end(), asked, ...full]);
    expect(order.slice(0, 3)).toEqual(['busy 0', 'shared', 'busy 1']);
    expect(order).toHaveLength(21);
  });
});

test('what weighs nothing takes no turn', async () => {
  const gate = new Gate({ capacity: 1, waiting: 0 });
  const deadline = startDeadline(60_000);
  const first = pending();
  const running = gate.pass('a.test', deadline, () => first.promise);
  await expect(gate.pass('a.test', deadline, () => Promise.resolve('nothing'), 0)).resolves.toBe('nothing');
  await expect(gate.pass('a.test', deadline, () => Promise.resolve('something'), 1)).rejects.toMatchObject({ code: 'OVERLOADED' });
  first.end('done');
  await running;
  deadline.done();
});

test('who waits too long leaves with DEADLINE and takes nobody\'s place', async () => {
  const gate = new Gate({ capacity: 1, waiting: 4 });
  const ample = startDeadline(60_000);
  const hurried = startDeadline(60_000);
  const first = pending();
  const running = gate.pass('a.test', ample, () => first.promise);
  const gone = gate.pass('a.test', hurried, () => Promise.resolve('never'));
  const patient = gate.pass('a.test', ample, () => Promise.resolve('patient'));
  hurried.abandon();
  await expect(gone).rejects.toMatchObject({ code: 'DEADLINE' });
  first.end('done');
  await expect(Promise.all([running, patient])).resolves.toEqual(['done', 'patient']);
  await expect(gate.pass('a.test', ample, () => Promise.resolve('free again'))).resolves.toBe('free again');
  ample.done();
});

test.each(Array.from({ length: 12 }, (_, steps) => steps))('a turn that comes %s steps before the end of the time is used or handed on', async (steps) => {
  const gate = new Gate({ capacity: 1, waiting: 4 });
  const [ample, hurried] = [startDeadline(60_000), startDeadline(60_000)];
  const first = pending();
  const running = gate.pass('a.test', ample, () => first.promise);
  const late = gate.pass('a.test', hurried, () => Promise.resolve('in time')).catch((error: VerifierError) => error.code);
  first.end('done');
  for (let step = 0; step < steps; step += 1) {
    await Promise.resolve();
  }
  hurried.abandon();
  expect(['in time', 'DEADLINE']).toContain(await late);
  await running;
  const patience = startDeadline(1_000);
  await expect(gate.pass('a.test', patience, () => Promise.resolve('free again'))).resolves.toBe('free again');
  [ample, patience].forEach((deadline) => deadline.done());
});

test('work that throws gives its place back', async () => {
  const gate = new Gate({ capacity: 1, waiting: 0 });
  const deadline = startDeadline(60_000);
  await expect(gate.pass('a.test', deadline, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(gate.pass('a.test', deadline, () => Promise.resolve('next'))).resolves.toBe('next');
  deadline.done();
});

describe('lanes', () => {
  /** Fills a lane with work that does not end. @returns how much was let in */
  async function fill(gate: Gate, lane: string, count: number, weight = 1): Promise<number> {
    let inside = 0;
    for (let index = 0; index < count; index += 1) {
      gate.pass(lane, startDeadlineUnref(), () => {
        inside += 1;
        return new Promise<never>(() => undefined);
      }, weight).catch(() => undefined);
    }
    await settled();
    return inside;
  }

  const deadlines: Array<{ abandon(): void; done(): void }> = [];
  function startDeadlineUnref(askers?: Askers): ReturnType<typeof startDeadline> {
    const deadline = startDeadline(60_000, askers);
    deadlines.push(deadline);
    return deadline;
  }

  afterEach(() => deadlines.splice(0).forEach((deadline) => deadline.done()));

  test('one whose work never ends holds half; the next half of the rest; and there is still room for another', async () => {
    const gate = new Gate({ capacity: 16, waiting: 100 });
    expect([await fill(gate, 'a.test', 40), await fill(gate, 'b.test', 40), await fill(gate, 'c.test', 40)]).toEqual([8, 4, 2]);
    await expect(gate.pass('d.test', startDeadlineUnref(), () => Promise.resolve('in'))).resolves.toBe('in');
  });

  test('the same for work by weight', async () => {
    const gate = new Gate({ capacity: 64, waiting: 100 });
    expect([await fill(gate, 'a.test', 40, 8), await fill(gate, 'b.test', 40, 8)]).toEqual([4, 2]);
    await expect(gate.pass('c.test', startDeadlineUnref(), () => Promise.resolve('in'), 16)).resolves.toBe('in');
  });

  test('what weighs more than there ever is comes in alone', async () => {
    const gate = new Gate({ capacity: 10, waiting: 100 });
    await expect(gate.pass('a.test', startDeadlineUnref(), () => Promise.resolve('in'), 1_000)).resolves.toBe('in');
  });

  test('one takes no more than half of the places to wait in: the other waits where the first is OVERLOADED', async () => {
    const gate = new Gate({ capacity: 1, waiting: 8 });
    await fill(gate, 'a.test', 5);
    await expect(gate.pass('a.test', startDeadlineUnref(), () => Promise.resolve(1))).rejects.toMatchObject({ code: 'OVERLOADED', message: expect.stringContaining('a.test') as string });
    const hurried = startDeadlineUnref();
    const other = gate.pass('b.test', hurried, () => Promise.resolve(1));
    await settled();
    hurried.abandon();
    await expect(other).rejects.toMatchObject({ code: 'DEADLINE' });
  });

  test('turns go round: the last of many in one lane does not go before the first of another', async () => {
    const gate = new Gate({ capacity: 1, waiting: 100 });
    const first = pending();
    const order: string[] = [];
    const all = [gate.pass('a.test', startDeadlineUnref(), () => first.promise)];
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) {
      all.push(gate.pass(`${name[0] ?? ''}.test`, startDeadlineUnref(), () => {
        order.push(name);
        return Promise.resolve(name);
      }));
    }
    first.end('done');
    await Promise.all(all);
    expect(order.indexOf('b1')).toBeLessThan(order.indexOf('a2'));
    expect(order.indexOf('b2')).toBeLessThan(order.indexOf('a3'));
    expect(order).toHaveLength(5);
  });

  test('who gives up in front lets a smaller one behind him in', async () => {
    const gate = new Gate({ capacity: 10, waiting: 100 });
    const first = pending();
    const hurried = startDeadlineUnref();
    const running = gate.pass('a.test', startDeadlineUnref(), () => first.promise, 4);
    const large = gate.pass('a.test', hurried, () => Promise.resolve('large'), 9);
    const small = gate.pass('a.test', startDeadlineUnref(), () => Promise.resolve('small'), 1);
    hurried.abandon();
    await expect(large).rejects.toMatchObject({ code: 'DEADLINE' });
    await expect(small).resolves.toBe('small');
    first.end('done');
    await running;
  });

  test('a row whose first gives up has had its turn: another as heavy behind him keeps nobody of another row out', async () => {
    const gate = new Gate({ capacity: 10, waiting: 100 });
    const running = pending();
    const all = [gate.pass('a.test', startDeadlineUnref(), () => running.promise, 4)];
    const [hurried, long] = [startDeadlineUnref(), startDeadlineUnref()];
    const heavy = [hurried, long].map((deadline) => gate.pass('a.test', onBehalfOf('evil', deadline), () => Promise.resolve('heavy'), 9));
    const small = gate.pass('a.test', onBehalfOf('shop', startDeadlineUnref()), () => Promise.resolve('small'), 1);
    hurried.abandon();
    await expect(heavy[0]).rejects.toMatchObject({ code: 'DEADLINE' });
    await expect(small).resolves.toBe('small');
    running.end('done');
    await Promise.all([...all, heavy[1]]);
  });

  test('who goes and comes back while his work waits in his row alone stands there once, and all places are free in the end', async () => {
    const gate = new Gate({ capacity: 2, waiting: 200 });
    const running = pending();
    const all: Promise<unknown>[] = [gate.pass('a.test', onBehalfOf('x', startDeadlineUnref()), () => running.promise)];
    const evil = Array.from({ length: 40 }, () => gate.pass('a.test', onBehalfOf('evil', startDeadlineUnref()), settled).catch(() => undefined));
    const askers = new Askers();
    const leave = askers.follow(Askers.only('shop'));
    all.push(gate.pass('a.test', startDeadlineUnref(askers), settled));
    askers.follow(Askers.only('evil'));
    leave();
    askers.follow(Askers.only('shop'));
    running.end('done');
    await Promise.all([...all, ...evil]);
    expect(await fill(gate, 'a.test', 10)).toBe(await fill(new Gate({ capacity: 2, waiting: 200 }), 'a.test', 10));
  });
});
