import { readYaml } from '../../lib/verifier/read-yaml';

const loaded = { times: 0 };

jest.mock('yaml', () => {
  loaded.times += 1;
  return jest.requireActual<object>('yaml');
});

beforeEach(() => {
  loaded.times = 0;
  jest.resetModules();
});

test.each([
  ['JSON is read without the parser of YAML', '{"a": [1, 2.5, "x", null, true], "b": {}}\n', 0],
  ['YAML is read with it', 'a: [1, 2.5, x, null, true]\nb: {}\n', 1],
])('%s, and says the same', (_what, text, times) => {
  expect(readYaml(text, 'file')).toEqual({ values: [{ a: [1, 2.5, 'x', null, true], b: {} }], problems: [] });
  expect(loaded.times).toBe(times);
});

test.each([
  ['a key that comes twice', '{"a": 1, "a": 2}', '{"a": 1, "b": 2}', 'Map keys must be unique at line 1, column 10'],
  ['a key that comes twice behind an escape', '{"a": 1, "\\u0061": 2}', '{"a": 1, "\\u0062": 2}', 'Map keys must be unique at line 1, column 10'],
  ['aliases that repeat without end', `a: &a [x, x, x, x]\nb: &b [${'*a, '.repeat(8)}]\nc: &c [${'*b, '.repeat(8)}]\nd: [${'*c, '.repeat(8)}]\n`, 'a: &a [x]\nb: [*a]\n',
    'Excessive alias count indicates a resource exhaustion attack'],
  ['an alias of nothing', 'a: *b\n', 'b: &b x\na: *b\n', 'Unresolved alias (the anchor must be set before the alias): b'],
])('%s is a mistake, and its twin is none', (_what, bad, good, problem) => {
  expect(readYaml(bad, 'file.yaml')).toEqual({ values: [], problems: [expect.stringContaining(problem)] });
  expect(readYaml(good, 'file.yaml')).toMatchObject({ problems: [] });
});

test('of several documents each is a value, and the mistakes of each are told', () => {
  expect(readYaml('a: 1\n---\n- b\n', 'file.yaml')).toEqual({ values: [{ a: 1 }, ['b']], problems: [] });
  expect(readYaml('a: 1\na: 2\n---\n- b\n---\n{\n', 'file.yaml')).toMatchObject({ values: [['b']], problems: [expect.stringContaining('unique'), expect.stringContaining('line 7')] });
});

test('what nobody else reads in the same way is not read as JSON', () => {
  // The prototype is set by one reader, and is a member for another.
  const { values } = readYaml('{"__proto__": {"a": 1}}', 'file.json');
  expect(Object.getPrototypeOf(values[0])).toBe(Object.prototype);
  expect(loaded.times).toBe(1);
});
