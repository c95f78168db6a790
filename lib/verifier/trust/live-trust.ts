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

/** Milliseconds for new threads to be there and to tell true from false. */
const PATIENCE = 30_000;

interface Generation {
  readonly roots: readonly NamedRoot[];
  readonly digest: string;
  readonly pool: TrustPool;
}

/**
 * Trust roots of which some are refreshed. A new content is taken into use as a whole, with threads of its own, once they work; who asked
 * before is answered by the threads from before.
 */
export class LiveTrust implements Trust {
  private readonly refreshed = new Map<string, RefreshedRoot>();
  private readonly retired = new Set<TrustPool>();
  private generation: Generation;
  private replacing: Promise<void> = Promise.resolve();
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

  /** Replaces the content of one root, one at a time. @throws Error when the new threads do not work; the content stays as it was then */
  replace(root: NamedRoot): Promise<void> {
    const replaced = this.replacing.then(() => this.replaceNow(root));
    this.replacing = replaced.catch(() => undefined);
    return replaced;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.refreshed.forEach((root) => root.stop());
    await this.replacing;
    await Promise.all([this.generation.pool, ...this.retired].map((pool) => pool.close()));
  }

  private async replaceNow(root: NamedRoot): Promise<void> {
    if (this.closed) {
      throw new Error('the verifier is stopping');
    }
    const next = this.generationOf([...this.generation.roots.filter(({ name }) => name !== root.name), root]);
    const deadline = startDeadline(PATIENCE);
    try {
      await within(deadline, next.pool.ready());
      await checkCanary(next.pool.urgent, deadline);
    } catch (error) {
      // Threads that did not come may not go either: nobody waits for them.
      void next.pool.close();
      throw deadline.over ? new Error(`its threads did not work within ${PATIENCE / 1000} s`, { cause: error }) : error;
    } finally {
      deadline.done();
    }
    this.retire(this.generation.pool);
    this.generation = next;
  }

  /** A question that is asked now may share the work of one that is asked when its time is over. */
  private retire(pool: TrustPool): void {
    this.retired.add(pool);
    setTimeout(() => {
      this.retired.delete(pool);
      void pool.close();
    }, 2 * this.parts.grace).unref();
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
