import { LiveTrust } from '../../../lib/verifier/trust/live-trust';
import { SigstoreWorld } from '../../support/sigstore';
import { PoolInProcess } from './scene';

const [ONE, TWO] = ['one.test', 'two.test'].map((name) => JSON.stringify(SigstoreWorld.create({ name }).trustedRoot)) as [string, string];
const GRACE = 5_000;

let trust: LiveTrust;
let pools: PoolInProcess[];
let isStarved: boolean;

beforeEach(() => {
  jest.useFakeTimers();
  pools = [];
  isStarved = false;
  trust = new LiveTrust({
    fixed: [],
    pool: (roots) => {
      const pool = new PoolInProcess(roots);
      if (isStarved) {
        pool.ready = () => new Promise(() => undefined);
      }
      pools.push(pool);
      return pool;
    },
    grace: GRACE,
  });
});
afterEach(async () => {
  await trust.close();
  jest.useRealTimers();
});

/** What becomes of it in so many milliseconds. */
async function outcome(replaced: Promise<void>, milliseconds: number): Promise<string> {
  let found = 'open';
  replaced.then(() => (found = 'replaced'), (error: Error) => (found = error.message));
  await jest.advanceTimersByTimeAsync(milliseconds);
  return found;
}

describe('threads of a new content that never come', () => {
  test('are given up and ended, and another root is replaced afterwards', async () => {
    isStarved = true;
    const before = trust.current().digest;
    expect(await outcome(trust.replace({ name: 'one', json: ONE }), 31_000)).toBe('its threads did not work within 30 s');
    expect(trust.current().digest).toBe(before);
    expect(pools.map(({ closed }) => closed)).toEqual([false, true]);
    isStarved = false;
    expect(await outcome(trust.replace({ name: 'two', json: TWO }), 31_000)).toBe('replaced');
    expect(trust.current().digest).not.toBe(before);
  });

  test('twin: those that come are used', async () => {
    expect(await outcome(trust.replace({ name: 'one', json: ONE }), 100)).toBe('replaced');
    expect(pools.map(({ closed }) => closed)).toEqual([false, false]);
  });
});
