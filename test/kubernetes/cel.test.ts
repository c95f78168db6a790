import { evaluate } from '@marcbachmann/cel-js';
import * as fc from 'fast-check';
import { celString, celStrings, readCelStrings } from '../../lib/kubernetes/cel';

test.each([
  ['', '\'\''],
  ['a b', '\'a b\''],
  ['it\'s', '\'it\\\'s\''],
  ['a\\', '\'a\\\\\''],
  ['\\\'', '\'\\\\\\\'\''],
  ['a"b', '\'a"b\''],
  ['a\nb', '\'a\\u000ab\''],
  ['\u007f', '\'\\u007f\''],
  ['\u202eb', '\'\\u202eb\''],
  ['\u{1f600}', '\'\\U0001f600\''],
])('the literal of %j is %s', (text, literal) => {
  expect(celString(text)).toBe(literal);
});

test('a literal means exactly its text, and is printable ASCII on one line', () => {
  fc.assert(fc.property(fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom('\'', '"', '\\', '\n', '\0')) }), (text) => {
    expect(evaluate(celString(text))).toBe(text);
    expect(celString(text)).toMatch(/^[\x20-\x7e]*$/);
  }));
});

test('a list of literals means exactly its texts', () => {
  expect(evaluate(celStrings(['a', '\'] + [\'b', '']))).toEqual(['a', '\'] + [\'b', '']);
  expect(celStrings([])).toBe('[]');
});

test.each(['\ud800', 'a\udc00b'])('half a character (%j) is refused', (text) => {
  expect(() => celString(text)).toThrow(/lone surrogate \(U\+D/);
});

test.each([[[]], [['a']], [['system:masters', 'o\'neil', 'back\\slash', 'Müller', '😀', 'a, b', '\', \'', '']]])('what is written is what is read: %j', (texts) => {
  expect(readCelStrings(celStrings(texts))).toEqual(texts);
});

test.each(['', '[', '[\'a\'', '[a]', '[\'a\'] + groups', '[\'a\',\'b\' ]', '[\'a\\nb\']', '[\'a\'b\']', 'request.userInfo.groups', '["a"]', '[\'a\\U00110000\']'])('%s is no list that was written here', (expression) => {
  expect(readCelStrings(expression)).toBeUndefined();
});
