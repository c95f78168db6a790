import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EvidenceReport } from '../../decide/evidence';
import { NormalAttestor } from '../../policy/normal';
import { within } from '../deadline';
import { AttachedBundles, Deadline, EvidenceVerifier, VerifierError } from '../ports';
import { workerDataFor } from './role';
import { NamedRoot } from './trust-roots';
import { Done, Job } from './worker';

export interface PoolOptions {
  readonly trustRoots: readonly NamedRoot[];
  /** File that a worker thread runs; its entry calls `runSigstoreWorker` when `isSigstoreWorker`. */
  readonly entry: string;
  /** @default - one per core, at most 4 */
  readonly workers?: number;
}

/** Time that one image's evidence may take in a worker before the worker is ended, in milliseconds. */
const JOB_TIME = 5_000;

/** Milliseconds before a thread that could not be loaded is tried again. */
const PAUSE = 1_000;

/** Images whose evidence may wait for a worker. */
const QUEUE = 1_024;

interface Waiting {
  readonly job: Job;
  readonly resolve: (report: EvidenceReport) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly worker: Worker;
  loaded: boolean;
  current: (Waiting & { readonly timer: NodeJS.Timeout }) | undefined;
}

/** Cryptography in threads that can be ended, so that no piece of evidence holds up anything but its own answer. */
export class WorkerPool implements EvidenceVerifier {
  private readonly threads = new Set<Running>();
  private readonly queue: Waiting[] = [];
  private readonly readiness: Promise<void>;
  private jobs = 0;
  private closed = false;

  constructor(private readonly options: PoolOptions) {
    const count = options.workers ?? Math.min(4, availableParallelism());
    this.readiness = Promise.all(Array.from({ length: count }, () => this.start())).then(() => undefined);
    // Whoever asks for readiness learns of a failure; until somebody does, it must not end the process.
    this.readiness.catch(() => undefined);
  }

  /** Resolves when every thread has loaded the library and the trust roots. */
  ready(): Promise<void> {
    return this.readiness;
  }

  async verify(bundles: AttachedBundles, _digest: string, attestors: readonly NormalAttestor[], deadline: Deadline): Promise<EvidenceReport> {
    if (this.queue.length >= QUEUE) {
      throw new VerifierError('OVERLOADED', `the evidence of ${this.queue.length} images waits to be checked already`);
    }
    this.jobs += 1;
    const job: Job = { id: this.jobs, bundles, attestors };
    const answer = new Promise<EvidenceReport>((resolve, reject) => {
      this.queue.push({ job, resolve, reject });
    });
    this.assign();
    try {
      return await within(deadline, answer);
    } finally {
      const place = this.queue.findIndex((waiting) => waiting.job === job);
      if (place >= 0) {
        this.queue.splice(place, 1);
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.threads].map(({ worker }) => worker.terminate()));
  }

  private start(): Promise<void> {
    const worker = new Worker(this.options.entry, { workerData: workerDataFor(this.options.trustRoots) });
    const thread: Running = { worker, loaded: false, current: undefined };
    this.threads.add(thread);
    return new Promise<void>((resolve, reject) => {
      worker.on('message', (message: 'ready' | Done) => {
        if (message === 'ready') {
          thread.loaded = true;
          resolve();
          this.assign();
        } else {
          this.finish(thread, message);
        }
      });
      worker.on('error', (error) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        this.lose(thread, new VerifierError('INTERNAL', 'the thread that checked the evidence ended unexpectedly', { cause: error }));
      });
      worker.on('exit', () => this.lose(thread, new VerifierError('INTERNAL', 'the thread that checked the evidence ended unexpectedly')));
    });
  }

  private assign(): void {
    for (const thread of this.threads) {
      const waiting = thread.current === undefined ? this.queue.shift() : undefined;
      if (waiting !== undefined) {
        const timer = setTimeout(() => {
          this.lose(thread, new VerifierError('LIMIT', `checking the evidence took longer than ${JOB_TIME} ms`));
          void thread.worker.terminate();
        }, JOB_TIME);
        thread.current = { ...waiting, timer };
        thread.worker.postMessage(waiting.job);
      }
    }
  }

  private finish(thread: Running, { id, report }: Done): void {
    if (thread.current?.job.id !== id) {
      return;
    }
    clearTimeout(thread.current.timer);
    thread.current.resolve(report);
    thread.current = undefined;
    this.assign();
  }

  /** A thread is gone: its job is answered with the reason, and another takes its place. */
  private lose(thread: Running, reason: VerifierError): void {
    if (!this.threads.delete(thread)) {
      return;
    }
    if (thread.current !== undefined) {
      clearTimeout(thread.current.timer);
      thread.current.reject(reason);
    }
    // One that never got as far as working would end again at once: not in a loop that leaves no time for anything else.
    setTimeout(() => this.replace(), thread.loaded ? 0 : PAUSE).unref();
  }

  private replace(): void {
    if (!this.closed) {
      this.start().catch(() => undefined);
    }
  }
}
