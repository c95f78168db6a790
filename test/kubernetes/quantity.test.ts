import { parseQuantity } from '../../lib/kubernetes/quantity';

test.each([
  ['1', 1], ['500m', 0.5], ['0.5', 0.5], ['.5', 0.5], ['1.', 1], ['2k', 2000], ['1Ki', 1024], ['512Mi', 536870912], ['1Gi', 1073741824], ['1G', 1e9], ['1e3', 1000], ['1E3', 1000],
  ['12e-1', 1.2], ['1E', 1e18], ['0', 0],
])('%s is %d', (text, amount) => {
  expect(parseQuantity(text)).toBeCloseTo(amount, 9);
});

test.each(['', 'lots', '512 MB', '512MB', '1K', '1ki', '-1', '1,5', '1.2.3', 'Mi', '1e', '0x10', '1Mi ', '∞', 'constructor'])('"%s" is no quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});
