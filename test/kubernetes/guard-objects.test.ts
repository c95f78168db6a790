import { objectGuardSpec } from '../../lib/kubernetes/guard-objects';
import { Asked, denials } from './admission-policy';

const GROUPS = ['admins'];
const selfManaged = objectGuardSpec({ namespace: 'gate', name: 'door', operatorGroups: GROUPS, certManager: undefined });
const certManager = objectGuardSpec({ namespace: 'gate', name: 'door', operatorGroups: GROUPS, certManager: 'certs' });

const OPERATOR = { username: 'ada', groups: ['system:authenticated', 'admins'] };
const STRANGER = { username: 'eve', groups: ['system:authenticated'] };
const VERIFIER = { username: 'system:serviceaccount:gate:door', groups: ['system:serviceaccounts', 'system:serviceaccounts:gate'] };
const CERT_MANAGER = { username: 'system:serviceaccount:certs:cert-manager', groups: ['system:serviceaccounts:certs'] };
const KUBELET = { username: 'system:node:one', groups: ['system:nodes'] };
const NAMESPACE_CONTROLLER = { username: 'system:serviceaccount:kube-system:namespace-controller', groups: ['system:serviceaccounts'] };

type Change = Pick<Asked, 'operation' | 'object' | 'oldObject' | 'request'>;

function isRefused(change: Change, userInfo: Asked['userInfo'] = STRANGER, spec = selfManaged, rights: readonly string[] = []): boolean {
  return denials(spec, { ...change, namespace: 'gate', userInfo, rights }).length > 0;
}

function create(resource: string, name: string, content: object = {}): Change {
  return { operation: 'CREATE', object: { metadata: { name }, ...content }, request: { name, resource: { group: '', resource } } };
}

function update(resource: string, name: string, [before, after]: readonly [object, object]): Change {
  return { operation: 'UPDATE', object: { metadata: { name }, ...after }, oldObject: { metadata: { name }, ...before }, request: { name, resource: { group: '', resource } } };
}

function remove(resource: string, name: string, content: object = {}): Change {
  return { operation: 'DELETE', object: {}, oldObject: { metadata: { name }, ...content }, request: { name, resource: { group: '', resource } } };
}

const subject = (namespace: string, name = 'door'): object => ({ subjects: [{ kind: 'User', name: 'ada' }, { kind: 'ServiceAccount', name, namespace }] });
const tokenOf = (account: string): object => ({ metadata: { name: 'any', annotations: { 'kubernetes.io/service-account.name': account } } });
const labelled = (labels: object): object => ({ metadata: { name: 'gate', labels } });

