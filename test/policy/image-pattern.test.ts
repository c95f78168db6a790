import fc from 'fast-check';
import { coversPattern, matchesImage, parseImagePattern } from '../../lib/policy/image-pattern';
import { NameError, parseRepositoryName } from '../../lib/policy/repository-name';

/** A pattern, what it matches, and what it does not. */
const MATCHES: { readonly [claim: string]: [string, string, string][] } = {
  'R06: not a prefix of names, but whole segments': [
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'ghcr.io/acme-evil/app'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'ghcr.io/acme.evil/app'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'ghcr.io/acmex/app'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'ghcr.io/acme-evil'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'ghcr.io/evil/acme/app'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'ghcr.io.evil/acme/app'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'evil.ghcr.io/acme/app'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'ghcr.io:443/acme/app'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app', 'reg.test/ghcr.io/acme/app'],
    ['ghcr.io/**', 'ghcr.io/acme', 'ghcr.io.evil/acme'],
    ['ghcr.io/**', 'ghcr.io/acme', 'ghcr.io:443/acme'],
    ['acme/**', 'docker.io/acme/app', 'ghcr.io/acme/app'],
    ['docker.io/library/nginx', 'docker.io/library/nginx', 'registry-1.docker.io/library/nginx'],
  ],
  'R08: * stays within a segment, ** is never empty and never the host': [
    ['ghcr.io/acme/*', 'ghcr.io/acme/app', 'ghcr.io/acme/app/more'],
    ['ghcr.io/acme/*', 'ghcr.io/acme/app', 'ghcr.io/acme'],
    ['ghcr.io/acme/*', 'ghcr.io/acme/app', 'ghcr.io/acme/'],
    ['ghcr.io/acme/**', 'ghcr.io/acme/app/more', 'ghcr.io/acme'],
    ['ghcr.io/**', 'ghcr.io/a/b/c', 'ghcr.test/a/b/c'],
    ['ghcr.io/**/app', 'ghcr.io/a/b/app', 'ghcr.io/app'],
    ['ghcr.io/**/app', 'ghcr.io/a/app', 'ghcr.io/a/app/b'],
    ['ghcr.io/a/**/b/**/c', 'ghcr.io/a/x/b/y/c', 'ghcr.io/a/b/y/c'],
    ['ghcr.io/a/**/b/**/c', 'ghcr.io/a/b/b/c/c', 'ghcr.io/a/x/b/c'],
    ['ghcr.io/a/**/**/c', 'ghcr.io/a/x/y/c', 'ghcr.io/a/x/c'],
    ['ghcr.io/acme/app-*', 'ghcr.io/acme/app-x', 'ghcr.io/acme/app'],
    ['ghcr.io/acme/app*', 'ghcr.io/acme/app', 'ghcr.io/acme/ap'],
    ['ghcr.io/acme/*-app', 'ghcr.io/acme/x-app', 'ghcr.io/acme/app'],
    ['ghcr.io/acme/a*b*c', 'ghcr.io/acme/abbc', 'ghcr.io/acme/acb'],
    ['ghcr.io/acme/a*b*c*d', 'ghcr.io/acme/axbxcxd', 'ghcr.io/acme/axcxbxd'],
    ['ghcr.io/acme/a*a', 'ghcr.io/acme/aa', 'ghcr.io/acme/a'],
    ['ghcr.io/acme/a*bc*bc', 'ghcr.io/acme/abcbc', 'ghcr.io/acme/abc'],
    ['ghcr.io/*/app', 'ghcr.io/acme/app', 'ghcr.io/acme/x/app'],
    ['ghcr.io/acme/app', 'ghcr.io/acme/app', 'ghcr.io/acme/app2'],
    ['ghcr.io/acme/a.b', 'ghcr.io/acme/a.b', 'ghcr.io/acme/axb'],
    ['reg.test:5000/**', 'reg.test:5000/app', 'reg.test/app'],
  ],
};

describe('canonical text', () => {
  test.each([
    ['ghcr.io/acme/**', 'ghcr.io/acme/**'],
    ['GHCR.io/acme/**', 'ghcr.io/acme/**'],
    ['ghcr.io/**', 'ghcr.io/**'],
    ['reg.test/*', 'reg.test/*'],
    ['ghcr.io/*/app', 'ghcr.io/*/app'],
    ['reg.test:5000/acme/app-*/v*', 'reg.test:5000/acme/app-*/v*'],
    ['nginx', 'docker.io/library/nginx'],
    ['docker.io/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/nginx', 'docker.io/library/nginx'],
    ['docker.io/*', 'docker.io/library/*'],
    ['docker.io/**', 'docker.io/**'],
    ['index.docker.io/**', 'docker.io/**'],
    ['docker.io/library/**', 'docker.io/library/**'],
    ['acme/**', 'docker.io/acme/**'],
    ['localhost/**', 'localhost/**'],
    ['docker.io/nginx*', 'docker.io/library/nginx*'],
  ])('%s is %s', (text, canonical) => {
    expect(parseImagePattern(text).text).toBe(canonical);
    expect(parseImagePattern(canonical).text).toBe(canonical);
  });
});

