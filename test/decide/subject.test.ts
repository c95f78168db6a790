import { isExactly } from '../../lib/decide/subject';

const HEX = 'a'.repeat(64);

test.each([
  ['of capitals', HEX.toUpperCase()],
  ['of other characters', 'g'.repeat(64)],
  ['that is shorter', HEX.slice(1)],
  ['that is nothing', ''],
])('a digest %s is that of no statement, however alike both are written; its twin is', (_what, written) => {
  expect(isExactly({ sha256: written }, `sha256:${written}`)).toBe(false);
  expect(isExactly({ sha256: HEX }, `sha256:${HEX}`)).toBe(true);
});
