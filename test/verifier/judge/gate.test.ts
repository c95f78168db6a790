import { startDeadline } from '../../../lib/verifier/deadline';
import { Gate } from '../../../lib/verifier/judge/gate';

function pending(): { promise: Promise<string>; end: (value: string) => void } {
  let end: (value: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what fits runs at once, what fits not waits its turn, in order', async () => {
  const gate = new Gate({ running: 1, waiting: 2 });
  const deadline = startDeadline(60_000);
  const first = pending();
  const order: string[] = [];
  const one = gate.pass(deadline, () => first.promise);
  const two = gate.pass(deadline, () => Promise.resolve(order.push('two')));
  const three = gate.pass(deadline, () => Promise.resolve(order.push('three')));
  await settled();
  expect(order).toEqual([]);
  first.end('done');
  await Promise.all([one, two, three]);
  expect(order).toEqual(['two', 'three']);
  deadline.done();
});

test('what finds the queue full is refused at once with OVERLOADED; one place less taken, it waits', async () => {
  const gate = new Gate({ running: 1, waiting: 1 });
  const deadline = startDeadline(60_000);
  const first = pending();
  const running = gate.pass(deadline, () => first.promise);
  const waiting = gate.pass(deadline, () => Promise.resolve('waited'));
  await expect(gate.pass(deadline, () => Promise.resolve('too many'))).rejects.toMatchObject({ code: 'OVERLOADED' });
  first.end('done');
  await expect(Promise.all([running, waiting])).resolves.toEqual(['done', 'waited']);
  deadline.done();
});

test('who waits too long leaves with DEADLINE and takes nobody\'s place', async () => {
  const gate = new Gate({ running: 1, waiting: 2 });
  const ample = startDeadline(60_000);
  const hurried = startDeadline(60_000);
  const first = pending();
  const running = gate.pass(ample, () => first.promise);
  const gone = gate.pass(hurried, () => Promise.resolve('never'));
  const patient = gate.pass(ample, () => Promise.resolve('patient'));
  hurried.abandon();
  await expect(gone).rejects.toMatchObject({ code: 'DEADLINE' });
  first.end('done');
  await expect(Promise.all([running, patient])).resolves.toEqual(['done', 'patient']);
  await expect(gate.pass(ample, () => Promise.resolve('free again'))).resolves.toBe('free again');
  ample.done();
});

test('work that throws gives its place back', async () => {
  const gate = new Gate({ running: 1, waiting: 0 });
  const deadline = startDeadline(60_000);
  await expect(gate.pass(deadline, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(gate.pass(deadline, () => Promise.resolve('next'))).resolves.toBe('next');
  deadline.done();
});