describe('what a pattern matches, next to what it does not', () => {
  describe.each(Object.entries(MATCHES))('%s', (_claim, rows) => {
    test.each(rows)('%s matches %s and not %s', (pattern, match, other) => {
      expect(matchesImage(pattern, match)).toBe(true);
      expect(matchesImage(parseImagePattern(pattern), match)).toBe(true);
      expect(matchesImage(pattern, other)).toBe(false);
    });
  });

  test('a pattern and a reference in any spelling meet in canonical form', () => {
    for (const pattern of ['nginx', 'docker.io/nginx', 'index.docker.io/library/nginx', 'docker.io/library/*']) {
      for (const name of ['nginx', 'library/nginx', 'docker.io/nginx', 'index.docker.io/nginx']) {
        expect(matchesImage(pattern, parseRepositoryName(name).name)).toBe(true);
      }
    }
    expect(matchesImage('GHCR.IO/acme/**', parseRepositoryName('ghcr.Io/acme/app').name)).toBe(true);
  });
});

describe('what is no pattern, next to what is', () => {
  test.each([
    ['', 'a'],
    ['*', 'reg.test/*'],
    ['**', 'ghcr.io/**'],
    ['*/**', 'ghcr.io/**'],
    ['**/*', 'ghcr.io/**'],
    ['**/app', 'ghcr.io/**/app'],
    ['*.io/acme/app', 'ghcr.io/acme/app'],
    ['ghcr.*/acme/app', 'ghcr.io/acme/app'],
    ['reg.test:*/acme/app', 'reg.test:1/acme/app'],
    ['acme*/app', 'acme/app'],
    ['nginx*', 'docker.io/nginx*'],
    ['ghcr.io/acme*', 'ghcr.io/acme/**'],
    ['ghcr.io/acme*/app', 'ghcr.io/acme/app*'],
    ['ghcr.io/*acme/app', 'ghcr.io/acme/*app'],
    ['ghcr.io/ac*me/**', 'ghcr.io/acme/**'],
    ['ghcr.io/acme**', 'ghcr.io/acme/**'],
    ['ghcr.io/acme/app**', 'ghcr.io/acme/app*'],
    ['ghcr.io/acme/***', 'ghcr.io/acme/**'],
    ['ghcr.io/acme/**x', 'ghcr.io/acme/*x'],
    ['ghcr.io/acme/app:v1', 'ghcr.io/acme/app'],
    ['ghcr.io/acme/app:*', 'ghcr.io/acme/app*'],
    ['ghcr.io/acme/**:latest', 'ghcr.io/acme/**'],
    ['ghcr.io/acme/app@*', 'ghcr.io/acme/app'],
    [`ghcr.io/acme/app@sha256:${'a'.repeat(64)}`, 'ghcr.io/acme/app'],
    ['ghcr.io', 'ghcr.io/**'],
    ['localhost', 'localhost/**'],
    ['reg.test/', 'reg.test/a'],
    ['ghcr.io//app', 'ghcr.io/a/app'],
    ['reg.test/acme/', 'reg.test/acme'],
    ['ghcr.io/acme', 'ghcr.io/acme/**'],
    ['ghcr.io/*', 'ghcr.io/**'],
    ['gcr.io/acme', 'gcr.io/acme/app'],
    ['registry.gitlab.com/acme', 'registry.gitlab.com/*/app'],
    ['GHCR.io/acme', 'ghcr.io:444/acme'],
    ['/acme/app', 'acme/app'],
    ['ghcr.io/Acme/app', 'ghcr.io/acme/app'],
    ['ghcr.io/acme/-*', 'ghcr.io/acme/a-*'],
    ['ghcr.io/acme/*-', 'ghcr.io/acme/*-a'],
    ['ghcr.io/acme/a.-*', 'ghcr.io/acme/a.*'],
    ['ghcr.io/acme/a?', 'ghcr.io/acme/a*'],
    ['ghcr.io/acme/[ab]', 'ghcr.io/acme/a*'],
    ['ghcr.io/acme/{a,b}', 'ghcr.io/acme/a*'],
    ['ghcr.io/acme/.*', 'ghcr.io/acme/*'],
    ['^ghcr.io/acme/app$', 'ghcr.io/acme/app'],
    ['ghcr.io/acme/app ', 'ghcr.io/acme/app'],
    ['https://ghcr.io/acme/**', 'ghcr.io/acme/**'],
    ['ghcr.io:0/acme/**', 'ghcr.io:1/acme/**'],
    ['Docker.io/acme/**', 'docker.io/acme/**'],
    ['g\u212acr.io/acme/**', 'gkcr.io/acme/**'],
    ['ghcr.io/\u0430cme/**', 'ghcr.io/acme/**'],
    [`ghcr.io/${'a/'.repeat(500)}a`, 'ghcr.io/a/a'],
  ])('%j is refused, %j is not', (bad, good) => {
    expect(() => parseImagePattern(bad)).toThrow(NameError);
    expect(() => parseImagePattern(good)).not.toThrow();
  });
});

