import { existsSync, readFileSync } from 'node:fs';
import { SECURITY_CASES } from '../security/cases';
import { CASE_ID } from '../security/titled';

const page = readFileSync('docs/security.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: { readonly [name: string]: string } };
const ids = SECURITY_CASES.flatMap(({ cases }) => cases).map(({ id }) => id);

/** What a text says is tested, and by what. */
interface Named {
  readonly cases: readonly string[];
  /** `cases A, E, G`: all whose ids begin so. */
  readonly groups: readonly string[];
  readonly files: readonly string[];
  readonly commands: readonly string[];
  readonly pages: readonly string[];
}

function namedIn(text: string): Named {
  return {
    cases: text.match(CASE_ID) ?? [],
    groups: [...text.matchAll(/cases ((?:[A-Z](?:, )?)+)(?![A-Z0-9])/g)].flatMap(([, letters = '']) => letters.split(', ').filter((letter) => /^[A-Z]$/.test(letter))),
    files: [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file),
    commands: [...text.matchAll(/`npm run ([^ `]+)/g)].map(([, command = '']) => command),
    pages: [...text.matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) => target),
  };
}

const promises = (/^## What is promised$([\s\S]*?)^## /m.exec(page)?.[1] ?? '').split('\n').filter((line) => /^\| (?!promise|-)/.test(line)).map((line) => line.split(' | '));

test('every promise is shown by a case, a test, a command or a page', () => {
  expect(promises.length).toBeGreaterThan(10);
  const unshown = promises.filter(([, how = '']) => Object.values(namedIn(how)).every((found: readonly string[]) => found.length === 0));
  expect(unshown).toEqual([]);
});

test('what is named to show it exists', () => {
  const { cases, groups, files, commands } = namedIn(page);
  expect({
    cases: cases.filter((id) => !ids.includes(id)),
    groups: groups.filter((letter) => !ids.some((id) => id.startsWith(letter))),
    files: files.filter((file) => !existsSync(file)),
    commands: commands.filter((command) => scripts[command] === undefined),
  }).toEqual({ cases: [], groups: [], files: [], commands: [] });
  expect([cases.length, groups.length, files.length, commands.length].every((count) => count > 2)).toBe(true);
});

test('a name of nothing is noticed, of each kind', () => {
  expect(namedIn('cases X, E; case E99; `test/none.test.ts`; `npm run nothing -- x`; [x](none.md#y)')).toEqual({
    cases: ['E99'], groups: ['X', 'E'], files: ['test/none.test.ts'], commands: ['nothing'], pages: ['none.md'],
  });
});
