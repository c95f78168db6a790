import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EvidenceReport } from '../../../lib/decide/evidence';
import { startDeadline } from '../../../lib/verifier/deadline';
import { AttachedBundle, VerifierError } from '../../../lib/verifier/ports';
import { WorkerPool } from '../../../lib/verifier/sigstore';
import { POOL_LIMITS, PoolLimits } from '../../../lib/verifier/sigstore/pool';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { builtThread } from '../../support/command';
import { SigstoreWorld } from '../../support/sigstore';
import { PATIENCE } from './scene';

type Does = 'nothing' | 'loop' | 'hoard' | 'crash' | 'sleep';

const folder = mkdtempSync(join(tmpdir(), 'pool-'));
const pools: WorkerPool[] = [];
let diaries = 0;
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A pool, and what its threads wrote down. */
async function start(limits: Partial<PoolLimits> = {}, workers = 1): Promise<{ pool: WorkerPool; diary: () => string[] }> {
  const diary = join(folder, `diary${diaries++}`);
  const pool = new WorkerPool({ trustRoots: [{ name: 'diary', json: diary }], entry: join(__dirname, 'thread.cjs'), workers, limits: { ...POOL_LIMITS, ...limits } });
  pools.push(pool);
  await pool.ready();
  return { pool, diary: () => readFileSync(diary, 'utf8').trim().split('\n') };
}

function bundles(does: Does, count = 1, bytes: () => Uint8Array = () => new Uint8Array(1)): AttachedBundle[] {
  return Array.from({ length: count }, (_, index) => ({ digest: `${does} ${index}`, mediaType: does, bytes: bytes() }));
}

async function report(pool: Pick<WorkerPool, 'verify'>, attached: readonly AttachedBundle[], milliseconds = PATIENCE): Promise<EvidenceReport> {
  const deadline = startDeadline(milliseconds);
  try {
    return await pool.verify({ bundles: attached, unsupported: [] }, '', [], deadline);
  } finally {
    deadline.done();
  }
}

/** How many pieces there are, or the reason code. */
function outcome(pool: Pick<WorkerPool, 'verify'>, attached: readonly AttachedBundle[], milliseconds?: number): Promise<string> {
  return report(pool, attached, milliseconds).then(
    (found) => (found.status === 'found' ? `${found.pieces.length} pieces` : found.code),
    (error: unknown) => (error instanceof VerifierError ? error.code : String(error)),
  );
}

/** The codes of the pieces, or the one reason why there are none; beside several bundles stands an artifact that is not supported. */
async function codes(pool: WorkerPool, attached: readonly AttachedBundle[]): Promise<string[]> {
  const deadline = startDeadline(PATIENCE);
  const unsupported = attached.length > 1 ? [{ digest: 'sha256:1', code: 'UNSUPPORTED' as const, message: 'old' }] : [];
  try {
    const found = await pool.verify({ bundles: attached, unsupported }, '', [], deadline);
    return found.status === 'found' ? found.pieces.map(({ statement }) => (statement.readable ? 'readable' : statement.code)) : [found.code];
  } catch (error) {
    return [error instanceof VerifierError ? error.code : String(error)];
  } finally {
    deadline.done();
  }
}

test('the evidence of an image comes back whole and by digest, however many portions it takes', async () => {
  const { pool } = await start();
  const found = await report(pool, bundles('nothing', 20, () => Buffer.from('some text')));
  expect(found.status === 'found' ? found.pieces.map(({ digest, statement }) => `${digest}: ${statement.readable ? '' : statement.message}`) : []).toEqual(
    Array.from({ length: 20 }, (_, index) => `nothing ${index}`).sort().map((digest) => `${digest}: some text`),
  );
}, PATIENCE);

test('no thread is started before somebody asks, and none after the end', async () => {
  const diary = join(folder, 'asked');
  const make = (): WorkerPool => new WorkerPool({ trustRoots: [{ name: 'diary', json: diary }], entry: join(__dirname, 'thread.cjs'), workers: 2, limits: POOL_LIMITS });
  const ended = make();
  await ended.close();
  await ended.ready();
  const pool = make();
  pools.push(pool);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(existsSync(diary)).toBe(false);
  expect(await outcome(pool, bundles('nothing'))).toBe('1 pieces');
  await pool.ready();
  expect(readFileSync(diary, 'utf8')).toBe('started\nstarted\n');
}, PATIENCE);

test('an image without bundles still has what is not supported', async () => {
  const { pool } = await start();
  const deadline = startDeadline(PATIENCE);
  const found = await pool.verify({ bundles: [], unsupported: [{ digest: 'sha256:1', code: 'UNSUPPORTED', message: 'old' }] }, '', [], deadline).finally(() => deadline.done());
  expect(found).toMatchObject({ status: 'found', pieces: [{ digest: 'sha256:1', statement: { code: 'UNSUPPORTED', message: 'old' } }] });
}, PATIENCE);