/** A second reading of the same rules, by way of regular expressions. */
function matchesByRegExp(pattern: string, name: string): boolean {
  const source = pattern.split('/').map((segment) => {
    if (segment === '**') {
      return '[^/]+(?:/[^/]+)*';
    }
    return segment === '*' ? '[^/]+' : segment.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  });
  return new RegExp(`^${source.join('/')}$`).test(name);
}

test.each([
  ['ghcr.io/acme/app:v1', 'names a tag'],
  [`ghcr.io/acme/app@sha256:${'a'.repeat(64)}`, 'names a digest'],
  ['*/acme/app', 'has a wildcard where the host belongs'],
  ['ghcr.io/acme*/app', 'also matches look-alikes'],
  ['ghcr.io/acme/-*', 'matches nothing'],
])('of %s it is said that it %s', (pattern, said) => {
  expect(() => parseImagePattern(pattern)).toThrow(said);
});

test('matching is what regular expressions say', () => {
  const segment = fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 4 }).map((letters) => letters.join('').replaceAll(/\*+/g, '*'));
  const pattern = fc.array(fc.oneof(fc.constant('**'), segment), { maxLength: 5 }).map((rest) => ['reg.test/o', ...rest].join('/'));
  const name = fc.array(fc.stringMatching(/^[ab]{1,4}$/), { maxLength: 6 }).map((rest) => ['reg.test/o', ...rest].join('/'));
  let matched = 0;
  fc.assert(fc.property(pattern, name, (text, candidate) => {
    const expected = matchesByRegExp(text, candidate);
    matched += expected ? 1 : 0;
    expect(matchesImage(text, candidate)).toBe(expected);
  }), { numRuns: 20_000 });
  expect(matched).toBeGreaterThan(1000);
});

test.each<[outer: string, inner: string, apart: string]>([
  ['ghcr.io/acme/**', 'ghcr.io/acme/payments/**', 'ghcr.io/acme-evil/**'],
  ['ghcr.io/acme/**', 'ghcr.io/acme/*', 'ghcr.io/*/app'],
  ['ghcr.io/acme/*', 'ghcr.io/acme/*', 'ghcr.io/acme/**'],
  ['ghcr.io/acme/a*', 'ghcr.io/acme/ab*', 'ghcr.io/acme/*b'],
  ['ghcr.io/acme/app', 'ghcr.io/acme/app', 'ghcr.io/acme/*'],
  ['ghcr.io/**/app', 'ghcr.io/**/b/app', 'ghcr.io/**/b'],
  ['ghcr.io/acme/**/**', 'ghcr.io/acme/*/**', 'ghcr.io/acme/**'],
  ['nginx', 'docker.io/library/nginx', 'ghcr.io/library/nginx'],
])('%s matches all of %s, and not of %s', (outer, inner, apart) => {
  const covers = (other: string): boolean => coversPattern(parseImagePattern(outer), parseImagePattern(other));
  expect([covers(inner), covers(apart)]).toEqual([true, false]);
});

test('what covers a pattern matches every name that the pattern matches', () => {
  const segment = fc.constantFrom('**', '*', 'a', 'b', 'a*', '*b');
  const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((rest) => ['reg.test/o', ...rest].join('/'));
  const name = fc.array(fc.stringMatching(/^[ab]{1,2}$/), { minLength: 1, maxLength: 5 }).map((rest) => ['reg.test/o', ...rest].join('/'));
  let covered = 0;
  fc.assert(fc.property(pattern, pattern, name, (outer, inner, candidate) => {
    if (coversPattern(parseImagePattern(outer), parseImagePattern(inner)) && matchesImage(inner, candidate)) {
      covered += 1;
      expect(matchesImage(outer, candidate)).toBe(true);
    }
  }), { numRuns: 20_000 });
  expect(covered).toBeGreaterThan(50);
});

test('the costliest pattern and name of the allowed length are soon compared, and longer ones are not looked at', () => {
  const stars = `reg.test/o/${'*a'.repeat(100)}b`;
  expect(matchesImage(stars, `reg.test/o/${'a'.repeat(240)}`)).toBe(false);
  expect(matchesImage(`reg.test/${'**/a/'.repeat(48)}b`, `reg.test/${'a/'.repeat(120)}a`)).toBe(false);
  expect(matchesImage('reg.test/**', `reg.test/${'a/'.repeat(512 * 1024)}a`)).toBe(false);
  expect(() => parseImagePattern('*a'.repeat(512 * 1024))).toThrow(/characters matches nothing/);
});
