import assert from 'node:assert/strict';
import { labelGuard } from '../../../lib/engines/webhook/guard';
import { defaultSettings } from '../../../lib/engines/webhook';
import type { PolicyDocument } from '../../../lib/policy/document';
import type { ApiAnswer, KubernetesApi, KubernetesObject } from '../harness/api';
import { accepted } from '../harness/cluster';
import type { Report } from '../harness/report';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { grant } from './grant';
import { inVerifierNamespace, type Scene, VERIFIER, verifierImage } from './scene';

const REFUSAL = 'Only operators may change what belongs to the image verifier, or enter its Pods';
const RBAC = 'rbac.authorization.k8s.io/v1';
/** Whoever may do everything to these objects, and may not touch webhook configurations. */
const TENANT = 'mallory';

/** A way around the guard, and what differs in one thing and is not the verifier's. */
type Attempt = readonly [what: string, attempt: (api: KubernetesApi) => Promise<ApiAnswer>, twin: (api: KubernetesApi) => Promise<ApiAnswer>];

/** Every way around the guard of the verifier's namespace that needs no webhook, tried with all rights in that namespace and over RBAC. */
export async function guardCases(report: Report, scene: Scene): Promise<void> {
  const { api } = scene.cluster;
  const tenant = api.as(TENANT);

  await report.case('P12: somebody with every right over ConfigMaps, Secrets, accounts and RBAC is known', async () => {
    await grant(api, TENANT, [
      { apiGroups: [''], resources: ['configmaps', 'secrets', 'serviceaccounts', 'serviceaccounts/token', 'namespaces', 'namespaces/finalize', 'namespaces/status', 'services', 'pods/exec', 'pods/attach', 'pods/portforward'], verbs: ['*'] },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['*'], verbs: ['*'] },
    ]);
    await until('RBAC knows of it', async () => assert.equal((await tenant.get(namespaced('v1', 'ServiceAccount', VERIFIER.name))).status, 200));
  });
  const policy = await namesOf(api, 'configmaps', `${VERIFIER.name}-policy-`);
  const pod = await createdPod(scene);
  for (const [what, attempt, twin] of attempts(policy, pod)) {
    await report.case(`P12: whoever is no operator and ${what} is refused, and is not where it is not the verifier's`, async () => {
      expectDenied(await attempt(tenant), REFUSAL);
      const other = await twin(tenant);
      assert.ok(other.status < 400 || !other.message.includes(REFUSAL), other.message);
      assert.notEqual(other.status, 403, other.message);
    });
  }
  await report.case('P12: the verifier writes its certificate, and nothing else that is its own', async () => {
    const own = api.as(`system:serviceaccount:${VERIFIER.namespace}:${VERIFIER.name}`, ['system:serviceaccounts', `system:serviceaccounts:${VERIFIER.namespace}`]);
    const secret = accepted(await api.get(namespaced('v1', 'Secret', `${VERIFIER.name}-tls`)));
    expectAdmitted(await own.update(secret, { dryRun: true }));
    await grant(api, `system:serviceaccount:${VERIFIER.namespace}:${VERIFIER.name}`, [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }]);
    await until('RBAC knows of it', async () => expectDenied(await own.delete(secret), REFUSAL));
  });
  await report.case('P12: operators may do all of it', async () => {
    const operator = api.as('olivia', ['system:masters']);
    expectAdmitted(await operator.patch(namespaced('v1', 'ServiceAccount', VERIFIER.name), 'merge', { metadata: { annotations: { a: 'b' } } }, { dryRun: true }));
    expectAdmitted(await operator.patch({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: VERIFIER.namespace } }, 'merge', { metadata: { labels: { a: 'b' } } }, { dryRun: true }));
  });
  await labelCases(report, api, tenant);
}

