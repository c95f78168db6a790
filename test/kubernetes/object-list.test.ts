import { objectsOf } from '../../lib/kubernetes/object-list';

const item = { metadata: { name: 'a' } };

/** As the unstructured decoder of k8s.io/apimachinery, which kubectl reads with. */
test.each<[string, object, object]>([
  ['a list of a kind', { apiVersion: 'x/v1', kind: 'FooList', items: [item] }, { ...item, apiVersion: 'x/v1', kind: 'Foo' }],
  ['a list whose kind does not end as one', { apiVersion: 'x/v1', kind: 'Foo', items: [item] }, { ...item, apiVersion: 'x/v1', kind: 'Foo' }],
  ['a list of lists by its name', { apiVersion: 'x/v1', kind: 'FooListList', items: [item] }, { ...item, apiVersion: 'x/v1', kind: 'FooList' }],
  ['an item that says nothing of use', { apiVersion: 'x/v1', kind: 'FooList', items: [{ ...item, apiVersion: '', kind: 5 }] }, { ...item, apiVersion: 'x/v1', kind: 'Foo' }],
  ['an item that says its version only', { apiVersion: 'x/v1', kind: 'FooList', items: [{ ...item, apiVersion: 'y/v2' }] }, { ...item, apiVersion: 'y/v2', kind: 'Foo' }],
  ['an item that says its kind', { apiVersion: 'x/v1', kind: 'FooList', items: [{ ...item, kind: 'Bar' }] }, { ...item, kind: 'Bar' }],
  ['a list of anything', { apiVersion: 'v1', kind: 'List', items: [item] }, item],
])('%s', (_, list, read) => {
  expect(objectsOf(list)).toEqual([read]);
});
