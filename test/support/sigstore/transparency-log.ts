import { createHash, generateKeyPairSync, KeyObject, sign } from 'node:crypto';

/** What a bundle says about its place in a log, in protojson. */
export interface LogEntryJson {
  logIndex: string;
  logId: { keyId: string };
  kindVersion: { kind: string; version: string };
  integratedTime?: string;
  inclusionPromise?: { signedEntryTimestamp: string };
  inclusionProof?: { logIndex: string; rootHash: string; treeSize: string; hashes: string[]; checkpoint: { envelope: string } };
  canonicalizedBody: string;
}

/** A Merkle tree of entries with signed checkpoints (C2SP tlog-checkpoint) and, for Rekor v1, signed entry timestamps. */
export class TransparencyLog {
  /** A Rekor v2 log: Ed25519, checkpoint key id, no promise of time. */
  static rekor2(host: string): TransparencyLog {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
    const id = createHash('sha256').update(`${host}\n`).update(Buffer.from([0x01])).update(raw).digest();
    return new TransparencyLog(host, host, 'PKIX_ED25519', id, publicKey, privateKey);
  }

  /** A Rekor v1 log: P-256, id is the hash of its key, signs the time of each entry. */
  static rekor1(host: string): TransparencyLog {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest();
    return new TransparencyLog(host, `${host} - 1193050959916656506`, 'PKIX_ECDSA_P256_SHA_256', id, publicKey, privateKey);
  }

  private readonly leaves: Buffer[] = [];
  /** Hashes of full subtrees, which never change again. */
  private readonly full = new Map<string, Buffer>();

  private constructor(
    readonly host: string,
    readonly origin: string,
    readonly keyDetails: string,
    readonly id: Buffer,
    readonly publicKey: KeyObject,
    private readonly privateKey: KeyObject,
  ) {
    // A first entry of somebody else, so that no proof is trivial.
    this.leaves.push(leafHash(Buffer.from('{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{}}')));
  }

  /** Adds an entry and proves it against the tree as it is then; with a time, the log also signs that it saw the entry then. */
  add(kindVersion: { kind: string; version: string }, body: object, integrated?: Date): LogEntryJson {
    const canonical = Buffer.from(JSON.stringify(sorted(body)));
    const index = this.leaves.push(leafHash(canonical)) - 1;
    // Somebody else's entry on the other side.
    this.leaves.push(leafHash(Buffer.from(`{"after":${index}}`)));
    const size = this.leaves.length;
    const root = this.treeHash(0, size);
    return {
      logIndex: String(index),
      logId: { keyId: this.id.toString('base64') },
      kindVersion,
      ...(integrated === undefined ? {} : this.promise(canonical, index, integrated)),
      inclusionProof: {
        logIndex: String(index),
        rootHash: root.toString('base64'),
        treeSize: String(size),
        hashes: this.auditPath(index, 0, size).map((hash) => hash.toString('base64')),
        checkpoint: { envelope: this.checkpoint(root, size) },
      },
      canonicalizedBody: canonical.toString('base64'),
    };
  }

  /** The signed entry timestamp of Rekor v1, in whole seconds. */
  promise(body: Buffer, logIndex: number, integrated: Date): Pick<LogEntryJson, 'integratedTime' | 'inclusionPromise'> {
    const integratedTime = Math.floor(integrated.getTime() / 1000);
    const signed = JSON.stringify({ body: body.toString('base64'), integratedTime, logID: this.id.toString('hex'), logIndex });
    return {
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: sign('sha256', Buffer.from(signed), this.privateKey).toString('base64') },
    };
  }

  /** A signed note over a root hash (C2SP tlog-checkpoint). */
  checkpoint(root: Buffer, size: number, { origin = this.origin, name = this.host }: { origin?: string; name?: string } = {}): string {
    const note = `${origin}\n${size}\n${root.toString('base64')}\n`;
    const signature = sign(this.privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(note), this.privateKey);
    return `${note}\n\u2014 ${name} ${Buffer.concat([this.id.subarray(0, 4), signature]).toString('base64')}\n`;
  }

  /** RFC 6962, section 2.1, over the leaves from one place up to another. */
  private treeHash(from: number, to: number): Buffer {
    const [leaf, size] = [this.leaves[from], to - from];
    if (size === 1 && leaf !== undefined) {
      return leaf;
    }
    const known = this.full.get(`${from} ${to}`);
    if (known !== undefined) {
      return known;
    }
    const split = from + largestPowerBelow(size);
    const hash = createHash('sha256').update(Buffer.from([1])).update(this.treeHash(from, split)).update(this.treeHash(split, to)).digest();
    if (largestPowerBelow(size) * 2 === size) {
      this.full.set(`${from} ${to}`, hash);
    }
    return hash;
  }

  /** RFC 6962, section 2.1.1. */
  private auditPath(index: number, from: number, to: number): Buffer[] {
    if (to - from === 1) {
      return [];
    }
    const split = from + largestPowerBelow(to - from);
    return index < split
      ? [...this.auditPath(index, from, split), this.treeHash(split, to)]
      : [...this.auditPath(index, split, to), this.treeHash(from, split)];
  }
}

function leafHash(leaf: Buffer): Buffer {
  return createHash('sha256').update(Buffer.from([0])).update(leaf).digest();
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) {
    power *= 2;
  }
  return power;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
  }
  return value;
}
