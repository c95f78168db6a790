import { matchesRef, parseRefPattern, RefError } from '../../lib/policy/ref-pattern';

test.each([
  ['refs/heads/main', 'refs/heads/main', 'refs/heads/main-x'],
  ['refs/heads/main', 'refs/heads/main', 'refs/tags/main'],
  ['refs/heads/main', 'refs/heads/main', 'refs/heads/Main'],
  ['refs/heads/main', 'refs/heads/main', 'refs/heads/x/main'],
  ['refs/heads/main', 'refs/heads/main', 'xrefs/heads/main'],
  ['refs/heads/main', 'refs/heads/main', 'refs/heads/main\n'],
  ['refs/heads/main', 'refs/heads/main', 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'],
  ['refs/heads/*', 'refs/heads/main', 'refs/heads/feature/x'],
  ['refs/heads/*', 'refs/heads/main', 'refs/heads/'],
  ['refs/heads/*', 'refs/heads/main', 'refs/heads'],
  ['refs/heads/*/*', 'refs/heads/feature/x', 'refs/heads/main'],
  ['refs/tags/v*', 'refs/tags/v1.2.3', 'refs/tags/x1.2.3'],
  ['refs/tags/v*', 'refs/tags/v', 'refs/heads/v1'],
  ['refs/tags/v*', 'refs/tags/v1', 'refs/tags/v1/merge'],
  ['refs/tags/v*', 'refs/tags/v1@x', 'refs/pull/7/merge'],
  ['refs/tags/v*.*-rc*', 'refs/tags/v1.2-rc1', 'refs/tags/v1-rc1'],
  ['refs/heads/release.1', 'refs/heads/release.1', 'refs/heads/releasex1'],
])('%s matches %s and not %j', (pattern, match, other) => {
  expect(matchesRef(pattern, match)).toBe(true);
  expect(matchesRef(parseRefPattern(pattern), match)).toBe(true);
  expect(matchesRef(pattern, other)).toBe(false);
});

test.each([
  ['', 'refs/heads/a'], ['main', 'refs/heads/main'], ['refs/main', 'refs/heads/main'], ['refs/pull/7/merge', 'refs/heads/pull/7/merge'],
  ['refs/*/main', 'refs/heads/*'],
  ['refs/**', 'refs/heads/*'], ['refs/heads', 'refs/heads/a'], ['refs/heads/', 'refs/heads/a'], ['refs/heads//a', 'refs/heads/a'],
  ['refs/heads/a/', 'refs/heads/a'],
  ['refs/heads/**', 'refs/heads/*'], ['refs/heads/a**', 'refs/heads/a*'], ['REFS/heads/main', 'refs/heads/main'],
  [' refs/heads/main', 'refs/heads/main'],
  ['refs/heads/ma in', 'refs/heads/ma-in'], ['refs/heads/main\n', 'refs/heads/main'], ['refs/heads/m\u00e4in', 'refs/heads/main'],
  ['refs/heads/v?', 'refs/heads/v*'],
  ['refs/heads/[a]', 'refs/heads/a'], ['refs/heads/a:b', 'refs/heads/a-b'], ['refs/heads/^a', 'refs/heads/a'], ['refs/heads/a~1', 'refs/heads/a1'],
  ['refs/heads/a\\d', 'refs/heads/ad'], ['refs/heads/.*', 'refs/heads/*'], ['refs/heads/a..b', 'refs/heads/a.b'], ['refs/heads/.a', 'refs/heads/a'],
  ['refs/heads/a.', 'refs/heads/a'], ['refs/heads/a.lock', 'refs/heads/a.block'], ['refs/heads/a@{b', 'refs/heads/a@b'],
  [`refs/heads/${'a'.repeat(502)}`, `refs/heads/${'a'.repeat(501)}`],
])('%j is no ref pattern, %j is', (bad, good) => {
  expect(() => parseRefPattern(bad)).toThrow(RefError);
  expect(() => matchesRef(bad, good)).toThrow(RefError);
  expect(parseRefPattern(good).text).toBe(good);
});

test('a pattern of many stars and a ref of a megabyte are soon compared', () => {
  expect(matchesRef(`refs/heads/${'*a'.repeat(250)}`, `refs/heads/${'a'.repeat(500)}b`)).toBe(false);
  expect(matchesRef('refs/heads/*', `refs/heads/${'a'.repeat(1024 * 1024)}`)).toBe(false);
});