/** What a stranger does, and what differs in one thing and is nobody's business. */
const ATTEMPTS: ReadonlyArray<readonly [what: string, attempt: Change, twin: Change]> = [
  ['takes a policy away', remove('configmaps', 'door-policy-shop-1'), remove('configmaps', 'doors')],
  ['changes a policy', update('configmaps', 'door-policy-shop-1', [{}, { data: {} }]), update('configmaps', 'registry-ca', [{}, { data: {} }])],
  ['brings a policy', create('configmaps', 'door-policy-shop-2'), create('configmaps', 'registry-ca')],
  ['says who the API server is', update('configmaps', 'kube-root-ca.crt', [{}, { data: {} }]), update('configmaps', 'root-ca.crt', [{}, { data: {} }])],
  ['takes away who the API server is', remove('configmaps', 'kube-root-ca.crt'), remove('secrets', 'kube-root-ca.crt')],
  ['changes the certificate', update('secrets', 'door-tls', [{}, { data: {} }]), update('secrets', 'other-tls', [{}, { data: {} }])],
  ['takes the certificate away', remove('secrets', 'door-tls'), remove('secrets', 'other-tls')],
  ['has a Secret filled with the account\'s token', create('secrets', 'any', tokenOf('door')), create('secrets', 'any', tokenOf('default'))],
  ['makes a Secret one that is filled with the account\'s token', update('secrets', 'any', [{}, tokenOf('door')]), update('secrets', 'any', [{}, tokenOf('default')])],
  ['changes the account', update('serviceaccounts', 'door', [{}, {}]), update('serviceaccounts', 'default', [{}, {}])],
  ['takes the account away', remove('serviceaccounts', 'door'), remove('serviceaccounts', 'default')],
  ['asks for a token of the account', { ...create('serviceaccounts', 'door'), object: { spec: {} }, request: { name: 'door', resource: { group: '', resource: 'serviceaccounts' }, subResource: 'token' } },
    { ...create('serviceaccounts', 'default'), object: { spec: {} }, request: { name: 'default', resource: { group: '', resource: 'serviceaccounts' }, subResource: 'token' } }],
  ['changes the Role', update('roles', 'door', [{}, { rules: [] }]), update('roles', 'other', [{}, { rules: [] }])],
  ['takes the RoleBinding away', remove('rolebindings', 'door'), remove('rolebindings', 'other')],
  ['changes the ClusterRole', update('clusterroles', 'door', [{}, { rules: [] }]), update('clusterroles', 'door-two', [{}, { rules: [] }])],
  ['takes the ClusterRoleBinding away', remove('clusterrolebindings', 'door'), remove('clusterrolebindings', 'door-two')],
  ['gives the account rights', create('rolebindings', 'any', subject('gate')), create('rolebindings', 'any', subject('gate', 'default'))],
  ['gives the account rights without a namespace', create('rolebindings', 'any', { subjects: [{ kind: 'ServiceAccount', name: 'door' }] }), create('rolebindings', 'any', { subjects: [{ kind: 'Group', name: 'door' }] })],
  ['gives the account rights in the cluster', create('clusterrolebindings', 'any', subject('gate')), create('clusterrolebindings', 'any', subject('other'))],
  ['gives the account rights by its user name', create('clusterrolebindings', 'any', { subjects: [{ kind: 'User', name: VERIFIER.username }] }),
    create('clusterrolebindings', 'any', { subjects: [{ kind: 'User', name: `${VERIFIER.username}s` }] })],
  ['takes the account out of a binding', update('clusterrolebindings', 'any', [subject('gate'), {}]), update('clusterrolebindings', 'any', [subject('other'), {}])],
  ['changes labels of the namespace', update('namespaces', 'gate', [labelled({ a: '1' }), labelled({ a: '2' })]), update('namespaces', 'gate', [labelled({ a: '1' }), { metadata: { name: 'gate', labels: { a: '1' }, annotations: { b: '2' } } }])],
  ['takes the first label away', update('namespaces', 'gate', [labelled({ a: '1' }), {}]), update('namespaces', 'gate', [{}, {}])],
  ['opens a shell', { operation: 'CONNECT', object: { command: ['node'] }, request: { name: 'door-1', resource: { group: '', resource: 'pods' }, subResource: 'exec' } },
    { operation: 'CONNECT', object: { ports: [8443] }, request: { name: 'door-1', resource: { group: '', resource: 'pods' }, subResource: 'portforward' } }],
  ['attaches to a container', { operation: 'CONNECT', object: {}, request: { name: 'door-1', resource: { group: '', resource: 'pods' }, subResource: 'attach' } },
    { operation: 'CONNECT', object: {}, request: { name: 'door-1', resource: { group: '', resource: 'pods' }, subResource: 'proxy' } }],
];

test.each(ATTEMPTS)('P12: whoever is no operator and %s is refused, an operator is not, nor what is not the verifier\'s', (_, attempt, twin) => {
  expect([isRefused(attempt), isRefused(attempt, OPERATOR), isRefused(twin)]).toEqual([true, false, false]);
  expect(isRefused(attempt, STRANGER, selfManaged, ['update admissionregistration.k8s.io/validatingwebhookconfigurations'])).toBe(false);
  expect([isRefused(attempt, STRANGER, certManager), isRefused(attempt, OPERATOR, certManager), isRefused(twin, STRANGER, certManager)]).toEqual([true, false, false]);
});

test('the namespace goes only by an operator\'s hand', () => {
  expect([isRefused(remove('namespaces', 'gate')), isRefused(remove('namespaces', 'gate'), OPERATOR)]).toEqual([true, false]);
});

test('what is created without a name of the request is known by its own', () => {
  const unnamed = (name: string): Change => ({ ...create('configmaps', name), request: { resource: { group: '', resource: 'configmaps' } } });
  expect([isRefused(unnamed('door-policy')), isRefused(unnamed('other'))]).toEqual([true, false]);
});

