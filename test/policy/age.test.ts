import fc from 'fast-check';
import { formatAge, parseAge } from '../../lib/policy/age';

test.each<[string, number, string]>([
  ['7d', 604_800_000, '7d'], ['24h', 86_400_000, '1d'], ['36h', 129_600_000, '36h'], ['90m', 5_400_000, '90m'], ['60m', 3_600_000, '1h'], ['366d', 31_622_400_000, '366d'],
])('%s is %d milliseconds, written as %s', (text, milliseconds, canonical) => {
  expect(parseAge(text)).toBe(milliseconds);
  expect(formatAge(milliseconds)).toBe(canonical);
});

test.each(['', '7', 'd', '0d', '07d', '-1d', '1.5d', '7 d', '7D', '7d ', '7d\n', '1w', '7days', 'P7D', '1d12h', '367d', '9999999m', '∞d'])('%j is no age', (text) => {
  expect(() => parseAge(text)).toThrow(/ is no age: .*; write a whole number of days, hours or minutes such as 7d, 24h or 90m$/);
});

test('what is written is what was read', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 366 * 24 * 60 }), (minutes) => parseAge(formatAge(minutes * 60_000)) === minutes * 60_000));
});
