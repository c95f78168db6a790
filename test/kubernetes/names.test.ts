import { isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue } from '../../lib/kubernetes/names';

test.each(['a', '0', 'a-b', 'a--b', 'kube-system', 'a'.repeat(63)])('%j is a DNS label', (text) => {
  expect(isDnsLabel(text)).toBe(true);
});

test.each(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a b', 'a\n', '\u00e4', 'a'.repeat(64)])('%j is no DNS label', (text) => {
  expect(isDnsLabel(text)).toBe(false);
});

test.each(['a', 'a.b', 'proofgate.dev', 'a'.repeat(253), '0.0'])('%j is a DNS subdomain', (text) => {
  expect(isDnsSubdomain(text)).toBe(true);
});

test.each(['', '.', 'a.', '.a', 'a..b', 'a.-b', 'A.b', 'a_b', 'a'.repeat(254)])('%j is no DNS subdomain', (text) => {
  expect(isDnsSubdomain(text)).toBe(false);
});

test.each(['app', 'App_1.x-y', 'kubernetes.io/metadata.name', 'a/b', `x/${'a'.repeat(63)}`])('%j can be the key of a label', (text) => {
  expect(isLabelKey(text)).toBe(true);
});

test.each(['', '/', 'a/', '/b', 'a/b/c', 'A/b', '-a', 'a-', 'a b', `x/${'a'.repeat(64)}`])('%j cannot be the key of a label', (text) => {
  expect(isLabelKey(text)).toBe(false);
});

test.each(['', 'a', 'A_b.c-d', '1', 'a'.repeat(63)])('%j can be the value of a label', (text) => {
  expect(isLabelValue(text)).toBe(true);
});

test.each(['-a', 'a-', '.a', 'a_', 'a/b', 'a b', ' ', 'a'.repeat(64)])('%j cannot be the value of a label', (text) => {
  expect(isLabelValue(text)).toBe(false);
});
