import { Random } from './random';

/** Makes other bytes of these. @param others - seeds to take pieces from */
export type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

/** What no input grows beyond: larger ones are the business of tests that count bytes. */
const LARGEST = 256 * 1024;

const ODD_BYTES = [0x00, 0x01, 0x20, 0x22, 0x2f, 0x5c, 0x7f, 0x80, 0xc0, 0xff];

/** For any bytes. */
export const ANY: readonly Mutation[] = [
  function flip(bytes, random) {
    const copy = Buffer.from(bytes);
    const at = random.below(copy.length || 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  function replace(bytes, random) {
    return splice(bytes, random.below(bytes.length + 1), 1, Buffer.from([random.pick(ODD_BYTES)]));
  },
  function insert(bytes, random) {
    return splice(bytes, random.below(bytes.length + 1), 0, Buffer.from([random.pick(ODD_BYTES), random.below(256)].slice(random.below(2))));
  },
  function drop(bytes, random) {
    return splice(bytes, random.below(bytes.length + 1), 1 + random.below(16), Buffer.alloc(0));
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function double(bytes, random) {
    const start = random.below(bytes.length + 1);
    return splice(bytes, start, 0, bytes.subarray(start, start + 1 + random.below(200)));
  },
  function repeat(bytes, random) {
    const start = random.below(bytes.length + 1);
    const piece = bytes.subarray(start, start + 1 + random.below(8));
    return splice(bytes, start, 0, Buffer.concat(Array.from({ length: 1 << random.below(12) }, () => piece)));
  },
  function transplant(bytes, random, others) {
    const other = random.pick(others);
    const from = random.below(other.length + 1);
    return splice(bytes, random.below(bytes.length + 1), random.below(64), other.subarray(from, from + random.below(256)));
  },
];

export function splice(bytes: Buffer, start: number, length: number, insert: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + length)]).subarray(0, LARGEST);
}
