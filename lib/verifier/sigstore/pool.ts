import { availableParallelism } from 'node:os';
import { Evidence, EvidenceReport } from '../../decide/evidence';
import { NormalAttestor } from '../../policy/normal';
import { within } from '../deadline';
import { AttachedBundles, Deadline, EvidenceVerifier, VerifierError } from '../ports';
import { Portions } from './portions';
import { Thread } from './thread';
import { NamedRoot } from './trust-roots';

/** How much is in work at once. */
export interface PoolLimits {
  /** Milliseconds that a portion of an image's evidence may take before its thread is ended. */
  readonly time: number;
  /** Megabytes of a thread's heap. */
  readonly heap: number;
  /** Images whose evidence waits or is in work. */
  readonly images: number;
  /** Bytes of their evidence; a quarter is kept for images with little of it. */
  readonly bytes: number;
}

export const POOL_LIMITS: PoolLimits = { time: 5_000, heap: 64, images: 1_024, bytes: 64 * 1024 * 1024 };

export interface PoolOptions {
  readonly trustRoots: readonly NamedRoot[];
  /** File that a worker thread runs: `thread-main.ts`, bundled. */
  readonly entry: string;
  /** @default - one per core, at most 4 */
  readonly workers?: number;
  /** @default POOL_LIMITS */
  readonly limits?: PoolLimits;
}

/** Milliseconds before a thread that could not be loaded is tried again. */
const PAUSE = 1_000;

/** Milliseconds after which it matters that a thread is not there; one that was ended has a successor long before. */
const ABSENT = 12_000;

/** Bytes of the evidence of an image up to which it is little. */
const LITTLE = 256 * 1024;

interface Waiting {
  readonly portions: Portions;
  readonly isUrgent: boolean;
  /** The thread that is to do it. @default - any */
  readonly only?: Thread;
  readonly resolve: (pieces: readonly Evidence[]) => void;
  readonly reject: (error: unknown) => void;
  /** Nobody waits any more. */
  isOver: boolean;
}

/**
 * Cryptography in threads that can be ended, so that no piece of evidence holds up anything but its own answer.
 *
 * A free thread takes a portion of the image that has had the fewest: much evidence waits for little, whoever came first. Large
 * bundles go to one thread only, so that their memory is needed once.
 *
 * Threads are started when they are first asked for: they would take processor time from whatever else begins.
 */
export class WorkerPool implements EvidenceVerifier {
  /** The same pool for the one question that must not wait for others: whether it works. It goes before all who wait. */
  readonly urgent: EvidenceVerifier = {
    verify: (bundles, _digest, attestors, deadline) => this.enqueue(new Portions(bundles, attestors), true, deadline),
  };

  private readonly threads = new Set<Thread>();
  /** Places of threads that are not loaded, and since when by the monotonic clock. */
  private readonly absent = new Map<number, number>();
  private readonly queue: Waiting[] = [];
  private readiness: Promise<void> | undefined;
  private readonly limits: PoolLimits;
  private images = 0;
  private bytes = 0;
  private closed = false;

  constructor(private readonly options: PoolOptions) {
    this.limits = options.limits ?? POOL_LIMITS;
  }

  /** Resolves when every thread has loaded the library and the trust roots; none is started after the end. */
  ready(): Promise<void> {
    this.readiness ??= this.startAll();
    return this.readiness;
  }

  async verify(bundles: AttachedBundles, _digest: string, attestors: readonly NormalAttestor[], deadline: Deadline): Promise<EvidenceReport> {
    const portions = new Portions(bundles, attestors);
    const room = portions.bytes > LITTLE ? this.limits.bytes * 0.75 : this.limits.bytes;
    if (this.images >= this.limits.images || this.bytes + portions.bytes > room) {
      throw new VerifierError('OVERLOADED', `the evidence of ${this.images} images, ${this.bytes} bytes, is in work already`);
    }
    this.images += 1;
    this.bytes += portions.bytes;
    try {
      return await this.enqueue(portions, false, deadline);
    } finally {
      this.images -= 1;
      this.bytes -= portions.bytes;
    }
  }

