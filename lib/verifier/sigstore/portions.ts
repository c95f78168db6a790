import { Evidence } from '../../decide/evidence';
import { NormalAttestor } from '../../policy/normal';
import { AttachedBundle, AttachedBundles } from '../ports';
import { Portion } from './worker';

/** Bundles of one portion: about a tenth of a second of cryptography. */
const BUNDLES = 8;

/** Bytes of one portion, beyond its first bundle: reading a megabyte of JSON costs about as much. */
const BYTES = 1024 * 1024;

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
  private open = 0;

  constructor(private readonly attached: AttachedBundles, private readonly attestors: readonly NormalAttestor[]) {
    this.bytes = attached.bundles.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    this.rest = [...attached.bundles];
  }

  /** Everything was taken; the first portion is there even without a bundle. */
  get isTaken(): boolean {
    return this.taken > 0 && this.rest.length === 0;
  }

  /** The next portion is one bundle that takes much memory to read. */
  get isLarge(): boolean {
    return (this.rest[0]?.bytes.byteLength ?? 0) > BYTES;
  }

  take(): Portion {
    let bytes = 0;
    let count = 0;
    for (const bundle of this.rest.slice(0, BUNDLES)) {
      bytes += bundle.bytes.byteLength;
      if (count > 0 && bytes > BYTES) {
        break;
      }
      count += 1;
    }
    const unsupported = this.taken === 0 ? this.attached.unsupported : [];
    this.taken += 1;
    this.open += 1;
    return { bundles: this.rest.splice(0, count), unsupported, attestors: this.attestors };
  }

  /** All pieces, when this was the last of the portions to be done. */
  done(pieces: readonly Evidence[]): readonly Evidence[] | undefined {
    this.pieces.push(...pieces);
    this.open -= 1;
    return this.isTaken && this.open === 0 ? this.pieces : undefined;
  }
}
