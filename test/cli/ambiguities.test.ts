import { parseDocument } from 'yaml';
import { ambiguitiesIn } from '../../lib/cli/manifests/ambiguities';

const places = (text: string): string[] => ambiguitiesIn(parseDocument(text).contents, 'Pod a').map(({ path }) => path);

test.each([
  ['an octal number', 'a: {b: [010]}', 'a: {b: [10]}', 'a.b[0]'],
  ['a number with a leading zero and a sign', 'a: -08', 'a: -8', 'a'],
  ['an octal number of YAML 1.2', 'a: 0o10', 'a: 0x10', 'a'],
  ['a binary number', 'a: 0b11', 'a: 11', 'a'],
  ['a number with underscores', 'a: 1_000', 'a: 1000', 'a'],
  ['a fraction with underscores', 'a: 1_0.5', 'a: 10.5', 'a'],
  ['a hexadecimal number with underscores', 'a: 0xf_f', 'a: a_b', 'a'],
  ['a number to the base of 60', 'a: 1:30', 'a: "1:30"', 'a'],
  ['yes', 'a: yes', 'a: true', 'a'],
  ['no', 'a: [NO]', 'a: [nobody]', 'a[0]'],
  ['on', 'a: on', 'a: \'on\'', 'a'],
  ['off', 'a: Off', 'a: offset', 'a'],
  ['y', 'a: y', 'a: yy', 'a'],
  ['a key that is one', 'on: {a: 1}', '"on": {a: 1}', 'on'],
  ['a merge key', 'x: &x {b: 1}\na:\n  <<: *x\n  c: 2', 'x: &x {b: 1}\na: *x', 'a.<<'],
  ['a tag', 'a: !!binary RmFpbA==', 'a: RmFpbA==', 'a'],
  ['a tag on a mapping', 'a: !!set {b: null}', 'a: {b: null}', 'a'],
])('%s is found, and its twin is not', (_name, ambiguous, plain, place) => {
  expect(places(ambiguous)).toEqual([place]);
  expect(places(plain)).toEqual([]);
});

test.each(['2026-01-01', '2026-01-01T00:00:00Z', '~', 'null', '0', '-1', '1.5', '1e3', '.inf', '100m', '10.0.0.1', 'a: b_c', 'ghcr.io/acme/app@sha256:00', '>-\n  yes', '_'])('%s is read in one way', (text) => {
  expect(places(text)).toEqual([]);
});
