import { LiveTrust } from '../../../lib/verifier/trust/live-trust';
import { RefreshedRoot } from '../../../lib/verifier/trust/refreshed-root';
import { SigstoreWorld } from '../../support/sigstore';
import { PoolInProcess } from './scene';

const [ONE, TWO] = ['one.test', 'two.test'].map((name) => JSON.stringify(SigstoreWorld.create({ name }).trustedRoot)) as [string, string];
const GRACE = 5_000;

let trust: LiveTrust;
let pools: PoolInProcess[];
let most: number;
let isStarved: boolean;

beforeEach(() => {
  jest.useFakeTimers();
  pools = [];
  most = 0;
  isStarved = false;
  trust = new LiveTrust({
    fixed: [],
    pool: (roots) => {
      const pool = new PoolInProcess(roots);
      if (isStarved) {
        pool.ready = () => new Promise(() => undefined);
      }
      pools.push(pool);
      most = Math.max(most, open());
      return pool;
    },
    grace: GRACE,
  });
});
afterEach(async () => {
  await trust.close();
  jest.useRealTimers();
});

function open(): number {
  return pools.filter(({ closed }) => !closed).length;
}

/** A root of this name whose answer takes so long. */
function rootThat(name: string, answersIn: number): RefreshedRoot {
  const root = new RefreshedRoot({
    name,
    refresh: () => new Promise((resolve) => setTimeout(() => resolve({ bytes: Buffer.from(ONE), ends: Date.now() + 1_000_000, version: 1 }), answersIn)),
    read: (text) => text,
    adopt: (json) => trust.replace({ name, json }),
    tell: () => undefined,
    now: Date.now,
  });
  trust.add(root);
  root.start(0);
  return root;
}

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

describe('contents that arrive together', () => {
  test('are taken into use together, by one generation of threads', async () => {
    ['a', 'b', 'c', 'd', 'e'].forEach((name, index) => rootThat(name, 100 * index));
    await jest.advanceTimersByTimeAsync(600);
    expect([...trust.current().missing.keys()]).toEqual([]);
    expect(pools.at(-1)?.roots.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([pools.length, most]).toEqual([2, 2]);
  });

  test('do not wait long for one that is late, which waits until the threads from before have ended', async () => {
    ['a', 'b', 'c'].forEach((name, index) => rootThat(name, 3_000 * index));
    await jest.advanceTimersByTimeAsync(2_100);
    expect([...trust.current().missing.keys()]).toEqual(['b', 'c']);
    await jest.advanceTimersByTimeAsync(2 * GRACE - 200);
    expect([pools.length, open()]).toEqual([2, 2]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect([...trust.current().missing.keys()]).toEqual([]);
    expect([pools.length, most]).toEqual([3, 2]);
  });

  test('leave nothing behind after the end, nor does the end wait for them', async () => {
    ['a', 'b'].forEach((name, index) => rootThat(name, 3_000 * index));
    await jest.advanceTimersByTimeAsync(3_100);
    expect(open()).toBe(2);
    expect(await outcome(trust.close(), 0)).toBe('replaced');
    expect(open()).toBe(0);
  });
});
