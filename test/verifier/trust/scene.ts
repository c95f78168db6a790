import { startDeadline } from '../../../lib/verifier/deadline';
import { NamedRoot } from '../../../lib/verifier/sigstore';
import { CANARY_ROOT } from '../../../lib/verifier/sigstore/canary';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { EvidenceVerifier } from '../../../lib/verifier/ports';
import { LiveTrust, TrustPool } from '../../../lib/verifier/trust/live-trust';
import { RefreshedRoot, TrustEvent } from '../../../lib/verifier/trust/refreshed-root';
import { clientOf, readContent } from '../../../lib/verifier/trust/sources';
import { TufClient } from '../../../lib/verifier/tuf/client';
import { TufRepository } from '../../support/tuf-repository';

/** Cryptography without threads, which says whether it was closed. */
export class PoolInProcess implements TrustPool {
  closed = false;
  readonly urgent: EvidenceVerifier = { verify: (...question) => this.verify(...question) };
  private readonly store: TrustStore;

  constructor(readonly roots: readonly NamedRoot[]) {
    this.store = new TrustStore([...roots, CANARY_ROOT]);
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  checkThreads(check: (thread: EvidenceVerifier) => Promise<void>): Promise<void> {
    return check(this);
  }

  verify(...[bundles, _digest, attestors]: Parameters<EvidenceVerifier['verify']>): ReturnType<EvidenceVerifier['verify']> {
    return Promise.resolve(verifyEvidence(bundles, attestors, this.store));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** One root, `test`, that is fetched from a repository. */
export class TrustScene {
  static async start(content: string, { shipped, fixed = [] }: { readonly shipped?: string; readonly fixed?: readonly NamedRoot[] } = {}): Promise<TrustScene> {
    return new TrustScene(await TufRepository.start(content), fixed, shipped);
  }

  readonly pools: PoolInProcess[] = [];
  readonly events: TrustEvent[] = [];
  readonly trust: LiveTrust;
  readonly root: RefreshedRoot;
  /** Added to the wall clock, in milliseconds. */
  ahead = 0;
  private readonly client: TufClient;

  private constructor(readonly repository: TufRepository, fixed: readonly NamedRoot[], shipped: string | undefined) {
    this.client = clientOf('test', repository.source, new Map([[repository.host, { plainHttp: false, ca: repository.certificate }]]));
    this.trust = new LiveTrust({
      fixed: [...fixed, ...shipped === undefined ? [] : [{ name: 'test', json: shipped }]],
      pool: (roots) => {
        const pool = new PoolInProcess(roots);
        this.pools.push(pool);
        return pool;
      },
      grace: 500,
    });
    this.root = new RefreshedRoot({
      name: 'test',
      ...shipped === undefined ? {} : { shipped },
      refresh: (deadline) => this.client.refresh(deadline),
      read: (text) => readContent('test', text),
      adopt: (json) => this.trust.replace({ name: 'test', json }),
      tell: (event) => void this.events.push(event),
      now: () => Date.now() + this.ahead,
    });
    this.trust.add(this.root);
  }

  /** The last thing that was told. */
  get told(): TrustEvent | undefined {
    return this.events.at(-1);
  }

  /** The root that counts now, or why there is none. */
  get now(): string | undefined {
    const { missing } = this.trust.current();
    return missing.get('test') ?? this.pools.findLast(({ closed }) => !closed)?.roots.find(({ name }) => name === 'test')?.json;
  }

  async settle(milliseconds = 10_000): Promise<void> {
    const deadline = startDeadline(milliseconds);
    try {
      await this.trust.settle(['test', 'another'], deadline);
    } finally {
      deadline.done();
    }
  }

  async close(): Promise<void> {
    await this.trust.close();
    this.client.close();
    await this.repository.close();
  }
}
