/** One DER element inside of bytes. */
export interface DerElement {
  /** Where the content starts. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** Tag and length at an offset, lengths in their shortest form only (X.690 §10.1); `undefined` where another element or none begins. */
export function readDer(der: Uint8Array, tag: number, offset: number): DerElement | undefined {
  const first = der[offset + 1];
  if (der[offset] !== tag || first === undefined) {
    return undefined;
  }
  const count = first < 0x80 ? 0 : first & 0x7f;
  let length = first < 0x80 ? first : 0;
  for (const byte of der.subarray(offset + 2, offset + 2 + count)) {
    length = length * 256 + byte;
  }
  const start = offset + 2 + count;
  const shortest = count === 0 || (count === 1 && length >= 0x80) || (count === 2 && length >= 0x100);
  return shortest && start + length <= der.length ? { start, end: start + length } : undefined;
}
