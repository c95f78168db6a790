import { labelGuardSpec } from '../../lib/kubernetes/guard-labels';
import { denials } from './admission-policy';

const guard = labelGuardSpec(['team', 'example.com/guarded'], ['admins']);

const OPERATOR = { username: 'ada', groups: ['admins'] };
const STRANGER = { username: 'eve', groups: ['system:authenticated'] };

function relabel(before: object | undefined, after: object | undefined, userInfo: { readonly username: string; readonly groups: readonly string[] } = STRANGER): string[] {
  const namespace = (labels: object | undefined): object => ({ kind: 'Namespace', metadata: { name: 'shop', ...(labels === undefined ? {} : { labels }) } });
  return denials(guard, { operation: 'UPDATE', object: namespace(after), oldObject: namespace(before), userInfo, rights: [] });
}

test.each<[string, object | undefined, object | undefined, object | undefined]>([
  ['changes', { team: 'payments', other: 'a' }, { team: 'lab', other: 'a' }, { team: 'payments', other: 'b' }],
  ['takes away', { team: 'payments' }, {}, { team: 'payments', other: 'a' }],
  ['takes away with all others', { team: 'payments' }, undefined, { team: 'payments' }],
  ['adds', undefined, { team: 'lab' }, { other: 'a' }],
  ['adds a second one of', { team: 'payments' }, { 'team': 'payments', 'example.com/guarded': '' }, { 'team': 'payments', 'example.com/other': '' }],
])('P12: whoever is no operator and %s a label that selects namespaces is refused, not for another label', (_, before, after, twin) => {
  expect([relabel(before, after).length, relabel(before, after, OPERATOR).length, relabel(before, twin).length]).toEqual([1, 0, 0]);
});

test('the refusal names the label', () => {
  expect(relabel({ team: 'payments' }, { team: 'lab' })[0]).toMatch(/^Policies for images select namespaces by team: only operators may add, change or remove it/);
});

test('it is asked about every namespace, and fails closed', () => {
  const { failurePolicy, matchConstraints: { namespaceSelector, resourceRules } } = guard;
  expect({ failurePolicy, namespaceSelector, resources: resourceRules.map(({ resources, operations }) => [...resources, ...operations]) })
    .toEqual({ failurePolicy: 'Fail', namespaceSelector: undefined, resources: [['namespaces', 'namespaces/finalize', 'namespaces/status', 'UPDATE']] });
});
