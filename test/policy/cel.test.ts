import { execFileSync } from 'node:child_process';
import { CEL_BUDGET, ConditionOutcome, parseCondition } from '../../lib/policy/cel/condition';
import { Json } from '../../lib/policy/document';

const PREDICATE: Json = {
  approved: true, count: 3, ratio: 0.5, name: 'api', none: null, empty: [], reviewers: [{ name: 'ada', team: 'security' }, { name: 'bob', team: 'web' }], labels: { tier: 'prod' },
  ['__proto__x']: 1,
};

const evaluate = (expression: string, predicate: Json = PREDICATE, left = CEL_BUDGET): ConditionOutcome => parseCondition(expression).evaluate(predicate, { left });

test('the bundled library is what the package gives', () => {
  execFileSync(process.execPath, ['scripts/cel.mjs', '--check'], { stdio: 'pipe' });
}, 60_000);

test.each([
  'predicate.approved', 'predicate.approved == true', '!(predicate.count < 3)', 'predicate.count == 3', 'predicate.count > 2 && predicate.ratio < 1.0', 'predicate.name.startsWith("a")',
  'predicate.name in ["api", "web"]', '!("x" in predicate.empty)', 'size(predicate.reviewers) == 2', 'predicate.reviewers.size() == 2', 'predicate.none == null', 'has(predicate.labels.tier)',
  '!has(predicate.labels.team)', '"tier" in predicate.labels', 'predicate.reviewers.exists(r, r.team == "security")', 'predicate.reviewers.all(r, r.name.size() == 3)',
  'predicate.reviewers.exists_one(r, r.name == "bob")', 'predicate.reviewers.filter(r, r.team == "web").map(r, r.name) == ["bob"]', 'predicate["labels"]["tier"] == "prod"',
  'predicate.reviewers[1].name == "bob"', 'predicate.name.contains("p") ? true : false', 'predicate.missing == 1 || true', 'predicate.labels == predicate.labels',
])('%s holds', (expression) => {
  expect(evaluate(expression)).toBe(true);
});

test.each<[string, RegExp]>([
  ['!predicate.approved', /^it is false$/], ['predicate.count', /^it is neither true nor false$/], ['predicate.labels', /^it is neither/], ['predicate.none', /^it is neither/],
  ['predicate.missing', /^it cannot be evaluated: No such key: missing/], ['predicate.missing == 1', /^it cannot be evaluated/], ['!(predicate.missing == 1)', /^it cannot be evaluated/],
  ['predicate.name > 1', /^it cannot be evaluated/], ['predicate.reviewers[2].name == "x"', /^it cannot be evaluated/],
  ['predicate.constructor == predicate.constructor', /No such key: constructor/], ['predicate.toString != "x"', /No such key: toString/], ['has(predicate.__proto__)', /^it is false|reserved|cannot/],
  ['predicate.name.all(c, true)', /^it cannot be evaluated/], ['predicate.empty.exists(x, true)', /^it is false$/], ['predicate.name == 1', /^it is false$/],
])('%s does not hold', (expression, why) => {
  expect(evaluate(expression)).toMatch(why);
});

test.each<[Json]>([[null], [true], ['x'], [[]], [{}], [0]])('of the predicate %j nothing is true, and nothing throws', (predicate) => {
  expect(evaluate('predicate.approved == true', predicate)).toMatch(/^it cannot be evaluated/);
});

test('an object whose members have the names of a prototype is one like every other', () => {
  const hostile = JSON.parse('{"constructor":{"name":"Map"},"__proto__":{"approved":true},"toString":1,"size":9,"hasOwnProperty":true}') as Json;
  expect(evaluate('predicate.approved', hostile)).toMatch(/No such key: approved/);
  expect(evaluate('predicate.constructor.name == "Map" && predicate.size == 9 && predicate.hasOwnProperty', hostile)).toBe(true);
});

