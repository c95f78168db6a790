import { Health } from '../../lib/verifier/health';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('is in trouble until the first check has passed', async () => {
  const health = new Health(() => Promise.resolve(), () => undefined);
  expect(health.troubles()).toEqual(['cryptography has not been checked yet']);
  await health.start();
  expect(health.troubles()).toEqual([]);
  health.stop();
});

test('a first check that fails is the failure of the start', async () => {
  const health = new Health(() => Promise.reject(new Error('broken')), () => undefined);
  await expect(health.start()).rejects.toThrow('broken');
  expect(health.troubles()).toEqual(['cryptography failed its check: broken']);
});

test('P15: what breaks later shows within 30 s, is told, and goes when it is mended', async () => {
  let broken = false;
  const told: unknown[] = [];
  const health = new Health(() => (broken ? Promise.reject(new Error('broken')) : Promise.resolve()), (error) => told.push(error));
  await health.start();
  broken = true;
  await jest.advanceTimersByTimeAsync(30_000);
  expect(health.troubles()).toEqual(['cryptography failed its check: broken']);
  expect(told).not.toEqual([]);
  broken = false;
  await jest.advanceTimersByTimeAsync(30_000);
  expect(health.troubles()).toEqual([]);
  health.stop();
});

test('a check that never ends is a failure', async () => {
  let hangs = false;
  const health = new Health(({ signal }) => (hangs
    ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    : Promise.resolve()), () => undefined);
  await health.start();
  hangs = true;
  await jest.advanceTimersByTimeAsync(30_000);
  expect(health.troubles()).toEqual([expect.stringContaining('cryptography failed its check: the time')]);
  health.stop();
});

test('after its end nothing is checked any more', async () => {
  let checks = 0;
  const health = new Health(() => {
    checks += 1;
    return Promise.resolve();
  }, () => undefined);
  await health.start();
  health.stop();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(checks).toBe(1);
});
