import { misreadLine, oddCharacter } from '../../lib/kubernetes/yaml-text';
import { misreadIn } from '../../lib/kubernetes/yaml-value';

test.each([
  ['a next line', 'a\u0085b', 'U+0085'],
  ['a line separator', 'a\u2028b', 'U+2028'],
  ['a paragraph separator', 'a\u2029b', 'U+2029'],
  ['a carriage return alone', 'a\rb', 'U+000D'],
  ['a carriage return at the end', 'a\r', 'U+000D'],
  ['a form feed', 'a\fb', 'U+000C'],
  ['a vertical tab', 'a\vb', 'U+000B'],
  ['a null', 'a\0b', 'U+0000'],
  ['a delete', 'a\u007fb', 'U+007F'],
  ['a control of C1', 'a\u009fb', 'U+009F'],
  ['a byte order mark', 'a\ufeffb', 'U+FEFF'],
  ['no character', 'a\uffffb', 'U+FFFF'],
  ['half a character', 'a\ud800b', 'U+D800'],
])('%s is odd, and a letter in its place is not', (_, text, character) => {
  expect(oddCharacter(text)).toBe(character);
  expect(oddCharacter(text.replace(/[^ab]/u, 'c'))).toBeUndefined();
});

test.each(['a\nb', 'a\r\nb\r\n', 'a\tb', 'ä\u00a0\u3000\u{1f600}', ''])('%j holds nothing odd', (text) => {
  expect(oddCharacter(text)).toBeUndefined();
});

test.each([
  ['an odd character in a comment', 'a: 1\n# b\u2028c: 2\n', 'a: 1\n# b\\u2028c: 2\n', 2],
  ['a byte order mark before a key', 'a: 1\n\ufeffb: 2\n', '\ufeffa: 1\nb: 2\n', 2],
  ['dots that end a document', 'a: 1\n...\nb: 2\n', 'a: 1\n---\nb: 2\n', 2],
  ['dots with a comment', 'a: 1\n... # b\nb: 2\n', 'a: 1\n ... # b\n', 2],
  ['dots at the end of the file', 'a: 1\n...', 'a: 1\n....', 2],
  ['a document on the line of its separator', 'a: 1\n--- {b: 2}\n', 'a: 1\n---\n{b: 2}\n', 2],
  ['a tag on the line of a separator', '--- !!map\na: 1\n', '---\na: 1\n', 1],
  ['a comment that is none to all', 'a: 1\n---#b\nb: 2\n', 'a: 1\n--- #b\nb: 2\n', 2],
  ['a space that is none to all', 'a: 1\n---\u00a0\nb: 2\n', 'a: 1\n--- \nb: 2\n', 2],
  ['a directive', '%YAML 1.1\n---\na: 1\n', '---\na: 1\n', 1],
])('%s is found on its line, and its twin is not', (_, misread, plain, line) => {
  expect(misreadLine(misread)).toEqual({ line, problem: expect.stringMatching(/: \w/) as unknown });
  expect(misreadLine(plain)).toBeUndefined();
});

test.each(['---\n', '---', '---\r\na: 1\r\n---\t\r\n', '--- # one\na: 1\n', 'a: |\n  ...\n  --- x\n  %y\n'])('%j is read in one way', (text) => {
  expect(misreadLine(text)).toBeUndefined();
});

test.each([
  ['a text', { data: { note: 'a\u2028b' } }, { data: { note: 'a b' } }, 'data.note'],
  ['a text in a list', [['a', 'a\u0085b']], [['a', 'a b']], '[0][1]'],
  ['a key', { 'a\u2029b': { c: 1 } }, { 'a b': { c: 1 } }, '["a<U+2029>b"]'],
  ['a key that merges', { a: { '<<': { kind: 'Pod' } } }, { a: { '<': { kind: 'Pod' } } }, 'a["<<"]'],
  ['a text that becomes a number', { a: '-0o17' }, { a: '0o18' }, 'a'],
])('of a value, %s is found in its field, and its twin is not', (_, misread, plain, path) => {
  expect(misreadIn(misread)).toEqual([{ path, message: expect.stringContaining('kubectl') as unknown }]);
  expect(misreadIn(plain)).toEqual([]);
});
