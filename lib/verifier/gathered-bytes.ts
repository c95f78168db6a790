/** Pieces that bytes may come in, beyond one for each KiB: each costs a turn of the parser and an object, whatever it holds. */
const PIECES = 1_000;

/** Bytes of the first buffer; it doubles as it fills. */
const FIRST = 16 * 1024;

/**
 * Bytes that arrive in pieces, copied together as they come, so that what they take is what they are: a piece of one byte is an object of hundreds.
 */
export class GatheredBytes {
  private buffer: Buffer = Buffer.alloc(0);
  private pieces = 0;
  private length = 0;

  /** @param most - bytes that can come; no buffer is made larger */
  constructor(private readonly most: number) {}

  get size(): number {
    return this.length;
  }

  /** Whether they come in more pieces than anybody sends who wants to be read. */
  get areCrumbs(): boolean {
    return this.pieces > PIECES + this.length / 1024;
  }

  add(piece: Buffer): void {
    const length = this.length + piece.length;
    this.pieces += 1;
    if (this.pieces === 1) {
      // Most come in one piece, which needs no copy.
      this.buffer = piece;
    } else {
      this.reserve(length);
      piece.copy(this.buffer, this.length);
    }
    this.length = length;
  }

  /** All of them; nothing may be added any more. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(length: number): void {
    if (this.pieces === 2 || length > this.buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.min(this.most, Math.max(FIRST, length * 2))));
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
  }
}
