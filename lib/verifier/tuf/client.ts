import { createHash } from 'node:crypto';
import { EqualVersionError } from 'tuf-js/dist/error';
import { TrustedMetadataStore } from 'tuf-js/dist/store';
import { TufTrustRoot } from '../../policy/tuf-trust-root';
import { Deadline } from '../ports';
import { reasonOf, TufError } from './error';
import { TUF_LIMITS } from './limits';
import { checkMetadata, Role } from './metadata';
import { Mirror } from './mirror';

/** A target as the repository vouches for it. */
export interface TufContent {
  readonly bytes: Buffer;
  /** When the first of the four roles ends, in milliseconds since the epoch: until then it may be used. */
  readonly ends: number;
  /** Of the timestamp, which rises with every change. */
  readonly version: number;
}

/**
 * The client workflow of The Update Framework (specification 1.0.34, section 5) for one top-level target.
 *
 * What the metadata means and whose signatures it has is for the library; this fetches, keeps what was seen, and reads strictly before. All
 * that is kept is in memory: a process that starts anew knows the root that it was given, and so no version that another has seen.
 * Delegations are not followed.
 */
export class TufClient {
  private root: Buffer;
  private readonly seen: { timestamp?: Buffer; snapshot?: Buffer; targets?: Buffer } = {};
  private content: { readonly sha256: string; readonly bytes: Buffer } | undefined;

  /** @throws TufError when the root is not signed as it says itself */
  constructor(private readonly source: Pick<TufTrustRoot, 'target' | 'root'>, private readonly mirror: Mirror) {
    this.root = Buffer.from(JSON.stringify(source.root));
    checkMetadata('root', this.root);
    trusting('root', () => new TrustedMetadataStore(this.root));
  }

