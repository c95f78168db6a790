import { isClusterScoped } from '../../lib/kubernetes/api-versions';

test.each([
  ['v1', 'Namespace'], ['policies.kyverno.io/v1beta1', 'ImageValidatingPolicy'], ['kyverno.io/v1', 'ClusterPolicy'], ['policy.sigstore.dev/v1alpha1', 'TrustRoot'],
  ['policy.sigstore.dev/v1beta1', 'ClusterImagePolicy'],
])('%s %s is in no namespace', (apiVersion, kind) => {
  expect(isClusterScoped({ apiVersion, kind })).toBe(true);
});

test.each([
  ['v1', 'ConfigMap'], ['policies.kyverno.io/v1beta1', 'NamespacedImageValidatingPolicy'], ['kyverno.io/v1', 'Policy'], ['acme.example/v1alpha1', 'TrustRoot'],
  ['acme.example/v1', 'Namespace'], ['kyverno.io/v1', 'ClusterImagePolicy'],
])('of %s %s that is not known', (apiVersion, kind) => {
  expect(isClusterScoped({ apiVersion, kind })).toBe(false);
});
