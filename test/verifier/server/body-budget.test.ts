import { BodyBudget } from '../../../lib/verifier/server/body-budget';

const budget = (): BodyBudget => new BodyBudget({ ordinary: 10, large: 100 });

test('large bodies find room until what is set aside is full, and again when one has ended', () => {
  const bodies = budget();
  const [first, second, third] = [bodies.start(), bodies.start(), bodies.start()];
  expect([first.grow(50), second.grow(50), third.grow(11)]).toEqual([true, true, false]);
  first.end();
  expect([third.grow(51), third.grow(50)]).toEqual([false, true]);
});

test('an ordinary body always finds room; a byte more makes a large one', () => {
  const bodies = budget();
  expect(bodies.start().grow(100)).toBe(true);
  expect(Array.from({ length: 50 }, () => bodies.start().grow(10))).toEqual(Array(50).fill(true));
  expect(bodies.start().grow(11)).toBe(false);
});

test('a body counts once, however often it grows, and not any more after its end', () => {
  const bodies = budget();
  const body = bodies.start();
  expect([20, 40, 60, 100, 101].map((size) => body.grow(size))).toEqual([true, true, true, true, false]);
  body.end();
  body.end();
  expect([bodies.start().grow(100), bodies.start().grow(11)]).toEqual([true, false]);
});

test('large bodies take turns, one in each turn of the event loop; an ordinary one does not wait', async () => {
  const bodies = budget();
  const order: string[] = [];
  const large = [1, 2].map(async (number) => {
    const share = bodies.start();
    share.grow(20);
    await share.turn();
    order.push(`large ${number}`);
    setImmediate(() => order.push(`what came after large ${number}`));
  });
  await bodies.start().turn();
  order.push('ordinary');
  await Promise.all(large);
  await new Promise((resolve) => void setImmediate(resolve));
  expect(order).toEqual(['ordinary', 'large 1', 'what came after large 1', 'large 2', 'what came after large 2']);
});
