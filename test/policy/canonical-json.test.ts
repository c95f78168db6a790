import fc from 'fast-check';
import { canonicalJson, isPlainObject } from '../../lib/policy/canonical-json';

test('keys are sorted by code units at every depth, without spaces', () => {
  expect(canonicalJson({ b: [1, { d: null, c: true }], a: 'x', B: 1.5 })).toBe('{"B":1.5,"a":"x","b":[1,{"c":true,"d":null}]}');
});

test('the example of RFC 8785 comes out as printed there', () => {
  const value = {
    numbers: [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('the text is read back as the same value, and does not depend on the order of keys', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = canonicalJson(value);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
    expect(canonicalJson(reversed(value))).toBe(text);
  }));
});

test.each<[string, unknown]>([
  ['undefined', undefined], ['a function', () => 1], ['a symbol', Symbol('x')], ['a big integer', 1n], ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a date', new Date(0)], ['a map', new Map()], ['a hole in a list', Object.assign([1], { length: 2 })],
  ['undefined in an object', { a: undefined }],
])('%s has no JSON text', (_, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
  expect(() => canonicalJson([value])).toThrow(/JSON cannot hold/);
});

test('plain objects are those that a JSON parser makes', () => {
  expect([{}, Object.create(null), JSON.parse('{"__proto__":1}')].every(isPlainObject)).toBe(true);
  expect([null, [], 'x', new Date(0), new Map(), Object.create({ a: 1 }), () => 1].some(isPlainObject)).toBe(false);
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reversed);
  }
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)])) : value;
}
