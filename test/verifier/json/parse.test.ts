import fc from 'fast-check';
import { parseStrictJson, StrictJsonError } from '../../../lib/verifier/json';
import { readJson } from '../../support/json-reader';

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

test('an object of many members is held to the same: a key twice among a thousand, escaped or not', () => {
  const members = (last: string): string => `{${Array.from({ length: 1_000 }, (_, index) => `"key-${index}":{"a":0}`).join(',')},${last}:1}`;
  expect(['"key-0"', '"key-998"', '"\\u006bey-7"', '"__proto__"'].map((last) => codeOf(members(last)))).toEqual(Array(4).fill('MALFORMED'));
  expect(['"key-1000"', '"\\u006bey"'].map((last) => codeOf(members(last)))).toEqual(['read', 'read']);
});

test('keys that begin, end and are as long alike are told apart by their bytes; one that is longer by 256 is another', () => {
  expect(codeOf('{"abXcd":1,"aYXZd":1}')).toBe('read');
  expect(codeOf('{"abXcd":1,"aYXZd":1,"abXcd":1}')).toBe('MALFORMED');
  const [short, long] = ['a', 'a'.repeat(257)];
  expect([codeOf(`{"${short}":1,"${long}":1}`), codeOf(`{"${long}":1,"${short}":1}`), codeOf(`{"${long}":1,"${long}":1}`)]).toEqual(['read', 'read', 'MALFORMED']);
});

describe('where a part is wanted', () => {
  const wanted = { a: 'all', list: { name: 'all' }, deep: { er: { x: 'all' } } } as const;
  const part = (text: string): unknown => parseStrictJson(Buffer.from(text), undefined, wanted);

  test('the rest is missing, whatever it is', () => {
    expect(part('{"b":[1,{"a":2}],"a":{"b":1},"list":[{"name":"n","image":"i"},null,7,[{"name":1,"x":0}]],"deep":{"x":1,"er":{"y":0,"x":[]}},"c":null}'))
      .toEqual({ a: { b: 1 }, list: [{ name: 'n' }, null, 7, [{ name: 1 }]], deep: { er: { x: [] } } });
    expect(['1', '"text"', '[{"a":1,"b":2}]', '{}', '{"list":7,"deep":[]}'].map(part)).toEqual([1, 'text', [{ a: 1 }], {}, { list: 7, deep: [] }]);
  });

  test('a name counts whether it is escaped or not', () => {
    expect(part('{"\\u0061":1,"li\\u0073t":{"n\\u0061me":"n"}}')).toEqual({ a: 1, list: { name: 'n' } });
  });

  test('names that objects inherit are nobody\'s', () => {
    expect(part('{"constructor":{"a":1},"toString":1,"hasOwnProperty":2}')).toEqual({});
  });

  test.each(['{"z":{"k":1,"k":2}}', '{"z":["\\ud800"]}', '{"z":{"__proto__":1}}', '{"z":01}', '{"z":[1,]}', '{"z":tru}', '{"a":1}}'])('the rest is held to the grammar and the rules: %s', (text) => {
    expect(() => part(text)).toThrow(StrictJsonError);
  });

  test('a number is held to what a double holds only where it is read', () => {
    expect(part('{"z":9223372036854775807,"a":9007199254740991}')).toEqual({ a: 9007199254740991 });
    expect(() => part('{"a":9223372036854775807}')).toThrow(StrictJsonError);
  });

  test('is the same part of what is read whole', () => {
    const readable = fc.jsonValue({ maxDepth: 3 }).filter((value) => codeOf(JSON.stringify(value)) === 'read');
    const unread = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(fc.property(readable, readable, unread, (a, other, rest) => {
      const read = part(JSON.stringify({ rest, a, deep: { er: { x: other, rest }, rest } })) as { readonly [name: string]: unknown };
      expect(read).toEqual(JSON.parse(JSON.stringify({ a, deep: { er: { x: other } } })));
    }), { numRuns: 500 });
  });
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

test('bounds the members of objects that have many', () => {
  const members = (count: number): string => `{${Array.from({ length: count }, (_, index) => `"${index}":0`).join(',')}}`;
  expect([codeOf(members(50_017)), codeOf(members(50_016))]).toEqual(['LIMIT', 'read']);
  expect([codeOf(`[${members(25_017)},${members(25_017)}]`), codeOf(`[${members(25_016)},${members(25_016)}]`)]).toEqual(['LIMIT', 'read']);
  expect(codeOf(`[${Array(5_000).fill(members(16)).join(',')}]`)).toBe('read');
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
