import fc from 'fast-check';
import { parseStrictJson, StrictJsonError } from '../../lib/verifier/strict-json';
import { readJson } from '../support/json-reader';

const codeOf = (bytes: Uint8Array | string, limits?: Parameters<typeof parseStrictJson>[1]): string => {
  try {
    parseStrictJson(Buffer.from(bytes as string), limits);
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(StrictJsonError);
    return (error as StrictJsonError).code;
  }
};

test.each([
  ['a key twice', '{"a":1,"a":1}', '{"a":1,"b":1}'],
  ['a key twice, once written with an escape', '{"a":1,"\\u0061":1}', '{"a":1,"\\u0062":1}'],
  ['a key twice, deep inside', '[{"x":[{"y":{"a":{},"b":0,"a":{}}}]}]', '[{"x":[{"y":{"a":{},"b":0,"c":{}}}]}]'],
  ['a key twice, where the first holds members of its own', '{"a":{"b":1,"c":2},"a":3}', '{"a":{"b":1,"c":2},"d":3}'],
  ['__proto__', '{"__proto__":{}}', '{"__proto":{}}'],
  ['__proto__, written with an escape', '{"__proto_\\u005f":{}}', '{"__proto_\\u005e":{}}'],
  ['half a character', '"\\ud83d"', '"\\ud83d\\ude00"'],
  ['half a character in a key', '{"\\ude00":1}', '{"\\ud83d\\ude00":1}'],
  ['an integer that no double holds', '9007199254740993', '9007199254740991'],
  ['an integer that no double holds, as a power', '1e16', '1e15'],
  ['a number beyond every double', '1e400', '1e-400'],
  ['something after the document', '{}{}', '{}'],
  ['a comma too many', '[1,]', '[1]'],
  ['a comment', '{/**/}', '{}'],
  ['a control character in a string', '"\n"', '"\\n"'],
  ['nothing', '', 'null'],
])('refuses %s', (_, bad, good) => {
  expect([codeOf(bad), codeOf(good)]).toEqual(['MALFORMED', 'read']);
});

test('refuses bytes that are not UTF-8, and a byte order mark', () => {
  expect(codeOf(Buffer.from([0x22, 0xc3, 0x22]))).toBe('MALFORMED');
  expect(codeOf(Buffer.from([0x22, 0xc3, 0xa9, 0x22]))).toBe('read');
  expect(codeOf('\ufeff{}')).toBe('MALFORMED');
  expect(codeOf(Buffer.from('{}', 'utf16le'))).toBe('MALFORMED');
});

test.each([
  ['depth', '['.repeat(65) + ']'.repeat(65), '['.repeat(64) + ']'.repeat(64)],
  ['the length of a number', `0.${'1'.repeat(127)}`, `0.${'1'.repeat(126)}`],
  ['values', `[${'1,'.repeat(999)}1]`, `[${'1,'.repeat(997)}1]`],
])('bounds %s', (_, over, within) => {
  expect([codeOf(over, { depth: 64, values: 1_000 }), codeOf(within, { depth: 64, values: 1_000 })]).toEqual(['LIMIT', 'read']);
});

test('brackets, commas and long digits inside strings count for nothing', () => {
  const text = '[{,:'.repeat(1_000) + '1'.repeat(1_000) + '\\"\\\\';
  expect(parseStrictJson(Buffer.from(`{"${text}":"${text}"}`), { depth: 1, values: 3 })).toEqual({ [text.slice(0, -4) + '"\\']: text.slice(0, -4) + '"\\' });
});

test('millions of open brackets are refused before anything is made of them', () => {
  const before = process.memoryUsage().heapUsed;
  expect(codeOf('['.repeat(3_000_000))).toBe('LIMIT');
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
});

test('a message never repeats what the document holds', () => {
  for (const text of ['{"secret":hunter2}', '"hunter2', '{"hunter2":1,"hunter2":1}', 'hunter2']) {
    expect(() => parseStrictJson(Buffer.from(text))).toThrow(/^(?!.*hunter2)not strict JSON: /);
  }
});

/** Mostly JSON, and what is nearly JSON: a value is written, then a piece of the text is doubled, dropped or replaced. */
const nearlyJson = fc.tuple(
  fc.jsonValue({ maxDepth: 4 }),
  fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom('', '"', '\\', ',', ':', '{', '}', '[', ']', '"a":1,', '\\u0061', '\\ud800', '0', 'e9', ' ', '\u00e9')), { maxLength: 3 }),
).map(([value, edits]) => edits.reduce((text, [at, length, insert]) => {
  const start = at % (text.length + 1);
  return text.slice(0, start) + insert + text.slice(start + (insert === '' ? length : 0));
}, JSON.stringify(value)));

test('agrees with a reader that goes character by character, on JSON and what is nearly JSON', () => {
  let read = 0;
  fc.assert(fc.property(nearlyJson, (text) => {
    const wellFormed = text.toWellFormed();
    let expected: { readonly value: unknown } | undefined;
    try {
      expected = { value: readJson(wellFormed) };
    } catch {
      expected = undefined;
    }
    read += expected === undefined ? 0 : 1;
    let found: { readonly value: unknown } | undefined;
    try {
      found = { value: parseStrictJson(Buffer.from(wellFormed)) };
    } catch (error) {
      expect(error).toBeInstanceOf(StrictJsonError);
    }
    expect(found).toEqual(expected);
  }), { numRuns: 20_000 });
  // Neither side of the comparison may be empty.
  expect(read).toBeGreaterThan(1_000);
  expect(read).toBeLessThan(19_000);
});