  /**
   * Has every thread checked, before all other work, and that none is missing. One that is ended because of other work is passed over: that
   * somebody sends evidence of which a thread has to be ended is no sign that the others are wrong.
   *
   * @throws what a check throws; VerifierError INTERNAL where a thread has been missing for longer than it takes to start one
   */
  async checkThreads(check: (thread: EvidenceVerifier) => Promise<void>): Promise<void> {
    const missing = [...this.absent.values()].filter((since) => performance.now() - since > ABSENT).length;
    if (missing > 0) {
      throw new VerifierError('INTERNAL', `${missing} of the threads that check evidence cannot be started`);
    }
    await Promise.all([...this.threads].filter(({ isLoaded }) => isLoaded).map(async (thread) => {
      try {
        await check({ verify: (bundles, _digest, attestors, deadline) => this.enqueue(new Portions(bundles, attestors), true, deadline, thread) });
      } catch (error) {
        if (!(error instanceof ThreadGone)) {
          throw error;
        }
      }
    }));
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.threads].map((thread) => thread.end()));
  }

  private async enqueue(portions: Portions, isUrgent: boolean, deadline: Deadline, only?: Thread): Promise<EvidenceReport> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Evidence[]>();
    const waiting: Waiting = { portions, isUrgent, resolve, reject, isOver: false, ...only === undefined ? {} : { only } };
    this.queue.push(waiting);
    void this.ready();
    this.assign();
    try {
      return { status: 'found', pieces: await within(deadline, promise) };
    } finally {
      waiting.isOver = true;
      this.forget(waiting);
    }
  }

  private startAll(): Promise<void> {
    const count = this.closed ? 0 : this.options.workers ?? Math.min(4, availableParallelism());
    const started = Promise.all(Array.from({ length: count }, (_, place) => this.start(place))).then(() => undefined);
    // Whoever asks for readiness learns of a failure; until somebody does, it must not end the process.
    started.catch(() => undefined);
    return started;
  }

  private start(place: number): Promise<void> {
    this.absent.set(place, this.absent.get(place) ?? performance.now());
    const { trustRoots, entry } = this.options;
    const thread = new Thread({ trustRoots, entry, time: this.limits.time, heap: this.limits.heap });
    this.threads.add(thread);
    let pause = PAUSE;
    const loaded = thread.loaded.then(() => {
      pause = 0;
      this.absent.delete(place);
      this.assign();
    });
    loaded.catch(() => undefined);
    void thread.gone.then(() => {
      this.threads.delete(thread);
      this.absent.set(place, this.absent.get(place) ?? performance.now());
      this.queue.filter(({ only }) => only === thread).forEach((waiting) => {
        this.forget(waiting);
        waiting.reject(new ThreadGone());
      });
      // One that never got as far as working would end again at once: not in a loop that leaves no time for anything else.
      setTimeout(() => this.replace(place), pause).unref();
    });
    return loaded;
  }

  private replace(place: number): void {
    if (!this.closed) {
      this.start(place).catch(() => undefined);
    }
  }

  private assign(): void {
    const [forLarge] = this.threads;
    for (const thread of this.threads) {
      const waiting = thread.isIdle ? this.next(thread, thread === forLarge) : undefined;
      if (waiting !== undefined) {
        void this.work(thread, waiting);
      }
    }
  }

  private next(thread: Thread, takesLarge: boolean): Waiting | undefined {
    const fitting = this.queue.filter(({ portions, only = thread }) => only === thread && (takesLarge || !portions.isLarge));
    const rank = ({ isUrgent, portions }: Waiting): number => (isUrgent ? -1 : portions.taken);
    return fitting.reduce<Waiting | undefined>((first, waiting) => (first === undefined || rank(waiting) < rank(first) ? waiting : first), undefined);
  }

  private async work(thread: Thread, waiting: Waiting): Promise<void> {
    const { portions, resolve, reject } = waiting;
    const portion = portions.take();
    if (portions.isTaken) {
      this.forget(waiting);
    }
    try {
      const pieces = await thread.run(portion).then((found) => portions.done(found), (error: unknown) => {
        if (error instanceof VerifierError && error.code === 'LIMIT') {
          return portions.tooMuch(portion, error.message);
        }
        throw error;
      });
      if (pieces !== undefined) {
        resolve(pieces);
      } else if (!portions.isTaken && !waiting.isOver) {
        this.queue.push(...this.queue.includes(waiting) ? [] : [waiting]);
      }
    } catch (error) {
      this.forget(waiting);
      reject(error);
    }
    this.assign();
  }

  private forget(waiting: Waiting): void {
    const place = this.queue.findIndex((other) => other === waiting);
    if (place >= 0) {
      this.queue.splice(place, 1);
    }
  }
}

/** The thread that was to check something has ended while it did other work. */
class ThreadGone extends Error {}
