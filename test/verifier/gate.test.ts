import { startDeadline } from '../../lib/verifier/deadline';
import { Gate } from '../../lib/verifier/gate';

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
  function startDeadlineUnref(): ReturnType<typeof startDeadline> {
    const deadline = startDeadline(60_000);
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
});
