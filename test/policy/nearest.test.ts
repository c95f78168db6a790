import { nearestName } from '../../lib/policy/nearest';

const NAMES = ['images', 'attestors', 'threshold', 'requirements', 'namespaces', 'name'];

test.each([
  ['requirement', 'requirements'], ['threshhold', 'threshold'], ['namespace', 'namespaces'], ['Images', 'images'], ['attestosr', 'attestors'], ['nane', 'name'], ['thres', 'threshold'], ['Req', 'requirements'], ['nam', 'name'],
])('%s stands for %s', (text, name) => {
  expect(nearestName(text, NAMES)).toBe(name);
});

test('what an earlier version called it stands for its new name, where there is one', () => {
  expect(nearestName('verifier', ['images', 'engine'])).toBe('engine');
  expect(nearestName('Verifier', ['images', 'engine'])).toBeUndefined();
});

test.each(['image-patterns', 'verifier', 'x', 'im', ''])('"%s" stands for none', (text) => {
  expect(nearestName(text, NAMES)).toBeUndefined();
});
