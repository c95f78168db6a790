import { createHash } from 'node:crypto';
import { policySet } from '../../lib/policy/policy-set';
import { PolicyDocument } from '../../lib/policy/document';
import { DocumentError } from '../../lib/policy/validate';
import { exemption, fullPolicy, put, smallPolicy } from './documents';

const named = (document: object, name: string) => put(document, 'metadata.name', name) as PolicyDocument;

test('a set holds its documents by kind, sorted by name', () => {
  const set = policySet([named(smallPolicy, 'b'), exemption, named(smallPolicy, 'a')]);
  expect(set.policies.map((policy) => policy.name)).toEqual(['a', 'b']);
  expect(set.exemptions.map((item) => item.name)).toEqual(['broker']);
});

test('the digest does not depend on the order of documents, and on nothing but them', () => {
  const digest = policySet([smallPolicy, fullPolicy, exemption]).digest;
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(policySet([exemption, fullPolicy, smallPolicy]).digest).toBe(digest);
  expect(policySet([exemption, fullPolicy]).digest).not.toBe(digest);
  expect(policySet([smallPolicy, fullPolicy]).digest).not.toBe(digest);
  expect(policySet([smallPolicy, fullPolicy, put(exemption, 'spec.until', '2099-01-01') as PolicyDocument]).digest).not.toBe(digest);
  expect(policySet([smallPolicy, fullPolicy, exemption, named(smallPolicy, 'c')]).digest).not.toBe(digest);
});

test('the digest is one that any program can compute from the normal forms', () => {
  const normal = policySet([smallPolicy]).policies[0];
  const text = JSON.stringify([sorted(normal)]);
  expect(policySet([smallPolicy]).digest).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
});

test('the digest of a document stays what it was: verdicts and ConfigMap names of users depend on it', () => {
  expect(policySet([smallPolicy]).digest).toBe('sha256:08f3973047743b3d8dc52a78a9dd9075c2f9e54b0327f58c272e077753a3f76a');
});

test('two documents of one kind and name are refused, two of different kinds are not', () => {
  const repeated = () => policySet([smallPolicy, fullPolicy, named(fullPolicy, 'payments')]);
  expect(repeated).toThrow(DocumentError);
  expect(repeated).toThrow('documents[2].metadata.name: ImagePolicy "payments" is already defined by documents[0]');
  expect(() => policySet([smallPolicy, named(exemption, 'payments')])).not.toThrow();
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, item]) => [field, sorted(item)]))
    : value;
}
