import { readFileSync } from 'node:fs';
import { ENGINES } from '../../lib/refusals';
import { path, render } from '../../scripts/docs/engines';

const page = render();

test('every field of every definition has a row with a mark for each engine', () => {
  const columns = Object.keys(ENGINES).length;
  const rows = page.slice(page.indexOf('## Every field')).split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split(' | ').length - 1);
  expect(rows).toEqual(Object.values(ENGINES.webhook.capabilities).flatMap((fields) => Object.keys(fields as object)).map(() => columns));
});

test('the written page is what the table says', () => {
  expect(readFileSync(path, 'utf8')).toBe(page);
});
