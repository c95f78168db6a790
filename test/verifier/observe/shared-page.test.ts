import { sharedPage } from '../../../lib/verifier/observe/shared-page';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());

test('who asks within a quarter of a second gets the same page, and who asks later a new one', async () => {
  let made = 0;
  const page = sharedPage(() => Promise.resolve(String(made += 1)));
  expect(await Promise.all([page(), page()])).toEqual(['1', '1']);
  jest.advanceTimersByTime(249);
  expect(await page()).toBe('1');
  jest.advanceTimersByTime(1);
  expect(await page()).toBe('2');
});

test('a page that failed is made anew for the next one who asks', async () => {
  let made = 0;
  const page = sharedPage(() => (made += 1) === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(String(made)));
  await expect(page()).rejects.toThrow('broken');
  expect(await page()).toBe('2');
});
