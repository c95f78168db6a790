import { createHash } from 'node:crypto';
import { startDeadline, within } from '../deadline';
import { Deadline, EvidenceVerifier } from '../ports';
import { checkCanary } from '../sigstore/canary';
import { NamedRoot } from '../sigstore/trust-roots';
import { RefreshedRoot } from './refreshed-root';
import { Trust, TrustSnapshot } from './trust';

/** Cryptography under one set of trust roots. */
export interface TrustPool extends EvidenceVerifier {
  /** The same, before all who wait. */
  readonly urgent: EvidenceVerifier;
  /** Has every thread checked. @throws what the check throws, and for threads that are missing */
  checkThreads(check: (thread: EvidenceVerifier) => Promise<void>): Promise<void>;
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveTrustParts {
  /** Roots that stay as they are. */
  readonly fixed: readonly NamedRoot[];
  /** Makes cryptography that goes by these roots. */
  readonly pool: (roots: readonly NamedRoot[]) => TrustPool;
  /** Milliseconds that a question may take which was begun under roots that were replaced since. */
  readonly grace: number;
}

/** Milliseconds for new threads to be there and to tell true from false, and for old ones to end. */
const PATIENCE = 30_000;

/** Milliseconds that the first new content waits for those of roots whose first attempt is under way. */
const GATHER = 2_000;

interface Generation {
  readonly roots: readonly NamedRoot[];
  readonly digest: string;
  readonly pool: TrustPool;
}

/** Contents that are taken into use together. */
interface Batch {
  readonly roots: Map<string, NamedRoot>;
  /** Waits for no more of them. */
  readonly complete: () => void;
  readonly replaced: Promise<void>;
}

/**
 * Trust roots of which some are refreshed. A new content is taken into use as a whole, with threads of its own, once they work; who asked
 * before is answered by the threads from before.
 *
 * Threads are most of the memory of the process: those of two generations are there at most. What arrives until the ones from before have
 * ended is taken into use together, and fails together.
 */
export class LiveTrust implements Trust {
  private readonly refreshed = new Map<string, RefreshedRoot>();
  private generation: Generation;
  private replacing: Promise<void> = Promise.resolve();
  private batch: Batch | undefined;
  /** The end of the threads that are no longer asked, and what brings it about now. */
  private leaving: Promise<void> = Promise.resolve();
  private leave: () => void = () => undefined;
  private closed = false;

  constructor(private readonly parts: LiveTrustParts) {
    this.generation = this.generationOf(parts.fixed);
  }

  /** Takes charge of a root, which may have a content already. */
  add(root: RefreshedRoot): void {
    this.refreshed.set(root.name, root);
  }

  current(): TrustSnapshot {
    const { digest, pool } = this.generation;
    const missing = new Map([...this.refreshed.values()].flatMap((root) => {
      const why = root.missing();
      return why === undefined ? [] : [[root.name, why] as const];
    }));
    return { digest: [digest, ...missing.keys()].join(' without '), evidence: missing.size === 0 ? pool : without(pool, missing), missing };
  }

  async settle(names: readonly string[], deadline: Deadline): Promise<void> {
    await Promise.all(names.flatMap((name) => this.refreshed.get(name) ?? []).map((root) => root.settle(deadline)));
  }

  /** Resolves when the threads of the roots that were there from the beginning have loaded. */
  ready(): Promise<void> {
    return this.generation.pool.ready();
  }

  /** That some thread answers, and each that does tells true from false. @throws Error with what is broken */
  async check(deadline: Deadline): Promise<void> {
    const { pool } = this.generation;
    await checkCanary(pool.urgent, deadline);
    await pool.checkThreads((thread) => checkCanary(thread, deadline));
  }

  /** Replaces the content of one root. @throws Error when the new threads do not work; the content stays as it was then */
  replace(root: NamedRoot): Promise<void> {
    const batch = this.batch ??= this.open();
    batch.roots.set(root.name, root);
    if ([...this.refreshed.values()].every(({ name, isAttempted }) => isAttempted || batch.roots.has(name))) {
      batch.complete();
    }
    return batch.replaced;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.refreshed.forEach((root) => root.stop());
    this.batch?.complete();
    this.leave();
    await this.replacing;
    await Promise.all([this.generation.pool.close(), this.leaving]);
  }

  private open(): Batch {
    const roots = new Map<string, NamedRoot>();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GATHER).unref();
    const replaced = this.replacing.then(() => promise).then(() => this.left()).finally(() => {
      clearTimeout(timer);
      this.batch = undefined;
    }).then(() => this.replaceNow([...roots.values()]));
    this.replacing = replaced.catch(() => undefined);
    return { roots, complete: resolve, replaced };
  }

  /** @throws Error for threads that do not end */
  private async left(): Promise<void> {
    const deadline = startDeadline(2 * this.parts.grace + PATIENCE);
    try {
      await within(deadline, this.leaving);
    } catch (error) {
      throw new Error('the threads of the content from before do not end', { cause: error });
    } finally {
      deadline.done();
    }
  }

  private async replaceNow(roots: readonly NamedRoot[]): Promise<void> {
    if (this.closed) {
      throw new Error('the verifier is stopping');
    }
    const next = this.generationOf([...this.generation.roots.filter(({ name }) => roots.every((root) => root.name !== name)), ...roots]);
    const deadline = startDeadline(PATIENCE);
    try {
      await within(deadline, next.pool.ready());
      await checkCanary(next.pool.urgent, deadline);
      if (this.closed) {
        throw new Error('the verifier is stopping');
      }
    } catch (error) {
      this.leaving = next.pool.close();
      throw deadline.over ? new Error(`its threads did not work within ${PATIENCE / 1000} s`, { cause: error }) : error;
    } finally {
      deadline.done();
    }
    this.retire(this.generation.pool);
    this.generation = next;
  }

  /** A question that is asked now may share the work of one that is asked when its time is over. */
  private retire(pool: TrustPool): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, 2 * this.parts.grace).unref();
    this.leave = resolve;
    this.leaving = promise.then(() => {
      clearTimeout(timer);
      return pool.close();
    });
  }

  private generationOf(roots: readonly NamedRoot[]): Generation {
    return { roots, digest: digestOf(roots), pool: this.parts.pool(roots) };
  }
}

/** Attestors whose root cannot be used now are not asked: nobody vouches for what they would say. */
function without(pool: EvidenceVerifier, missing: ReadonlyMap<string, string>): EvidenceVerifier {
  return { verify: (bundles, digest, attestors, deadline) => pool.verify(bundles, digest, attestors.filter(({ trustRoot }) => !missing.has(trustRoot)), deadline) };
}

function digestOf(roots: readonly NamedRoot[]): string {
  const hash = createHash('sha256');
  for (const { name, json } of [...roots].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(JSON.stringify([name, json]));
  }
  return `sha256:${hash.digest('hex')}`;
}
