import { GatheredBytes } from '../../lib/verifier/gathered-bytes';

function gather(pieces: readonly Buffer[], most = 1024 * 1024): GatheredBytes {
  const gathered = new GatheredBytes(most);
  pieces.forEach((piece) => gathered.add(piece));
  return gathered;
}

const pieces = (count: number, size: number): Buffer[] => Array.from({ length: count }, (_, index) => Buffer.alloc(size, index));

test.each([0, 1, 2, 3, 100])('%i pieces are gathered in their order', (count) => {
  const all = pieces(count, 1_000);
  expect(gather(all).bytes().equals(Buffer.concat(all))).toBe(true);
  expect(gather(all).size).toBe(count * 1_000);
});

test('one piece is not copied', () => {
  const piece = Buffer.alloc(1_000);
  expect(gather([piece]).bytes().buffer).toBe(piece.buffer);
});

test('no buffer is larger than what can come', () => {
  expect(gather(pieces(3, 30_000), 90_000).bytes().buffer.byteLength).toBe(90_000);
});

test('what arrives is copied: a piece that changes afterwards changes nothing', () => {
  const all = pieces(2, 10);
  const gathered = gather(all);
  all[1]?.fill(9);
  expect([...gathered.bytes().subarray(10)]).toEqual(Array(10).fill(1));
});

test('a thousand pieces and one for each KiB are ordinary, one more are crumbs', () => {
  expect(gather(pieces(1_000, 1)).areCrumbs).toBe(false);
  expect(gather(pieces(1_001, 1)).areCrumbs).toBe(true);
  expect(gather(pieces(5_000, 1_024), 8 * 1024 * 1024).areCrumbs).toBe(false);
});
