import { nearestName } from '../../lib/policy/nearest';

const NAMES = ['images', 'attestors', 'threshold', 'requirements', 'namespaces', 'name'];

test.each([
  ['requirement', 'requirements'], ['threshhold', 'threshold'], ['namespace', 'namespaces'], ['Images', 'images'], ['attestosr', 'attestors'], ['nane', 'name'], ['thres', 'threshold'], ['Req', 'requirements'], ['nam', 'name'],
])('%s stands for %s', (text, name) => {
  expect(nearestName(text, NAMES)).toBe(name);
});

test.each(['image-patterns', 'verifier', 'x', 'im', ''])('"%s" stands for none', (text) => {
  expect(nearestName(text, NAMES)).toBeUndefined();
});