async function labelCases(report: Report, api: KubernetesApi, tenant: KubernetesApi): Promise<void> {
  await report.case('P12: whoever is no operator changes, adds or removes no label by which a policy selects namespaces', async () => {
    const document: PolicyDocument = {
      apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'any' },
      spec: { image: 'reg.test/any', digests: [`sha256:${'a1'.repeat(32)}`], reason: 'a test', owner: 'the test', until: '2099-01-01', namespaces: { labels: { team: 'payments' } } },
    };
    const objects = labelGuard({ documents: [document], trustRoots: [], settings: { ...defaultSettings, name: 'labels-alone' } }) as unknown as KubernetesObject[];
    for (const object of objects) {
      accepted(await api.create(object));
    }
    const labelled = (labels?: object): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'labelled', ...(labels === undefined ? {} : { labels }) } });
    accepted(await api.create(labelled({ team: 'payments' })));
    const label = (value: object, as = tenant): Promise<ApiAnswer> => as.patch(labelled(), 'merge', { metadata: { labels: value } }, { dryRun: true });
    const refusal = 'Policies for images select namespaces by team';
    await until('the policy holds', async () => expectDenied(await label({ team: 'lab' }), refusal));
    expectDenied(await label({ team: null }), refusal);
    for (const subresource of ['status', 'finalize']) {
      const { object } = await api.get(labelled());
      expectDenied(await tenant.update({ ...object, metadata: { ...object.metadata, labels: {} } }, { subresource, dryRun: true }), refusal);
      expectAdmitted(await tenant.update(object, { subresource, dryRun: true }));
    }
    expectAdmitted(await label({ other: 'a' }));
    expectAdmitted(await label({ team: 'lab' }, api));
    expectAdmitted(await label({ team: null }, api));
    accepted(await api.patch(labelled(), 'merge', { metadata: { labels: { team: null } } }));
    expectDenied(await label({ team: 'payments' }), refusal);
    for (const object of objects) {
      accepted(await api.delete(object));
    }
  });
}