test('the bytes of a bundle alone are moved to the thread; those of several, or of a part of a larger buffer, are copied', async () => {
  const { pool } = await start();
  const [whole, one, two, larger] = [1024, 1024, 1024, 2048].map((size) => new Uint8Array(size)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  expect(await outcome(pool, bundles('nothing', 1, () => whole))).toBe('1 pieces');
  expect(await outcome(pool, [...bundles('nothing', 1, () => one), ...bundles('nothing', 1, () => two)])).toBe('2 pieces');
  expect(await outcome(pool, bundles('nothing', 1, () => larger.subarray(0, 4)))).toBe('1 pieces');
  expect([whole, one, two, larger].map(({ byteLength }) => byteLength)).toEqual([0, 1024, 1024, 2048]);
  expect(await outcome(pool, bundles('nothing', 1, () => whole))).toBe('INTERNAL');
  expect(await outcome(pool, bundles('nothing', 1, () => new Uint8Array(1024)))).toBe('1 pieces');
}, PATIENCE);

describe('a piece of evidence that is too much ends its own answer only', () => {
  test.each<[Does, string]>([['loop', 'LIMIT'], ['hoard', 'LIMIT'], ['crash', 'INTERNAL']])('%s: %s', async (does, code) => {
    const { pool, diary } = await start({ ...(does === 'loop' ? { time: 300 } : { time: PATIENCE }), heap: 32 });
    const answers = await Promise.all([codes(pool, bundles(does)), codes(pool, bundles('nothing'))]);
    expect(answers).toEqual([[code], ['MALFORMED']]);
    expect(diary()).toEqual(['started', 'started']);
  }, PATIENCE);

  test.each<Does>(['loop', 'hoard'])('%s: whatever stands beside it in a portion is read all the same, wherever it stands', async (does) => {
    const { pool } = await start({ ...(does === 'loop' ? { time: 300 } : { time: PATIENCE }), heap: 32 });
    for (const all of [[...bundles(does), ...bundles('nothing', 2)], [...bundles('nothing', 2), ...bundles(does)]]) {
      expect((await codes(pool, all)).sort()).toEqual(['LIMIT', 'MALFORMED', 'MALFORMED', 'UNSUPPORTED']);
    }
  }, PATIENCE);
});

test('a thread that cannot be ended at once is replaced when it has ended, not before', async () => {
  const { pool, diary } = await start({ time: 50 });
  const answers = await Promise.all([codes(pool, bundles('sleep')), codes(pool, bundles('nothing'))]);
  expect(answers).toEqual([['LIMIT'], ['MALFORMED']]);
  expect(diary()).toEqual(['started', 'woke', 'started']);
}, PATIENCE);

/** Starts all in order; the names in the order in which they were answered. */
async function finishing(work: ReadonlyArray<readonly [name: string, answer: () => Promise<string>]>): Promise<string[]> {
  const order: string[] = [];
  await Promise.all(work.map(([name, answer]) => answer().then((said) => order.push(`${name}: ${said}`))));
  return order;
}

test('L8 an image with little evidence does not wait for one with much that came before', async () => {
  const { pool } = await start();
  expect(await finishing([['much', () => outcome(pool, bundles('sleep', 17))], ['little', () => outcome(pool, bundles('nothing'))]]))
    .toEqual(['little: 1 pieces', 'much: 17 pieces']);
}, PATIENCE);

test('one image with large bundles is taken in as many portions, too', async () => {
  const { pool } = await start();
  const large = (): AttachedBundle[] => bundles('sleep', 3, () => new Uint8Array(900_000));
  expect(await finishing([['large', () => outcome(pool, large())], ['little', () => outcome(pool, bundles('nothing'))]])).toEqual(['little: 1 pieces', 'large: 3 pieces']);
}, PATIENCE);

test('large bundles take turns on one thread, and leave the others to small ones', async () => {
  const { pool } = await start({}, 2);
  const large = (): AttachedBundle[] => bundles('sleep', 1, () => new Uint8Array(1_100_000));
  expect(await finishing([
    ['first', () => outcome(pool, large())],
    ['second', () => outcome(pool, large())],
    ['little', () => outcome(pool, bundles('nothing'))],
  ])).toEqual(['little: 1 pieces', 'first: 1 pieces', 'second: 1 pieces']);
}, PATIENCE);

test('what asks whether the pool works goes before all who wait, and is never refused', async () => {
  const { pool } = await start({ images: 2 });
  expect(await finishing([
    ['in work', () => outcome(pool, bundles('sleep'))],
    ['waiting', () => outcome(pool, bundles('nothing'))],
    ['refused', () => outcome(pool, bundles('nothing'))],
    ['urgent', () => outcome(pool.urgent, bundles('nothing'))],
  ])).toEqual(['refused: OVERLOADED', 'in work: 1 pieces', 'urgent: 1 pieces', 'waiting: 1 pieces']);
}, PATIENCE);

test('the bytes in work are bounded; some are kept for images with little evidence', async () => {
  const { pool } = await start({ bytes: 4_000_000 });
  const large = (): AttachedBundle[] => bundles('sleep', 1, () => new Uint8Array(2_000_000));
  const first = outcome(pool, large());
  expect(await outcome(pool, large())).toBe('OVERLOADED');
  expect(await outcome(pool, bundles('nothing', 1, () => new Uint8Array(200_000)))).toBe('1 pieces');
  expect(await first).toBe('1 pieces');
  expect(await outcome(pool, large())).toBe('1 pieces');
}, PATIENCE);

test('evidence that nobody waits for any more is no longer in work', async () => {
  const { pool } = await start({ images: 2 });
  const first = outcome(pool, bundles('sleep'));
  expect(await outcome(pool, bundles('nothing', 20), 20)).toBe('DEADLINE');
  expect(await outcome(pool, bundles('nothing'))).toBe('1 pieces');
  expect(await first).toBe('1 pieces');
}, PATIENCE);

describe('P15: the check of every thread', () => {
  /** How often each outcome came. */
  async function checked(pool: WorkerPool, does: Does = 'nothing'): Promise<string[]> {
    const outcomes: string[] = [];
    await pool.checkThreads(async (thread) => void outcomes.push(await outcome(thread, bundles(does))));
    return outcomes;
  }

  test('comes to each of them, also while others are busy', async () => {
    const { pool, diary } = await start({}, 3);
    const busy = outcome(pool, bundles('sleep'));
    expect(await checked(pool)).toEqual(['1 pieces', '1 pieces', '1 pieces']);
    expect(await busy).toBe('1 pieces');
    expect(diary().filter((line) => line === 'started')).toHaveLength(3);
  });

  test('finds one that ends of it, and no fault in its successor', async () => {
    const { pool } = await start({}, 2);
    expect(await checked(pool, 'crash')).toEqual(['INTERNAL', 'INTERNAL']);
    expect(await outcome(pool, bundles('nothing'))).toBe('1 pieces');
    expect((await checked(pool)).every((one) => one === '1 pieces')).toBe(true);
  });

  test('passes over one that is ended because of what somebody sent', async () => {
    const { pool } = await start({ time: 300 }, 2);
    const ended = outcome(pool, bundles('loop'));
    const found: string[] = [];
    await pool.checkThreads(async (thread) => {
      await thread.verify({ bundles: bundles('nothing'), unsupported: [] }, '', [], startDeadline(5_000));
      found.push('answered');
    });
    expect(found).toEqual(['answered']);
    expect(await ended).toBe('1 pieces');
  });

  test('finds one that is gone and cannot be started again', async () => {
    const gone = join(folder, 'gone.cjs');
    writeFileSync(gone, readFileSync(join(__dirname, 'thread.cjs')));
    const pool = new WorkerPool({ trustRoots: [{ name: 'diary', json: join(folder, 'gone') }], entry: gone, workers: 2, limits: POOL_LIMITS });
    pools.push(pool);
    await pool.ready();
    expect(await checked(pool)).toHaveLength(2);
    rmSync(gone);
    expect(await outcome(pool, bundles('crash'))).toBe('INTERNAL');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await checked(pool)).toHaveLength(1);
    const at = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => at + 20_000);
    await expect(pool.checkThreads(() => Promise.resolve())).rejects.toThrow(/1 of the threads that check evidence cannot be started/);
    clock.mockRestore();
  });
});

