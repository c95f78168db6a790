import { show, showBoth } from '../../lib/refusals/show';

const LONG = 'x'.repeat(100);

test.each<[unknown, unknown, readonly [string, string]]>([
  ['5', 5, ['"5"', '5']],
  [undefined, null, ['nothing', 'null']],
  ['refs/heads/main', 'refs/heads/mein', ['"refs/heads/main"', '"refs/heads/mein"']],
  [`${LONG}main`, `${LONG}mein`, [`…${'x'.repeat(19)}main"`, `…${'x'.repeat(19)}mein"`]],
  [`a${LONG}`, `b${LONG}`, [`"a${'x'.repeat(77)}…`, `"b${'x'.repeat(77)}…`]],
  [LONG, `${LONG}!`, [`…${'x'.repeat(20)}"`, `…${'x'.repeat(20)}!"`]],
])('%j and %j are shown where they differ', (first, second, shown) => {
  expect(showBoth(first, second)).toEqual(shown);
});

test('two long values that differ are never shown alike', () => {
  const [first, second] = showBoth({ list: [LONG, 'a'] }, { list: [LONG, 'b'] });
  expect(first).not.toBe(second);
  expect(show({ list: [LONG, 'a'] })).toBe(show({ list: [LONG, 'b'] }));
});