  /**
   * Asks the repository what holds now.
   *
   * What was seen and is signed stays seen also where a later step fails, so that nothing older is believed afterwards.
   *
   * @throws TufError when any part of the answer is not to be believed, or missing
   */
  async refresh(deadline: Deadline): Promise<TufContent> {
    const store = trusting('root', () => new TrustedMetadataStore(this.root));
    await this.followRoots(store, deadline);
    await this.updateTimestamp(store, deadline);
    await this.updateSnapshot(store, deadline);
    await this.updateTargets(store, deadline);
    const { root, timestamp, snapshot, targets } = store;
    if (timestamp === undefined || snapshot === undefined || targets === undefined) {
      throw new TufError('the library ended without metadata of every role');
    }
    const info = Object.hasOwn(targets.signed.targets, this.source.target) ? targets.signed.targets[this.source.target] : undefined;
    if (info === undefined) {
      throw new TufError(`targets: there is no target ${this.source.target}`);
    }
    const { hashes: { sha256 = '' }, length } = info;
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw new TufError(`targets: ${this.source.target} has no sha256`);
    }
    if (this.content?.sha256 !== sha256) {
      this.content = { sha256, bytes: await this.fetchTarget(sha256, length, root.signed.consistentSnapshot, deadline) };
    }
    const ends = Math.min(...[root, timestamp, snapshot, targets].map(({ signed }) => Date.parse(signed.expires)));
    return { bytes: this.content.bytes, ends, version: timestamp.signed.version };
  }

  close(): void {
    this.mirror.close();
  }

  /** Section 5.3: one version after the other, each signed by the one before and by itself. */
  private async followRoots(store: TrustedMetadataStore, deadline: Deadline): Promise<void> {
    for (let count = 0; ; count += 1) {
      const bytes = await this.mirror.tryGet(`${store.root.signed.version + 1}.root.json`, TUF_LIMITS.root, deadline);
      if (bytes === undefined) {
        return;
      }
      if (count >= TUF_LIMITS.rootVersions) {
        throw new TufError(`root: there are more than ${TUF_LIMITS.rootVersions} newer versions; give the verifier a newer root.json`);
      }
      checkMetadata('root', bytes);
      trusting('root', () => store.updateRoot(bytes));
      this.root = bytes;
    }
  }

  /** Section 5.4. What was seen counts as long as the root still knows who signed it: new keys are how a repository recovers. */
  private async updateTimestamp(store: TrustedMetadataStore, deadline: Deadline): Promise<void> {
    isLoaded(this.seen.timestamp, (bytes) => store.updateTimestamp(bytes));
    const bytes = await this.mirror.get('timestamp.json', TUF_LIMITS.timestamp, deadline);
    checkMetadata('timestamp', bytes);
    const before = store.timestamp;
    try {
      store.updateTimestamp(bytes);
    } catch (error) {
      // The same version is no other timestamp, whatever else it says; the one that was seen is used, and ends when it says.
      if (!(before !== undefined && error instanceof EqualVersionError)) {
        // Signed and only over: what it says of versions is known from now on.
        if (store.timestamp !== before) {
          this.seen.timestamp = bytes;
        }
        throw untrusted('timestamp', error);
      }
      return;
    }
    this.seen.timestamp = bytes;
  }

  /** Section 5.5. */
  private async updateSnapshot(store: TrustedMetadataStore, deadline: Deadline): Promise<void> {
    if (isLoaded(this.seen.snapshot, (bytes) => store.updateSnapshot(bytes, true))) {
      return;
    }
    const { version, length } = store.timestamp?.signed.snapshotMeta ?? {};
    const bytes = await this.fetch('snapshot', store, version, length, deadline);
    trusting('snapshot', () => store.updateSnapshot(bytes));
    this.seen.snapshot = bytes;
  }

  /** Section 5.6, for the top-level role alone. */
  private async updateTargets(store: TrustedMetadataStore, deadline: Deadline): Promise<void> {
    if (isLoaded(this.seen.targets, (bytes) => store.updateDelegatedTargets(bytes, 'targets', 'root'))) {
      return;
    }
    const { version, length } = store.snapshot?.signed.meta['targets.json'] ?? {};
    const bytes = await this.fetch('targets', store, version, length, deadline);
    trusting('targets', () => store.updateDelegatedTargets(bytes, 'targets', 'root'));
    this.seen.targets = bytes;
  }

  private async fetch(role: 'snapshot' | 'targets', store: TrustedMetadataStore, version: number | undefined, length: number | undefined, deadline: Deadline): Promise<Buffer> {
    const limit = Math.min(TUF_LIMITS[role], length ?? TUF_LIMITS[role]);
    const bytes = await this.mirror.get(store.root.signed.consistentSnapshot && version !== undefined ? `${version}.${role}.json` : `${role}.json`, limit, deadline);
    checkMetadata(role, bytes);
    return bytes;
  }

  /** Section 5.7. */
  private async fetchTarget(sha256: string, length: number, isConsistent: boolean, deadline: Deadline): Promise<Buffer> {
    const { target } = this.source;
    if (length > TUF_LIMITS.target) {
      throw new TufError(`${target}: has ${length} bytes; at most ${TUF_LIMITS.target} are read`);
    }
    const slash = target.lastIndexOf('/') + 1;
    const path = isConsistent ? `${target.slice(0, slash)}${sha256}.${target.slice(slash)}` : target;
    const bytes = await this.mirror.get(`targets/${path}`, length, deadline);
    if (bytes.length !== length || createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new TufError(`${target}: its bytes are not those that the repository vouches for`);
    }
    return bytes;
  }
}

/** @throws TufError in place of what the library throws */
function trusting<T>(role: Role, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw untrusted(role, error);
  }
}

function untrusted(role: Role, error: unknown): TufError {
  return new TufError(`${role}: ${reasonOf(error)}`, { cause: error });
}

/** Whether what was seen before still holds by itself; where it does not, the library keeps of it what protects from something older. */
function isLoaded(seen: Buffer | undefined, load: (bytes: Buffer) => void): boolean {
  if (seen === undefined) {
    return false;
  }
  try {
    load(seen);
    return true;
  } catch {
    // Over, replaced, or signed by a key that the root no longer knows.
    return false;
  }
}