describe('P15: trust roots in a thread', () => {
  const store = (): TrustStore => new TrustStore([{ name: 'test', json: JSON.stringify(SigstoreWorld.create().trustedRoot) }]);
  const ask = (of: TrustStore): unknown => verifyEvidence({ bundles: [], unsupported: [] }, [], of);

  test.each(['certificateAuthorities', 'timestampAuthorities', 'tlogs', 'ctlogs'] as const)('that lose their %s end it', (kind) => {
    const whole = store();
    expect(ask(whole)).toEqual({ status: 'found', pieces: [] });
    whole.tryGet('test')![kind].length = 0;
    expect(() => ask(whole)).toThrow(/the trust roots were test 1\/1\/2\/1 and are test /);
  });
});

test('L8 threads that check evidence leave the processor to the one that answers', async () => {
  // proc(5), /proc/PID/stat: what comes after the name begins with the third field, and nice is the nineteenth.
  const priorities = (): number[] => readdirSync('/proc/self/task').map((task) => Number(readFileSync(`/proc/self/task/${task}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[16]));
  const own = getPriority();
  const before = priorities().filter((priority) => priority > own).length;
  const pool = new WorkerPool({ trustRoots: [], entry: builtThread(), workers: 2 });
  pools.push(pool);
  await pool.ready();
  // Where everything runs at a low priority already, none is lower.
  expect(priorities().filter((priority) => priority > own)).toHaveLength(own >= constants.priority.PRIORITY_BELOW_NORMAL ? before : before + 2);
  expect(getPriority()).toBe(own);
});
