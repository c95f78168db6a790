import { Evidence } from '../../decide/evidence';
import { compare } from '../../policy/canonical-order';
import { NormalAttestor } from '../../policy/normal';
import { AttachedBundle, AttachedBundles, UnsupportedArtifact } from '../ports';
import type { Portion } from './thread-main';

/** Bundles of one portion: about a tenth of a second of cryptography. */
const BUNDLES = 8;

/** Bytes of one portion, beyond its first bundle: reading a megabyte of JSON costs about as much. */
const BYTES = 1024 * 1024;

/** Bundles of an image that are checked whoever signed them, so that a refusal can say what is genuine. */
const THOROUGH = 8;

/**
 * The evidence of one image, in portions that a thread has soon done.
 *
 * An image with much evidence is thereby overtaken by others between two portions, instead of holding a thread for all of it.
 */
export class Portions {
  /** Of all bundles together. */
  readonly bytes: number;
  /** How many portions were taken. */
  taken = 0;
  private readonly pieces: Evidence[] = [];
  private readonly rest: AttachedBundle[];
  private readonly thorough: ReadonlySet<AttachedBundle>;
  /** Of portions that were too much: tried again one by one. */
  private readonly alone: AttachedBundle[] = [];
  private unsupported: readonly UnsupportedArtifact[];
  private open = 0;

  constructor(private readonly attached: AttachedBundles, private readonly attestors: readonly NormalAttestor[]) {
    this.bytes = attached.bundles.reduce((sum, bundle) => sum + sizeOf(bundle), attached.artifact?.byteLength ?? 0);
    // Which of them those are depends on what there is and not on the order in which it is listed.
    this.rest = inOneOrder(attached.bundles);
    this.thorough = new Set(this.rest.slice(0, THOROUGH));
    this.unsupported = attached.unsupported;
  }

  /** Everything was taken; the first portion is there even without a bundle. */
  get isTaken(): boolean {
    return this.taken > 0 && this.alone.length === 0 && this.rest.length === 0;
  }

  /** The next portion is one bundle that takes much memory to read. */
  get isLarge(): boolean {
    const first = this.alone[0] ?? this.rest[0];
    return first !== undefined && sizeOf(first) > BYTES;
  }

  take(): Portion {
    let bytes = 0;
    let count = 0;
    for (const bundle of this.rest.slice(0, BUNDLES)) {
      bytes += sizeOf(bundle);
      if (count > 0 && bytes > BYTES) {
        break;
      }
      count += 1;
    }
    const { unsupported } = this;
    this.unsupported = [];
    this.taken += 1;
    this.open += 1;
    const bundles = this.alone.length > 0 ? this.alone.splice(0, 1) : this.rest.splice(0, count);
    const { artifact } = this.attached;
    const thorough = bundles.filter((bundle) => this.thorough.has(bundle)).length;
    return { bundles, unsupported, attestors: this.attestors, thorough, ...(artifact === undefined ? {} : { artifact }) };
  }

  /**
   * A portion was more than a thread may take: the bundle that was it is a piece that cannot be read, and hides no other. Where there were several,
   * each is tried again by itself.
   */
  tooMuch({ bundles, unsupported }: Portion, message: string): readonly Evidence[] | undefined {
    const [only] = bundles;
    if (bundles.length > 1) {
      this.unsupported = unsupported;
      this.alone.push(...bundles);
      return this.done([]);
    }
    return this.done([...only === undefined ? [] : [unreadable({ digest: only.digest, code: 'LIMIT', message })], ...unsupported.map(unreadable)]);
  }

  /** All pieces, when this was the last of the portions to be done. */
  done(pieces: readonly Evidence[]): readonly Evidence[] | undefined {
    this.pieces.push(...pieces);
    this.open -= 1;
    return this.isTaken && this.open === 0 ? this.pieces : undefined;
  }
}

/** By digest; several signatures of the same bytes by what stands beside them. */
function inOneOrder(bundles: readonly AttachedBundle[]): AttachedBundle[] {
  return bundles.map((bundle) => ({ bundle, beside: bundle.annotations === undefined ? '' : JSON.stringify(bundle.annotations) }))
    .sort((a, b) => compare(a.bundle.digest, b.bundle.digest) || compare(a.beside, b.beside)).map(({ bundle }) => bundle);
}

function unreadable({ digest, code, message }: UnsupportedArtifact): Evidence {
  return { digest, statement: { readable: false, code, message }, facts: {} };
}

function sizeOf({ bytes, annotations = {} }: AttachedBundle): number {
  return Object.values(annotations).reduce((sum, text) => sum + text.length, bytes.byteLength);
}
