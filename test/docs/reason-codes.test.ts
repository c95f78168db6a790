import { readFileSync } from 'node:fs';
import { REASONS } from '../../lib/decide/reason';
import { path, render } from '../../scripts/docs/reason-codes';

const rows = render().split('\n').filter((line) => line.startsWith('| `'));

test('every reason code has exactly one row, with its meaning and what to do', () => {
  const expected = Object.entries(REASONS).map(([code, { means, remedy }]) => `| \`${code}\` | ${means} | ${remedy} |`);
  expect([...rows].sort()).toEqual(expected.sort());
});

test('the written page is what the codes say', () => {
  expect(readFileSync(path, 'utf8')).toBe(render());
});
