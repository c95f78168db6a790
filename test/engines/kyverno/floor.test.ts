import { kyvernoFloor } from '../../../lib/kubernetes/kyverno/floor';
import { AdmissionPolicySpec } from '../../../lib/kubernetes/guard';
import { NamespaceSelection } from '../../../lib/policy/document';
import { denials } from '../../kubernetes/admission-policy';
import { smallPolicy } from '../../policy/documents';

const NAMED = `ghcr.io/acme/payments/api@sha256:${'a1'.repeat(32)}`;
const OTHER = `ghcr.io/other/api@sha256:${'a1'.repeat(32)}`;

const pod = (image: string): object => ({ kind: 'Pod', spec: { containers: [{ name: 'main', image }] } });
const floor = (namespaces: NamespaceSelection): ReturnType<typeof kyvernoFloor> => kyvernoFloor([{ ...smallPolicy, spec: { ...smallPolicy.spec, namespaces } }], { name: 'proofgate', namespace: 'kyverno' });

/** The codes by which it refuses. */
function codes(image: string, namespace: string, namespaces: NamespaceSelection = { except: ['kube-system'] }, oldObject?: object): string[] {
  const namespaceLabels = 'labels' in namespaces ? namespaces.labels : {};
  const spec = floor(namespaces)[0]?.content['spec'] as AdmissionPolicySpec;
  const asked = oldObject === undefined ? { operation: 'CREATE' as const } : { operation: 'UPDATE' as const, oldObject };
  const said = denials(spec, { ...asked, object: pod(image), namespace, namespaceLabels, userInfo: { username: 'system:node:a', groups: ['system:nodes'] }, rights: [] });
  return said.map((message) => /^\[(\w+)\]/.exec(message)?.[1] ?? message);
}

test('what no policy names is refused whoever asks, and what one names is left to Kyverno', () => {
  expect([codes(OTHER, 'shop'), codes('ghcr.io/acme/payments/api:v1', 'shop'), codes(NAMED, 'shop')]).toEqual([['UNMATCHED_IMAGE'], ['TAG_NOT_PINNED'], []]);
});

test.each(['kube-public', 'kube-node-lease'])('%s: nothing runs where Kyverno does not look, also what a policy names', (namespace) => {
  expect([codes(NAMED, namespace), codes(NAMED, `${namespace}-x`)]).toEqual([['UNSUPPORTED'], []]);
});

test.each(['kube-system', 'kube-public', 'kube-node-lease'])('%s: nothing runs where Kyverno does not look, also where a policy holds by labels', (namespace) => {
  const labels = { team: 'a' };
  expect([codes(NAMED, namespace, { labels }), codes(NAMED, `${namespace}-x`, { labels })]).toEqual([['UNSUPPORTED'], []]);
});

test('an update that brings no image passes there', () => {
  expect([codes(NAMED, 'kube-public', undefined, pod(NAMED)), codes(NAMED, 'kube-public', undefined, pod(OTHER))]).toEqual([[], ['UNSUPPORTED']]);
});

test('it is bound to the namespaces of the documents, less that of Kyverno', () => {
  const selectorOf = (spec: unknown): unknown => (spec as { matchResources: { namespaceSelector: unknown } }).matchResources.namespaceSelector;
  const bound = (namespaces: NamespaceSelection): unknown[] => floor(namespaces).slice(1).map(({ name, content: { spec } }) => [name, selectorOf(spec)]);
  const byName = (operator: string, values: string[]): object => ({ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values }] });
  expect([bound({ except: ['kube-system', 'kube-public'] }), bound({ names: ['shop'] })]).toEqual([
    [['proofgate-kyverno-floor-all', byName('NotIn', ['kube-public', 'kube-system', 'kyverno'])]],
    [['proofgate-kyverno-floor-named', byName('In', ['shop'])]],
  ]);
});
