import { coversNamespace, DEFAULT_NAMESPACES } from '../../lib/policy/namespaces';

const labels = { 'team': 'payments', 'tier': 'prod', 'kubernetes.io/metadata.name': 'app' };

test.each([
  ['by default everything', DEFAULT_NAMESPACES, 'default', true],
  ['by default not kube-system', DEFAULT_NAMESPACES, 'kube-system', false],
  // A38
  ['by default names like kube-system', DEFAULT_NAMESPACES, 'kube-system-x', true],
  ['by default Kube-System', DEFAULT_NAMESPACES, 'Kube-System', true],
  ['by default a missing name', DEFAULT_NAMESPACES, '', true],
  ['with nothing excepted also kube-system', { except: [] }, 'kube-system', true],
  ['an exception replaces the default', { except: ['monitoring'] }, 'kube-system', true],
  ['an excepted name', { except: ['monitoring'] }, 'monitoring', false],
  ['a listed name', { names: ['app', 'web'] }, 'web', true],
  ['a name that is not listed', { names: ['app', 'web'] }, 'webs', false],
] as const)('%s', (_, selection, name, covered) => {
  expect(coversNamespace(selection as never, { name })).toBe(covered);
  expect(coversNamespace(selection as never, { name, labels: { [name]: 'x', 'kube-system': '' } })).toBe(covered);
});

test.each([
  ['all labels', { team: 'payments', tier: 'prod' }, true],
  ['one label', { team: 'payments' }, true],
  ['another value', { team: 'payment' }, false],
  ['a label that is not there', { team: 'payments', zone: 'eu' }, false],
  ['an empty value that is not there', { zone: '' }, false],
  ['a name that objects have themselves', { constructor: 'x' }, false],
  ['a value that objects have themselves', { toString: '[object Object]' }, false],
])('labels: %s', (_, wanted, covered) => {
  expect(coversNamespace({ labels: wanted as unknown as { [key: string]: string } }, { name: 'app', labels })).toBe(covered);
});

test('labels that are not known are unknown, and never "not covered"; labels that are known to be none are known', () => {
  expect(coversNamespace({ labels: { team: 'payments' } }, { name: 'app' })).toBe('unknown');
  expect(coversNamespace({ labels: { team: 'payments' } }, { name: 'app', labels: {} })).toBe(false);
});