function attempts(policy: string, pod: string): Attempt[] {
  const account = { kind: 'ServiceAccount', name: VERIFIER.name, namespace: VERIFIER.namespace };
  const binding = (kind: string, subject: object): KubernetesObject => ({
    ...(kind === 'RoleBinding' ? namespaced(RBAC, kind, 'any') : { apiVersion: RBAC, kind, metadata: { name: 'any' } }),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [subject],
  });
  const token = (name: string) => (api: KubernetesApi): Promise<ApiAnswer> => api.send('POST', `/api/v1/namespaces/${VERIFIER.namespace}/serviceaccounts/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [] },
  });
  const secretFor = (name: string) => (api: KubernetesApi): Promise<ApiAnswer> => api.create({
    apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token',
    metadata: { name: 'any-token', namespace: VERIFIER.namespace, annotations: { 'kubernetes.io/service-account.name': name } },
  }, { dryRun: true });
  const connect = (subresource: string) => (api: KubernetesApi): Promise<ApiAnswer> => api.send('POST', `/api/v1/namespaces/${VERIFIER.namespace}/pods/${pod}/${subresource}`);
  const create = (object: KubernetesObject) => (api: KubernetesApi): Promise<ApiAnswer> => api.create(object, { dryRun: true });
  const change = (apiVersion: string, kind: string, name: string) => (api: KubernetesApi): Promise<ApiAnswer> => (
    api.patch(kind.startsWith('Cluster') ? { apiVersion, kind, metadata: { name } } : namespaced(apiVersion, kind, name), 'merge', { metadata: { labels: { a: 'b' } } }, { dryRun: true })
  );
  const remove = (apiVersion: string, kind: string, name: string) => (api: KubernetesApi): Promise<ApiAnswer> => api.delete(kind.startsWith('Cluster') ? { apiVersion, kind, metadata: { name } } : namespaced(apiVersion, kind, name));
  return [
    ['takes a policy away', remove('v1', 'ConfigMap', policy), remove('v1', 'ConfigMap', 'no-such')],
    ['changes a policy\'s labels', change('v1', 'ConfigMap', policy), change('v1', 'ConfigMap', 'registry-ca')],
    ['brings a policy', create({ ...namespaced('v1', 'ConfigMap', `${VERIFIER.name}-policy-x`), data: {} }), create({ ...namespaced('v1', 'ConfigMap', 'policy-x'), data: {} })],
    ['says who the API server is', create({ ...namespaced('v1', 'ConfigMap', 'kube-root-ca.crt'), data: {} }), create({ ...namespaced('v1', 'ConfigMap', 'root-ca.crt'), data: {} })],
    ['changes the certificate', change('v1', 'Secret', `${VERIFIER.name}-tls`), create(namespaced('v1', 'Secret', 'other-tls'))],
    ['takes the certificate away', remove('v1', 'Secret', `${VERIFIER.name}-tls`), remove('v1', 'Secret', 'no-such')],
    ['has a Secret filled with the account\'s token', secretFor(VERIFIER.name), secretFor('default')],
    ['changes the account', change('v1', 'ServiceAccount', VERIFIER.name), change('v1', 'ServiceAccount', 'default')],
    ['takes the account away', remove('v1', 'ServiceAccount', VERIFIER.name), remove('v1', 'ServiceAccount', 'no-such')],
    ['asks for a token of the account', token(VERIFIER.name), token('default')],
    ['changes the Role', change(RBAC, 'Role', VERIFIER.name), create({ ...namespaced(RBAC, 'Role', 'other'), rules: [] })],
    ['takes the RoleBinding away', remove(RBAC, 'RoleBinding', VERIFIER.name), remove(RBAC, 'RoleBinding', 'no-such')],
    ['changes the ClusterRole', change(RBAC, 'ClusterRole', VERIFIER.name), change(RBAC, 'ClusterRole', 'view')],
    ['takes the ClusterRoleBinding away', remove(RBAC, 'ClusterRoleBinding', VERIFIER.name), remove(RBAC, 'ClusterRoleBinding', 'no-such')],
    ['gives the account rights in its namespace', create(binding('RoleBinding', account)), create(binding('RoleBinding', { ...account, name: 'default' }))],
    ['gives the account rights in the cluster', create(binding('ClusterRoleBinding', account)), create(binding('ClusterRoleBinding', { ...account, namespace: 'default' }))],
    ['gives the account rights by its user name', create(binding('ClusterRoleBinding', { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: `system:serviceaccount:${VERIFIER.namespace}:${VERIFIER.name}` })),
      create(binding('ClusterRoleBinding', { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'somebody' }))],
    ['changes labels of the namespace', (api) => api.patch(namespace(), 'merge', { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } }, { dryRun: true }),
      (api) => api.patch(namespace(), 'merge', { metadata: { annotations: { a: 'b' } } }, { dryRun: true })],
    ...['status', 'finalize'].map((subresource): Attempt => [`changes labels of the namespace by ${subresource}`,
      async (api) => api.update(relabelled(await api.get(namespace())), { subresource, dryRun: true }),
      async (api) => api.update((await api.get(namespace())).object, { subresource, dryRun: true })]),
    ['leads the Service elsewhere', (api) => api.patch(namespaced('v1', 'Service', VERIFIER.name), 'merge', { spec: { type: 'ExternalName', externalName: 'evil.example' } }, { dryRun: true }),
      create({ ...namespaced('v1', 'Service', 'other'), spec: { type: 'ExternalName', externalName: 'evil.example' } })],
    ['deletes the namespace', (api) => api.delete(namespace()), (api) => api.delete({ ...namespace(), metadata: { name: 'no-such' } })],
    ['opens a shell in a Pod of the verifier\'s', connect('exec?command=node'), connect('portforward')],
    ['attaches to a Pod of the verifier\'s', connect('attach'), connect('portforward')],
  ];
}

function relabelled({ object }: ApiAnswer): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata['labels'] as object, 'pod-security.kubernetes.io/enforce': 'privileged' } } };
}

function namespace(): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: VERIFIER.namespace } };
}

function namespaced(apiVersion: string, kind: string, name: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: VERIFIER.namespace } };
}

/** The first of a kind whose name begins so. */
async function namesOf(api: KubernetesApi, resource: string, start: string): Promise<string> {
  const list = accepted(await api.send('GET', `/api/v1/namespaces/${VERIFIER.namespace}/${resource}`)) as KubernetesObject & { readonly items: readonly KubernetesObject[] };
  const name = list.items.map(({ metadata }) => metadata.name ?? '').find((candidate) => candidate.startsWith(start));
  assert.ok(name, `no ${resource} begins with ${start}`);
  return name;
}

async function createdPod(scene: Scene): Promise<string> {
  const pod = inVerifierNamespace(scene, verifierImage(scene.yaml));
  accepted(await scene.cluster.api.create(pod));
  return pod.metadata.name ?? '';
}
