import { readFileSync } from 'node:fs';
import { unreadable } from '../../lib/policy/unreadable';

test.each([
  ['EACCES', 'EACCES: the user that this runs as has no right to it'],
  ['EPERM', 'EPERM: the user that this runs as has no right to it'],
  ['EISDIR', 'EISDIR: it is a folder, and a file is wanted'],
  ['EEXIST', 'EEXIST: it is a file, and a folder is wanted'],
  ['ENOTDIR', 'ENOTDIR: a part of the path is a file, and no folder'],
])('%s is told in words', (code, words) => {
  expect(unreadable(Object.assign(new Error(`${code}: what the system says, open '/a/b'`), { code }))).toBe(words);
});

test('what the system says in words is left as it is, without the name of the file', () => {
  expect(unreadable(Object.assign(new Error("EIO: i/o error, open '/a, b'"), { code: 'EIO' }))).toBe('EIO: i/o error');
  expect(unreadable('gone')).toBe('gone');
  try {
    readFileSync('/nowhere');
    throw new Error('it is there');
  } catch (error) {
    expect(unreadable(error)).toBe('ENOENT: no such file or directory');
  }
});