test.each<[string, RegExp]>([
  ['predicate.name.matches("^(a+)+$")', /at character 1: the function matches, whose patterns can take for ever: use startsWith/], ['predicate.a ==', /at character 15: Unexpected token: EOF/],
  ['foo == 1', /at character 1: the name foo, which is none; what there is to look at is predicate/], ['predicate.a == google', /at character 16: the name google/],
  ['1', /it is of type int; write a comparison/], ['"true"', /it is of type string/], ['[true]', /it is of type list/], ['1 == "x"', /at character 1: no such overload: int == string/],
  ['predicate.a && 1', /mistake at character 1: Logical operator requires bool operands/], ['timestamp("2020-01-01T00:00:00Z") < predicate.t', /the function timestamp/],
  ['{"a": true}.a', /a map, a message or an optional value/], ['predicate.x == b"a"', /a literal of bytes/], ['predicate.x == 1u', /a literal of bytes or of an unsigned number/],
  ['predicate.all(predicate, true)', /a second meaning of the name predicate/], ['cel.bind(x, predicate, x == 1)', /the function bind/], ['evaluator()', /the function evaluator/],
  ['predicate.l.all(x, y == 1)', /at character 20: the name y/], ['predicate.name.lowerAscii() == "a"', /the function lowerAscii/], ['int(predicate.x) == 1', /the function int/],
  [`${'('.repeat(40)}true${')'.repeat(40)}`, /Exceeded maxDepth/], [`true${' || true'.repeat(240)}`, /Exceeded maxAstNodes/], [`"${'x'.repeat(2_000)}" == predicate.x`, /longer than 2000 characters/],
  ['predicate.x == "open', /mistake at character/],
])('%s is refused', (expression, message) => {
  expect(() => parseCondition(expression)).toThrow(message);
});

describe('what it costs', () => {
  const list = Array.from({ length: 1_000 }, (_, index) => ({ id: `CVE-${index}`, severity: 'low' }));

  test('is bounded by the budget, and the reason says so', () => {
    for (const expression of ['predicate.all(x, predicate.all(y, y.id != "q"))', 'predicate.all(x, predicate == predicate)', 'predicate.all(x, !(x.id in predicate.map(y, y.id + "q")))',
      'predicate.all(x, predicate.nope.all(y, true)) || predicate.all(x, predicate.all(y, x.nope))']) {
      expect(evaluate(expression, list)).toBe('it takes more steps than an evaluation may');
    }
    expect(evaluate('predicate.all(x, x.severity == "low")', list)).toBe(true);
  });

  test('is not forgiven where logic passes errors over', () => {
    const condition = 'predicate.exists(x, predicate.all(y, predicate.all(z, z.id != y.id))) || true';
    expect(evaluate(condition, list)).toBe('it takes more steps than an evaluation may');
    expect(evaluate('predicate.exists(x, x.id == "q") || true', list)).toBe(true);
  });

  test('errors cost more than what asks first', () => {
    const many = Array.from({ length: 2_500 }, () => ({ id: 'x' }));
    expect(evaluate('predicate.exists(x, x.nope == 1)', many)).toBe('it takes more steps than an evaluation may');
    expect(evaluate('predicate.exists(x, has(x.nope) && x.nope == 1)', many)).toBe('it is false');
  });

  test('long texts cost by their length', () => {
    const texts = { text: 'x'.repeat(200_000), list: list.slice(0, 50) };
    expect(evaluate('predicate.list.all(x, !predicate.text.contains(x.id))', texts)).toBe('it takes more steps than an evaluation may');
    expect(evaluate('!predicate.text.contains("y")', texts)).toBe(true);
  });

  test('is shared by the conditions of one budget', () => {
    const budget = { left: CEL_BUDGET };
    const condition = parseCondition('predicate.all(x, x.severity == "low")');
    const outcomes = Array.from({ length: 40 }, () => condition.evaluate(list, budget));
    expect(outcomes[0]).toBe(true);
    expect(outcomes[39]).toBe('it takes more steps than an evaluation may');
  });

  test('a predicate that is too large or too deep is not evaluated', () => {
    expect(evaluate('predicate == predicate', Array.from({ length: 200_000 }, () => 1))).toBe('it takes more steps than an evaluation may');
    let deep: Json = true;
    for (let level = 0; level < 50_000; level += 1) {
      deep = [deep];
    }
    expect(evaluate('predicate == predicate', deep)).toBe('it cannot be evaluated: the predicate is nested too deeply');
  });
});