test('the verifier writes its own certificate, and nothing else of its own; cert-manager does where it was asked to', () => {
  const certificate = update('secrets', 'door-tls', [{}, { data: {} }]);
  expect([isRefused(certificate, VERIFIER), isRefused(certificate, { ...VERIFIER, username: 'system:serviceaccount:gate:other' })]).toEqual([false, true]);
  expect([update('secrets', 'door-key', [{}, {}]), remove('secrets', 'door-tls'), create('secrets', 'door-tls'), update('configmaps', 'door-tls', [{}, {}])].map((change) => isRefused(change, VERIFIER)))
    .toEqual([true, true, true, true]);
  expect([isRefused(certificate, CERT_MANAGER, certManager), isRefused(create('secrets', 'door-x7', {}), CERT_MANAGER, certManager), isRefused(certificate, CERT_MANAGER)]).toEqual([false, false, true]);
  expect([isRefused(certificate, VERIFIER, certManager), isRefused(create('secrets', 'any', tokenOf('door')), CERT_MANAGER, certManager)]).toEqual([true, true]);
  expect(isRefused(update('configmaps', 'door-policy-shop-1', [{}, {}]), CERT_MANAGER, certManager)).toBe(true);
});

test.each(['certificaterequests', 'certificates', 'issuers'])('with cert-manager only operators, and cert-manager for what it was asked, write %s of the namespace', (resource) => {
  const ofGroup = (change: Change, group: string, subResource?: string): Change => (
    { ...change, request: { ...change.request, resource: { group, resource }, ...subResource === undefined ? {} : { subResource } } }
  );
  const changes = [create(resource, 'mine', { spec: { secretName: 'door-tls' } }), update(resource, 'door', [{}, {}]), remove(resource, 'door-1')];
  const status = update(resource, 'mine', [{}, { status: {} }]);
  const all = [...changes.map((change) => ofGroup(change, 'cert-manager.io')), ofGroup(status, 'cert-manager.io', 'status')];
  expect(all.map((change) => isRefused(change, STRANGER, certManager))).toEqual([true, true, true, true]);
  expect(all.map((change) => isRefused(change, VERIFIER, certManager))).toEqual([true, true, true, true]);
  expect(all.map((change) => isRefused(change, OPERATOR, certManager))).toEqual([false, false, false, false]);
  expect(all.map((change) => isRefused(change, NAMESPACE_CONTROLLER, certManager))).toEqual([false, false, false, false]);
  // It makes Certificates for whoever annotates an Ingress.
  const own = resource === 'certificates';
  expect(all.map((change) => isRefused(change, CERT_MANAGER, certManager))).toEqual([own, own, own, false]);
  expect(all.map((change) => isRefused(change, { ...CERT_MANAGER, groups: ['system:serviceaccounts:certificates'] }, certManager))).toEqual([true, true, true, true]);
  expect([...changes, status].map((change) => isRefused(ofGroup(change, 'other.example'), STRANGER, certManager))).toEqual([false, false, false, false]);
  const asked = (spec: typeof certManager): string[] => spec.matchConstraints.resourceRules.filter(({ apiGroups }) => apiGroups.includes('cert-manager.io')).flatMap(({ resources }) => resources);
  expect([asked(selfManaged), asked(certManager)]).toEqual([[], expect.arrayContaining([resource, `${resource}/status`])]);
});

test('the API server\'s own controller says who the API server is', () => {
  const publisher = { username: 'system:serviceaccount:kube-system:root-ca-cert-publisher', groups: ['system:serviceaccounts'] };
  const publish = create('configmaps', 'kube-root-ca.crt');
  expect([isRefused(publish, publisher), isRefused(publish, { ...publisher, username: 'system:serviceaccount:gate:root-ca-cert-publisher' })]).toEqual([false, true]);
});

test('the kubelet gets tokens for the verifier\'s Pods and nothing else; whoever cleans up after a namespace may', () => {
  const [, token] = ATTEMPTS.find(([what]) => what === 'asks for a token of the account') ?? [];
  expect(token && [isRefused(token, KUBELET), isRefused(remove('serviceaccounts', 'door'), KUBELET)]).toEqual([false, true]);
  expect([isRefused(remove('secrets', 'door-tls'), NAMESPACE_CONTROLLER), isRefused(remove('secrets', 'door-tls'), { ...NAMESPACE_CONTROLLER, username: 'system:serviceaccount:default:namespace-controller' })]).toEqual([false, true]);
});

test('it is asked in the verifier\'s namespace, about older versions of a kind, too, and fails closed', () => {
  const { failurePolicy, matchConstraints: { matchPolicy, namespaceSelector } } = selfManaged;
  expect({ failurePolicy, matchPolicy, namespaceSelector }).toEqual({
    failurePolicy: 'Fail', matchPolicy: 'Equivalent', namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gate' } },
  });
});
