import { Worker } from 'node:worker_threads';
import { Evidence } from '../../decide/evidence';
import { VerifierError } from '../ports';
import { NamedRoot } from './trust-roots';
import type { Done, Portion, ThreadData } from './thread-main';

/**
 * Megabytes for what was made lately. All of it can become old at once; were that more than the 16 that Node allows a thread beyond its heap until
 * it has ended it, the whole process would be aborted.
 */
const YOUNG = 8;

export interface ThreadOptions {
  readonly trustRoots: readonly NamedRoot[];
  /** File that the thread runs: `thread-main.ts`, bundled. */
  readonly entry: string;
  /** Milliseconds that one portion may take before the thread is ended. */
  readonly time: number;
  /** Megabytes of its heap. */
  readonly heap: number;
}

/**
 * One thread for cryptography: it does a portion at a time, and is ended when one takes too long or too much.
 *
 * Whoever waits is answered at once; `gone` comes only when the thread has really stopped, so that as long as something holds it
 * up, nothing takes its place.
 */
export class Thread {
  /** Resolves when the library and the trust roots are loaded; rejects when that fails. */
  readonly loaded: Promise<void>;
  /** Resolves when it has stopped, whatever the reason. */
  readonly gone: Promise<void>;
  private readonly worker: Worker;
  private state: 'loading' | 'idle' | 'busy' | 'ending' = 'loading';
  private current: { readonly resolve: (pieces: readonly Evidence[]) => void; readonly reject: (error: Error) => void; readonly timer: NodeJS.Timeout } | undefined;

  constructor(private readonly options: ThreadOptions) {
    const resourceLimits = { maxOldGenerationSizeMb: options.heap, maxYoungGenerationSizeMb: YOUNG };
    this.worker = new Worker(options.entry, { workerData: { roots: options.trustRoots } satisfies ThreadData, resourceLimits });
    this.loaded = new Promise((resolve, reject) => {
      this.worker.on('message', (message: 'ready' | Done) => {
        if (message === 'ready') {
          this.state = this.state === 'loading' ? 'idle' : this.state;
          resolve();
        } else {
          this.finish(message);
        }
      });
      this.worker.on('error', (error) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        this.fail(endOf(error));
      });
      this.worker.on('exit', () => reject(new Error('the thread ended before it was ready')));
    });
    this.loaded.catch(() => undefined);
    this.gone = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.fail(new VerifierError('INTERNAL', 'the thread that checked the evidence ended unexpectedly'));
        resolve();
      });
    });
  }

  get isLoaded(): boolean {
    return this.state === 'idle' || this.state === 'busy';
  }

  get isIdle(): boolean {
    return this.state === 'idle';
  }

  /** @throws VerifierError LIMIT, INTERNAL */
  run(portion: Portion): Promise<readonly Evidence[]> {
    this.state = 'busy';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fail(new VerifierError('LIMIT', `checking a part of the evidence took longer than ${this.options.time} ms`));
        void this.worker.terminate();
      }, this.options.time);
      this.current = { resolve, reject, timer };
      try {
        this.hand(portion);
      } catch (error) {
        this.state = 'idle';
        this.settle()?.reject(new VerifierError('INTERNAL', 'the evidence could not be handed to the thread that checks it', { cause: error }));
      }
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  /** The bytes of one bundle, which may be many, are moved; those of several are copied, so that they are still there when the thread has to be ended. */
  private hand({ bundles, ...portion }: Portion): void {
    const isWhole = ({ byteLength, buffer }: Uint8Array): boolean => bundles.length === 1 && byteLength === buffer.byteLength;
    const own = bundles.map(({ bytes, ...bundle }) => ({ ...bundle, bytes: isWhole(bytes) ? bytes : new Uint8Array(bytes) }));
    const buffers = new Set(own.map(({ bytes }) => bytes.buffer).filter((buffer) => buffer instanceof ArrayBuffer));
    this.worker.postMessage({ ...portion, bundles: own } satisfies Portion, [...buffers]);
  }

  private finish({ pieces }: Done): void {
    if (this.state === 'busy') {
      this.state = 'idle';
      this.settle()?.resolve(pieces);
    }
  }

  private fail(reason: VerifierError): void {
    this.state = 'ending';
    this.settle()?.reject(reason);
  }

  private settle(): typeof this.current {
    const { current } = this;
    clearTimeout(current?.timer);
    this.current = undefined;
    return current;
  }
}

function endOf(error: unknown): VerifierError {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new VerifierError('LIMIT', 'checking a part of the evidence needed more memory than it may', { cause: error })
    : new VerifierError('INTERNAL', 'the thread that checked the evidence ended unexpectedly', { cause: error });
}
