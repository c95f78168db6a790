import { nativeEngine } from '../../lib/engines/native';
import { renderWebhook, defaultSettings } from '../../lib/engines/webhook';
import { judgedIn, judgeManifests } from '../../lib/refusals';
import { PolicyDocument } from '../../lib/policy/document';
import { put, smallPolicy, without } from '../policy/documents';

const NOW = Date.UTC(2026, 0, 1);
const STRICT = put(smallPolicy, 'metadata.name', 'strict') as PolicyDocument;
const WEBHOOK = 'ValidatingWebhookConfiguration';

const SETTINGS = { ...defaultSettings, image: `ghcr.io/proofgate/verifier@sha256:${'a1'.repeat(32)}` };

function render(documents: readonly PolicyDocument[] = [smallPolicy]): object[] {
  return renderWebhook({ documents, trustRoots: [], settings: SETTINGS });
}

const isOf = (kind: string) => (object: object): boolean => Reflect.get(object, 'kind') === kind;
const only = (kind: string, objects: readonly object[] = render()): object[] => objects.filter(isOf(kind));
const change = (kind: string, place: string, value: unknown, objects: readonly object[] = render()): object[] => (
  objects.map((object) => (isOf(kind)(object) ? put(object, place, value) : object))
);
const leaveOut = (kind: string, place: string, objects: readonly object[] = render()): object[] => objects.map((object) => (isOf(kind)(object) ? without(object, place) : object));
const at = (object: object, place: string): unknown => place.split('.').reduce<unknown>((value, step) => Reflect.get(Object(value) as object, step), object);
const relabel = (objects: readonly object[]): object[] => objects.map((object) => put(object, 'metadata.labels', { 'app.kubernetes.io/part-of': 'shop' }));
const codes = (objects: readonly unknown[]): string[] => [...new Set(judgeManifests(objects, NOW).map(({ code }) => code))].sort();

const [ENTRY] = at(only(WEBHOOK)[0]!, 'webhooks') as [object];
const SECOND_ENTRY = put(ENTRY, 'name', 'b.proofgate-verifier.proofgate.dev');
const alone = (place: string, value: unknown): object[] => only(WEBHOOK, change(WEBHOOK, `webhooks.0.${place}`, value));
const byName = (operator: string, ...values: string[]): object => ({ key: 'kubernetes.io/metadata.name', operator, ...values.length === 0 ? {} : { values } });
const OTHERS = byName('NotIn', 'kube-system', 'proofgate');
const BIND = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'more' } };
const VERIFIER = { kind: 'ServiceAccount', name: 'proofgate-verifier', namespace: 'proofgate' };
const container = (field: string, value: unknown): object[] => change('Deployment', `spec.template.spec.containers.0.${field}`, value);
const pod = (field: string, value: unknown): object[] => change('Deployment', `spec.template.spec.${field}`, value);
const args = (edit: (words: string[]) => string[]): object[] => editArgs(render([smallPolicy, STRICT]), edit);
const mounted = (mount: { name: string; mountPath: string }, source: object): object[] => render().map((object) => (!isOf('Deployment')(object) ? object
  : put(put(object, 'spec.template.spec.volumes.2', { name: mount.name, ...source }), 'spec.template.spec.containers.0.volumeMounts.2', mount)));
const labelsOf = (object: object): object => at(object, 'metadata.labels') as object;
const isRoot = (object: object): boolean => JSON.stringify(object).includes('"proofgate.dev/trust-root"');
const withRoot = (name: string, source?: object): object[] => renderWebhook({ documents: [smallPolicy], trustRoots: [{ name, json: '{}' }], settings: SETTINGS })
  .map((object) => (!isOf('Deployment')(object) || source === undefined ? object : put(object, 'spec.template.spec.volumes.1', { name: 'trust-root-1', ...source })));
const EVERYTHING = renderWebhook({ documents: [put(smallPolicy, 'spec.namespaces', { names: ['shop'] }) as PolicyDocument], trustRoots: [{ name: 'corp', json: '{}' }], settings: {
  ...SETTINGS,
  tls: { mode: 'cert-manager', issuer: { kind: 'Issuer', name: 'corp' }, namespace: 'cert-manager' },
  registries: [
    { host: 'acme.azurecr.io', identity: { type: 'azure', tenantId: 't', clientId: 'c' } },
    { host: 'registry.acme.example', credentialsSecret: 'pull', caConfigMap: 'registry-ca.acme' },
  ],
} });
const PULLED = (spec: object, pullSecrets = ['pull']): object[] => renderWebhook({
  documents: [put(smallPolicy, 'spec', { ...smallPolicy.spec, images: ['reg.test/acme/**'], ...spec }) as PolicyDocument], trustRoots: [], settings: { ...SETTINGS, registries: [{ host: 'reg.test', pullSecrets }] },
});
const NAMED = { namespaces: { names: ['shop'] } };
/** The role by which pull Secrets of `shop` are read, changed. */
const pullRole = (place: string, value: unknown): object[] => PULLED(NAMED).map((object) => (isOf('Role')(object) && at(object, 'metadata.namespace') === 'shop' ? put(object, place, value) : object));
const readsSecrets = (...resourceNames: string[]): object => ({ apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['get'] });
const ZERO = `sha256:${'0'.repeat(64)}`;
const omit = (words: string[], option: string): string[] => words.filter((word, index) => word !== option && words[index - 1] !== option);
const replace = (words: string[], option: string, value: string): string[] => words.map((word, index) => (words[index - 1] === option ? value : word));
const editArgs = (objects: object[], edit: (words: string[]) => string[]): object[] => objects.map((object) => (
  isOf('Deployment')(object) ? put(object, 'spec.template.spec.containers.0.args', edit([...at(object, 'spec.template.spec.containers.0.args') as string[]])) : object));
const everything = (edit: (words: string[]) => string[]): object[] => editArgs(EVERYTHING, edit);
const withArgs = (edit: (words: string[]) => string[]): object[] => editArgs(withRoot('corp'), edit);
const tokens = (source: object): object[] => EVERYTHING.map((object) => (isOf('Deployment')(object)
  ? put(object, `spec.template.spec.volumes.${(at(object, 'spec.template.spec.volumes') as Array<{ name: string }>).findIndex(({ name }) => name === 'registry-tokens')}.projected.sources.0`, source)
  : object));
const groups = (expression: string): object[] => render().map((object) => (isOf('ValidatingAdmissionPolicy')(object)
  ? put(object, 'spec.variables', (at(object, 'spec.variables') as Array<{ name: string }>).map((variable) => (variable.name === 'operatorGroups' ? { ...variable, expression } : variable)))
  : object));
const certified = (expression: string): object[] => EVERYTHING.map((object) => (isOf('ValidatingAdmissionPolicy')(object)
  ? put(object, 'spec.variables', (at(object, 'spec.variables') as Array<{ name: string }>).map((variable) => (variable.name === 'certificateGroups' ? { ...variable, expression } : variable)))
  : object));
const refs = (...patterns: string[]): object => put(smallPolicy, 'spec.attestors.release.subject', { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: patterns });
const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], scope: 'Namespaced' };
const [CORE, ...MORE] = at(ENTRY, 'rules') as [object, ...object[]];

const floored = renderWebhook({ documents: [smallPolicy], trustRoots: [], settings: { ...SETTINGS, floor: true } }) as object[];
const DENIED: PolicyDocument = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'incident' }, spec: { reason: 'leaked', owner: 'security', digests: [`sha256:${'a1'.repeat(32)}`] },
};
const nativeNamed = (name: string): object[] => nativeEngine({ name }).render({ documents: [DENIED], trustRoots: [] });
const NATIVE = nativeNamed('images');
/** A policy that says yes, without its documents, and looks like a guard. */
const gutted = (objects: readonly object[], name: string, engine?: string): object[] => objects.map((object) => {
  if (!isOf('ValidatingAdmissionPolicy')(object) || at(object, 'metadata.name') !== name) {
    return object;
  }
  const variables = engine === undefined ? [{ name: 'operatorGroups', expression: '[\'admins\']' }, { name: 'selecting', expression: '[]' }] : [];
  const open = put(put(put(object, 'spec.validations', [{ expression: 'true' }]), 'spec.failurePolicy', 'Ignore'), 'spec.variables', variables);
  return put(put(open, 'metadata.annotations', {}), 'metadata.labels', { ...at(object, 'metadata.labels') as object, ...engine === undefined ? {} : { 'proofgate.dev/engine': engine } });
});

/** How enforcement was weakened, what is found, and the same with one thing less: what is found there. */
const EVASIONS: ReadonlyArray<[claim: string, weak: readonly object[], expected: string, twin: readonly object[], rest?: readonly string[]]> = [
  // Whose it is does not hang on one label.
  ['failing open after a tool replaced the labels', relabel(change(WEBHOOK, 'webhooks.0.failurePolicy', 'Ignore')), 'FAILURE_POLICY', relabel(render()), ['UNLABELLED']],
  ['one replica after a tool replaced the labels', relabel(change('Deployment', 'spec.replicas', 1)), 'REPLICAS', relabel(render()), ['UNLABELLED']],
  ['a label that is gone', leaveOut(WEBHOOK, 'metadata.labels'), 'UNLABELLED', render()],
  ['failing open without a label, judged alone', only(WEBHOOK, leaveOut(WEBHOOK, 'metadata.labels', change(WEBHOOK, 'webhooks.0.failurePolicy', 'Ignore'))), 'FAILURE_POLICY', only(WEBHOOK)],
  // What kind it is, hangs on group and version, too.
  ['a webhook configuration of another group', change(WEBHOOK, 'apiVersion', 'example.com/v1'), 'API_VERSION', render()],
  ['a guard of another group', change('ValidatingAdmissionPolicy', 'apiVersion', 'example.com/v1'), 'GUARD', render()],
  ['a binding of another group', change('ValidatingAdmissionPolicyBinding', 'apiVersion', 'example.com/v1'), 'GUARD', render()],
  ['a guard that lets everybody write the certificate', certified('[\'system:authenticated\']'), 'GUARD', certified('[\'system:serviceaccounts:certs\']')],
  ['a guard that lets every account write the certificate', certified('[\'system:serviceaccounts\']'), 'GUARD', certified('[\'system:serviceaccounts:certs\']')],
  ['a guard that lets the verifier\'s neighbours write the certificate', certified('[\'system:serviceaccounts:proofgate\']'), 'GUARD', certified('[\'system:serviceaccounts:certs\']')],
  ['a guard that lets two namespaces write the certificate', certified('[\'system:serviceaccounts:certs\', \'system:serviceaccounts:ci\']'), 'GUARD', certified('[\'system:serviceaccounts:certs\']')],
  ['a guard that lets cert-manager write what the verifier does itself', render().map((object) => (isOf('ValidatingAdmissionPolicy')(object)
    ? put(object, 'spec.variables', (at(object, 'spec.variables') as Array<{ name: string }>).map((variable) => (variable.name === 'certificate' ? { ...variable, expression: 'true' } : variable)))
    : object)), 'GUARD', render()],
  // No admission policy passes for one of another rule.
  ['a floor with the variables of a guard', gutted(floored, 'proofgate-verifier-floor'), 'NATIVE_POLICY', floored],
  ['a floor with the label of Kyverno', gutted(floored, 'proofgate-verifier-floor', 'kyverno'), 'NATIVE_POLICY', floored],
  ['a policy of the API server that lost its documents and has the variables of a guard', gutted(NATIVE, 'images'), 'GUARD', NATIVE],
  ['a policy of the API server that lost its documents and has the label of Kyverno', gutted(NATIVE, 'images', 'kyverno'), 'NATIVE_POLICY', NATIVE],
  ['a policy of the API server with the name of a guard that is not there', gutted([...render(), ...nativeNamed('proofgate-verifier-labels')], 'proofgate-verifier-labels'), 'GUARD', [...render(), ...nativeNamed('proofgate-verifier-labels')]],
  ['a guard that compares with another object', render().map((object) => (isOf('ValidatingAdmissionPolicy')(object) ? put(object, 'spec.paramKind', { apiVersion: 'v1', kind: 'ConfigMap' }) : object)), 'GUARD', render()],
  // Who is asked.
  ['another Service of the namespace', change(WEBHOOK, 'webhooks.0.clientConfig.service.name', 'evil'), 'WEBHOOK_SERVICE', render()],
  ['a Service of another namespace', change(WEBHOOK, 'webhooks.0.clientConfig.service.namespace', 'evil'), 'WEBHOOK_SERVICE', render()],
  ['a URL', change(WEBHOOK, 'webhooks.0.clientConfig', { url: 'https://evil.example/validate' }), 'WEBHOOK_SERVICE', render()],
  ['a Service that leads elsewhere', change('Service', 'spec.selector', { app: 'evil' }), 'WEBHOOK_SERVICE', render()],
  ['a Service that leads out of the cluster', change('Service', 'spec.type', 'ExternalName'), 'WEBHOOK_SERVICE', change('Service', 'spec.type', 'ClusterIP')],
  ['a second entry whose Service names another own namespace', change(WEBHOOK, 'webhooks', [
    put(ENTRY, 'namespaceSelector.matchExpressions.0', byName('NotIn', 'kube-system', 'proofgate', 'production')),
    put(put(ENTRY, 'name', 'b.proofgate-verifier.proofgate.dev'), 'clientConfig.service.namespace', 'production'),
  ].map((entry) => put(entry, 'namespaceSelector.matchExpressions.0', byName('NotIn', 'kube-system', 'proofgate', 'production')))), 'NAMESPACE_UNJUDGED', change(WEBHOOK, 'webhooks', [ENTRY])],
  // A configuration alone: as for a policy that holds everywhere.
  ['an audit entry alone', alone('clientConfig.service.path', '/audit'), 'NAMESPACE_UNJUDGED', only(WEBHOOK)],
  ['the pinning path in a validating configuration', change(WEBHOOK, 'webhooks.0', { ...put(ENTRY, 'clientConfig.service.path', '/mutate'), failurePolicy: 'Ignore', rules: [] }), 'RULES_INCOMPLETE', render()],
  ['no entry, judged alone', only(WEBHOOK, change(WEBHOOK, 'webhooks', [])), 'NAMESPACE_UNJUDGED', only(WEBHOOK)],
  ['no entry, without the Deployment', change(WEBHOOK, 'webhooks', []).filter((object) => !isOf('Deployment')(object)), 'UNENFORCED', render().filter((object) => !isOf('Deployment')(object))],
  ['namespaces by label, judged alone', alone('namespaceSelector.matchLabels', { guarded: 'true' }), 'NAMESPACE_UNJUDGED', only(WEBHOOK)],
  ['namespaces by a list of labels, judged alone', alone('namespaceSelector.matchExpressions', [OTHERS, { key: 'guarded', operator: 'In', values: ['true'] }]), 'NAMESPACE_UNJUDGED', alone('namespaceSelector.matchExpressions', [OTHERS])],
  ['namespaces with a label, judged alone', alone('namespaceSelector.matchExpressions', [OTHERS, { key: 'guarded', operator: 'Exists' }]), 'NAMESPACE_UNJUDGED', alone('namespaceSelector.matchExpressions', [OTHERS])],
  ['a namespace left out, judged alone', alone('namespaceSelector.matchExpressions.0', byName('NotIn', 'kube-system', 'proofgate', 'production')), 'NAMESPACE_UNJUDGED', alone('namespaceSelector.matchExpressions.0', OTHERS)],
  ['namespaces without a name, judged alone', alone('namespaceSelector.matchExpressions', [OTHERS, byName('DoesNotExist')]), 'NAMESPACE_UNJUDGED', alone('namespaceSelector.matchExpressions', [OTHERS, byName('Exists')])],
  // What the verifier reads.
  ['one --policy argument less', args((words) => words.filter((_word, index) => index !== 3 && index !== 4)), 'POLICY_UNREAD', args((words) => words)],
  ['one volume less', change('Deployment', 'spec.template.spec.volumes.0', { name: 'policy-1', emptyDir: {} }, render([smallPolicy, STRICT])), 'POLICY_UNREAD', render([smallPolicy, STRICT])],
  ['a mounted policy without a label, emptied', leaveOut('ConfigMap', 'metadata.labels', change('ConfigMap', 'data', { 'policy.json': '{}' })), 'POLICY_CONTENT', render()],
  ['a mounted policy without a label or content', leaveOut('ConfigMap', 'metadata.labels', change('ConfigMap', 'data', {})), 'POLICY_CONTENT', render()],
  ['a mounted policy without a label that can change', leaveOut('ConfigMap', 'metadata.labels', change('ConfigMap', 'immutable', false)), 'POLICY_CONTENT', leaveOut('ConfigMap', 'metadata.labels'), ['UNLABELLED']],
  ['two policies of one name', [...render(), ...only('ConfigMap', render([put(smallPolicy, 'spec.images.0', 'ghcr.io/acme/other') as PolicyDocument]))], 'DUPLICATE_OBJECT', render([smallPolicy, STRICT])],
  ['another namespace for a configuration that has none', [...render(), put(only(WEBHOOK)[0]!, 'metadata.namespace', 'team')], 'DUPLICATE_OBJECT', render()],
  ['another version of a configuration', [...render(), put(only(WEBHOOK)[0]!, 'apiVersion', 'admissionregistration.k8s.io/v1beta1')], 'DUPLICATE_OBJECT', render()],
  // What runs.
  ['an environment', container('env', [{ name: 'NODE_TLS_REJECT_UNAUTHORIZED', value: '0' }]), 'VERIFIER_COMMAND', container('imagePullPolicy', 'Always')],
  ['a hook before the end that runs a command', container('lifecycle', { preStop: { exec: { command: ['sh'] } } }), 'VERIFIER_COMMAND', container('lifecycle', { preStop: { sleep: { seconds: 10 } } })],
  ['a hook', container('lifecycle', { postStart: { exec: { command: ['sh'] } } }), 'VERIFIER_COMMAND', container('terminationMessagePolicy', 'File')],
  ['a probe that runs a command', container('livenessProbe', { exec: { command: ['sh'] } }), 'VERIFIER_COMMAND', container('livenessProbe', { httpGet: { path: '/healthz', port: 8443 } })],
  ['an option of its own', args((words) => [...words, '--kubeconfig', '/tmp/other']), 'VERIFIER_COMMAND', args((words) => words)],
  ['another name of its own', args((words) => words.map((word, index) => (words[index - 1] === '--name' ? 'other' : word))), 'VERIFIER_COMMAND', args((words) => words)],
  ['a second container', container('name', 'verifier').map((object) => (isOf('Deployment')(object) ? put(object, 'spec.template.spec.containers.1', at(object, 'spec.template.spec.containers.0')) : object)), 'VERIFIER_COMMAND', render()],
  ['an init container', pod('initContainers', [{ name: 'first', image: `docker.io/a/b@sha256:${'b'.repeat(64)}` }]), 'VERIFIER_COMMAND', pod('initContainers', [])],
  ['a privileged container', container('securityContext.privileged', true), 'VERIFIER_PRIVILEGES', container('securityContext.privileged', false)],
  ['a capability', container('securityContext.capabilities.add', ['SYS_ADMIN']), 'VERIFIER_PRIVILEGES', container('securityContext.capabilities.add', [])],
  ['no security context', container('securityContext', {}), 'VERIFIER_PRIVILEGES', render()],
  ['root', pod('securityContext.runAsNonRoot', false), 'VERIFIER_PRIVILEGES', pod('securityContext.runAsUser', 1000)],
  ['a port of the node', container('ports.0.hostPort', 443), 'VERIFIER_PRIVILEGES', container('ports.0.hostPort', 0)],
  ['the processes of the node', pod('hostPID', true), 'VERIFIER_PRIVILEGES', pod('tolerations', [{ operator: 'Exists' }])],
  ['other addresses for names', pod('hostAliases', [{ ip: '192.0.2.1', hostnames: ['ghcr.io'] }]), 'VERIFIER_PRIVILEGES', pod('imagePullSecrets', [{ name: 'mirror' }])],
  ['the files of the node', pod('volumes.9', { name: 'host', hostPath: { path: '/' } }).map((object) => structuredClone(object)), 'VERIFIER_PRIVILEGES', pod('nodeSelector', { pool: 'infra' })],
  ['its program from elsewhere', mounted({ name: 'app', mountPath: '/app' }, { secret: { secretName: 'other' } }), 'VERIFIER_FILES', mounted({ name: 'app', mountPath: '/etc/proofgate/registry-credentials/other' }, { secret: { secretName: 'other' } })],
  ['authorities from elsewhere', mounted({ name: 'ca', mountPath: '/etc/ssl/certs' }, { configMap: { name: 'other' } }), 'VERIFIER_FILES', mounted({ name: 'ca', mountPath: '/etc/proofgate/registry-ca/other' }, { configMap: { name: 'other' } })],
  ['a folder above its own', mounted({ name: 'ca', mountPath: '/etc/proofgate/registry-ca/..' }, { configMap: { name: 'other' } }), 'VERIFIER_FILES', mounted({ name: 'ca', mountPath: '/etc/proofgate/registry-ca/other' }, { configMap: { name: 'other' } })],
  ['a policy from a Secret', mounted({ name: 'ca', mountPath: '/etc/proofgate/policy-other' }, { secret: { secretName: 'other' } }), 'VERIFIER_FILES', mounted({ name: 'ca', mountPath: '/etc/proofgate/policy-other' }, { configMap: { name: 'other' } })],
  ['one file of a ConfigMap', container('volumeMounts.0.subPath', 'policy.json'), 'VERIFIER_FILES', container('volumeMounts.0.readOnly', true)],
  ['a folder that is there already', mounted({ name: 'ca', mountPath: '/etc/proofgate/policy-payments' }, { configMap: { name: 'other' } }), 'VERIFIER_FILES', mounted({ name: 'ca', mountPath: '/etc/proofgate/policy-other' }, { configMap: { name: 'other' } })],
  ['other files of its ConfigMap', pod('volumes.0.configMap.items', [{ key: 'policy.json', path: 'other' }]), 'VERIFIER_FILES', pod('volumes.0.configMap.defaultMode', 420)],
  ['a ConfigMap that may be missing', pod('volumes.0.configMap.optional', true), 'VERIFIER_FILES', pod('volumes.0.configMap.defaultMode', 420)],
  ['a token of somebody else', pod('volumes.1.projected.sources.0', { secret: { name: 'other' } }), 'VERIFIER_FILES', pod('volumes.1.projected.sources.0', { serviceAccountToken: { path: 'token' } })],
  ['a token for somebody else', pod('volumes.1.projected.sources.0', { serviceAccountToken: { path: 'token', audience: 'other' } }), 'VERIFIER_FILES', pod('volumes.1.projected.sources.0', { serviceAccountToken: { path: 'token' } })],
  ['a Secret among the tokens for registries', tokens({ secret: { name: 'other' } }), 'VERIFIER_FILES', tokens({ serviceAccountToken: { audience: 'other', path: 'other' } })],
  ['the account\'s own token among those for registries', tokens({ serviceAccountToken: { path: 'other' } }), 'VERIFIER_FILES', tokens({ serviceAccountToken: { audience: 'other', path: 'other' } })],
  ['another API server\'s authority', pod('volumes.1.projected.sources.1.configMap.name', 'other'), 'VERIFIER_FILES', pod('volumes.1.projected.defaultMode', 420)],
  ['no digest of the policies', args((words) => words.filter((word, index) => word !== '--policy-digest' && words[index - 1] !== '--policy-digest')), 'VERIFIER_COMMAND', args((words) => words)],
  ['two digests of the policies', args((words) => [...words, '--policy-digest', `sha256:${'0'.repeat(64)}`]), 'VERIFIER_COMMAND', args((words) => words)],
  ['the digest of other policies', args((words) => words.map((word, index) => (words[index - 1] === '--policy-digest' ? `sha256:${'0'.repeat(64)}` : word))), 'POLICY_UNREAD', args((words) => words)],
  ['a root without a digest', withArgs((words) => omit(words, '--trust-root-digest')), 'VERIFIER_COMMAND', withRoot('corp')],
  ['a root with two digests', withArgs((words) => [...words, '--trust-root-digest', `corp=${ZERO}`]), 'VERIFIER_COMMAND', withRoot('corp')],
  ['a root that is given twice', withArgs((words) => [...words, '--trust-root', 'corp=/etc/proofgate/policy-payments/policy.json']), 'VERIFIER_COMMAND', withRoot('corp')],
  ['the digest of a root that is not given', withArgs((words) => [...words, '--trust-root-digest', `dev=${ZERO}`]), 'VERIFIER_COMMAND', withRoot('corp')],
  ['the digest of another root', withArgs((words) => replace(words, '--trust-root-digest', `corp=${ZERO}`)), 'POLICY_UNREAD', withArgs((words) => words)],
  ['registries without a digest', everything((words) => omit(words, '--registry-config-digest')), 'VERIFIER_COMMAND', EVERYTHING],
  ['the digest of registries that are not given', args((words) => [...words, '--registry-config-digest', ZERO]), 'VERIFIER_COMMAND', args((words) => words)],
  ['the digest of other registries', everything((words) => replace(words, '--registry-config-digest', ZERO)), 'POLICY_UNREAD', EVERYTHING],
  ['a root in the place of one that ships', withRoot('sigstore'), 'VERIFIER_COMMAND', withRoot('corp')],
  ['a root from a volume that is no ConfigMap', withRoot('corp', { projected: { sources: [{ configMap: { name: 'r' } }] } }), 'POLICY_UNREAD', withRoot('corp')],
  ['a root that is not among the objects', withRoot('corp').filter((object) => !isRoot(object)), 'POLICY_UNREAD', withRoot('corp')],
  ['a root under another name', withRoot('corp').map((object) => (isRoot(object) ? put(object, 'metadata.labels', { ...labelsOf(object), 'proofgate.dev/trust-root': 'dev' }) : object)), 'POLICY_UNREAD', withRoot('corp')],
  // Who may answer.
  ['a key in the Secret', change('Secret', 'stringData', { 'ca.key': 'x' }), 'VERIFIER_AUTHORITY', change('Secret', 'stringData', {})],
  ['a Secret that cannot be filled', change('Secret', 'immutable', true), 'VERIFIER_AUTHORITY', change('Secret', 'immutable', false)],
  ['an authority of its own', change(WEBHOOK, 'webhooks.0.clientConfig.caBundle', 'eA=='), 'VERIFIER_AUTHORITY', change(WEBHOOK, 'webhooks.0.clientConfig.caBundle', '')],
  // How long it stays.
  ['a date of deletion', change(WEBHOOK, 'metadata.deletionTimestamp', '2026-01-01T00:00:00Z'), 'OBJECT_LIFETIME', change(WEBHOOK, 'metadata.creationTimestamp', '2026-01-01T00:00:00Z')],
  // What Kubernetes takes.
  ['a label with a space', change(WEBHOOK, 'metadata.labels.team', 'payments & co'), 'OBJECT_NAME', change(WEBHOOK, 'metadata.labels.team', 'payments-co')],
  ['a label that is a number', change('Deployment', 'metadata.labels.team', 5), 'OBJECT_NAME', change('Deployment', 'metadata.labels.team', '5')],
  ['the name of a label', change(WEBHOOK, 'metadata.labels', { ...labelsOf(only(WEBHOOK)[0]!), 'a b': 'c' }), 'OBJECT_NAME', change(WEBHOOK, 'metadata.labels', { ...labelsOf(only(WEBHOOK)[0]!), 'a-b': 'c' })],
  ['an annotation that is an object', change(WEBHOOK, 'metadata.annotations', { team: { a: 1 } }), 'OBJECT_NAME', change(WEBHOOK, 'metadata.annotations', { team: '{ a: 1 } & co' })],
  ['the name of an annotation', change(WEBHOOK, 'metadata.annotations', { 'A.example/b/c': 'd' }), 'OBJECT_NAME', change(WEBHOOK, 'metadata.annotations', { 'A.example/b': 'd' })],
  ['annotations that are too long', change(WEBHOOK, 'metadata.annotations', { team: 'ü'.repeat(131_071) }), 'OBJECT_NAME', change(WEBHOOK, 'metadata.annotations', { team: 'ü'.repeat(131_070) })],
  ['a label of its Pods', change('Deployment', 'spec.template.metadata.labels.team', 'a b'), 'OBJECT_NAME', change('Deployment', 'spec.template.metadata.labels.team', 'a')],
  ['no version of reviews', leaveOut(WEBHOOK, 'webhooks.0.admissionReviewVersions'), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.admissionReviewVersions', ['v1', 'v1beta1'])],
  ['a version of reviews that the verifier does not answer', change(WEBHOOK, 'webhooks.0.admissionReviewVersions', ['v1beta1']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.admissionReviewVersions', ['v1'])],
  ['a configuration that the verifier does not look after', change(WEBHOOK, 'metadata.name', 'other'), 'WEBHOOK_ENTRY', change(WEBHOOK, 'metadata.name', 'proofgate-verifier')],
  ['an entry twice', change(WEBHOOK, 'webhooks', [ENTRY, ENTRY]), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks', [ENTRY, SECOND_ENTRY])],
  ['a port that is none', change(WEBHOOK, 'webhooks.0.clientConfig.service.port', '443'), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.clientConfig.service.port', 443)],
  ['a port beyond all', change(WEBHOOK, 'webhooks.0.clientConfig.service.port', 65_536), 'WEBHOOK_ENTRY', leaveOut(WEBHOOK, 'webhooks.0.clientConfig.service.port')],
  ['an operation of its own', change(WEBHOOK, 'webhooks.0.rules.0.operations', ['CREATE', 'UPDATE', 'NOPE']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.operations', ['CREATE', 'UPDATE', 'DELETE'])],
  ['an operation beside all', change(WEBHOOK, 'webhooks.0.rules.0.operations', ['*', 'CREATE']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.operations', ['*'])],
  ['a version beside all', change(WEBHOOK, 'webhooks.0.rules.0.apiVersions', ['*', 'v1']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.apiVersions', ['*'])],
  ['a group beside all', change(WEBHOOK, 'webhooks.0.rules.0.apiGroups', ['*', '']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.apiGroups', ['*'])],
  ['a resource beside all', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['pods', '*/*']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*/*'])],
  ['a resource beside all without a part', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', 'pods', 'pods/*']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', 'pods/*'])],
  ['a part beside all of its resource', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', 'pods/*', 'pods/resize']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', 'pods/*', 'services/status'])],
  ['a part beside that of all resources', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', 'pods/*', '*/status', 'services/status']), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', 'pods/*', 'services/status'])],
  ['a scope of its own', change(WEBHOOK, 'webhooks.0.rules', [...at(ENTRY, 'rules') as object[], { ...PODS, resources: ['pods'], scope: 'All' }]), 'WEBHOOK_ENTRY', change(WEBHOOK, 'webhooks.0.rules', [...at(ENTRY, 'rules') as object[], { ...PODS, resources: ['pods'], scope: 'Cluster' }])],
  // What it may do.
  ['one verb more', change('ClusterRole', 'rules.0.verbs', ['get', 'patch', 'delete']), 'VERIFIER_RIGHTS', change('ClusterRole', 'rules.0.verbs', ['get'])],
  ['all names', leaveOut('ClusterRole', 'rules.0.resourceNames'), 'VERIFIER_RIGHTS', render()],
  ['all Secrets', change('Role', 'rules.0.resourceNames', ['proofgate-verifier-tls', 'other']), 'VERIFIER_RIGHTS', render()],
  ['G15: another Secret of the namespaces', pullRole('rules.0.resourceNames', ['pull', 'database']), 'VERIFIER_RIGHTS', pullRole('rules.0.resourceNames', ['pull'])],
  ['G15: all Secrets of a namespace', pullRole('rules', [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]), 'VERIFIER_RIGHTS', PULLED(NAMED)],
  ['G15: listing pull Secrets', pullRole('rules.0.verbs', ['get', 'list']), 'VERIFIER_RIGHTS', PULLED(NAMED)],
  ['G15: pull Secrets of all namespaces, where policies name theirs', change('ClusterRole', 'rules.1', readsSecrets('pull'), PULLED(NAMED)), 'VERIFIER_RIGHTS',
    change('ClusterRole', 'rules.1', readsSecrets('pull'), PULLED({}))],
  ['G15: pull Secrets of another namespace', pullRole('metadata.namespace', 'bank'), 'VERIFIER_RIGHTS', pullRole('metadata.namespace', 'shop')],
  ['G15: pull Secrets that no registry is read with', change('ClusterRole', 'rules.1', readsSecrets('pull')), 'VERIFIER_RIGHTS', PULLED({})],
  ['another role', [...render(), { ...BIND, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [VERIFIER] }], 'VERIFIER_RIGHTS',
    [...render(), { ...BIND, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ ...VERIFIER, name: 'other' }] }]],
  ['another role by the name of its user', [...render(), { ...BIND, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'User', name: 'system:serviceaccount:proofgate:proofgate-verifier' }] }], 'VERIFIER_RIGHTS',
    [...render(), { ...BIND, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'User', name: 'system:serviceaccount:proofgate:other' }] }]],
  ['another role for all accounts of its namespace', [...render(), { ...BIND, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'Group', name: 'system:serviceaccounts:proofgate' }] }], 'VERIFIER_RIGHTS',
    [...render(), { ...BIND, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'Group', name: 'system:serviceaccounts:other' }] }]],
  ['its role for all accounts of its namespace', change('ClusterRoleBinding', 'subjects', [VERIFIER, { kind: 'Group', name: 'system:serviceaccounts:proofgate' }]), 'VERIFIER_RIGHTS',
    change('ClusterRoleBinding', 'subjects', [VERIFIER, { kind: 'User', name: 'system:serviceaccount:proofgate:proofgate-verifier' }])],
  ['its role for somebody else', change('ClusterRoleBinding', 'subjects', [VERIFIER, { kind: 'Group', name: 'developers' }]), 'VERIFIER_RIGHTS', change('ClusterRoleBinding', 'subjects', [VERIFIER])],
  // Evictions.
  ['99% of three, which is all', change('PodDisruptionBudget', 'spec.maxUnavailable', '99%'), 'DISRUPTION_BUDGET', change('PodDisruptionBudget', 'spec.maxUnavailable', '66%')],
  ['67% of three, which is all', change('PodDisruptionBudget', 'spec.maxUnavailable', '67%'), 'DISRUPTION_BUDGET', change('PodDisruptionBudget', 'spec.maxUnavailable', 2)],
  ['none that must stay', change('PodDisruptionBudget', 'spec', { minAvailable: '0%', selector: {} }), 'DISRUPTION_BUDGET', change('PodDisruptionBudget', 'spec', { minAvailable: '1%', selector: {} })],
  ['a budget that selects nobody', change('PodDisruptionBudget', 'spec.selector', { matchLabels: { app: 'other' } }), 'DISRUPTION_BUDGET', change('PodDisruptionBudget', 'spec.selector', {})],
  ['half a replica', change('Deployment', 'spec.replicas', 2.5), 'REPLICAS', change('Deployment', 'spec.replicas', 2)],
  // Who is an operator.
  ['everybody an operator', groups('request.userInfo.?groups.orValue([])'), 'OPERATOR_GROUPS', groups('[]')],
  ['every user an operator', groups('[\'system:authenticated\']'), 'OPERATOR_GROUPS', groups('[\'platform\']')],
  ['every stranger an operator', groups('[\'platform\', \'system:unauthenticated\']'), 'OPERATOR_GROUPS', groups('[\'platform\', \'system:masters\']')],
  ['every Pod an operator', groups('[\'system:serviceaccounts:team\']'), 'OPERATOR_GROUPS', groups('[\'system:serviceaccountsx\']')],
  ['every node an operator', groups('[\'system:nodes\']'), 'OPERATOR_GROUPS', groups('[\'system:nodes\\u00e9\']')],
  ['an expression behind a list', groups('[\'platform\'] + [\'x\']'), 'OPERATOR_GROUPS', groups('[\'a\\\'] + [\\\'b\']')],
  // Branches.
  ['any branch', [refs('refs/heads/*')], 'BRANCH_WILDCARD', [refs('refs/heads/main')]],
  ['any branch of any folder', [refs('refs/heads/*/*')], 'BRANCH_WILDCARD', [refs('refs/heads/release/*')]],
  ['any branch that begins so', [refs('refs/heads/main', 'refs/heads/main*')], 'BRANCH_WILDCARD', [refs('refs/heads/main', 'refs/tags/v*')]],
  ['any branch as the source', [put(smallPolicy, 'spec.attestors.release.certificate', { sourceRepositoryRef: 'refs/heads/*' })], 'BRANCH_WILDCARD',
    [put(smallPolicy, 'spec.attestors.release.certificate', { sourceRepositoryRef: 'refs/tags/*' })]],
  // Ends.
  ['an end far away', [put(smallPolicy, 'spec.action', { type: 'Audit', reason: 'r', owner: 'o', until: '9999-12-31' })], 'WINDOW_TOO_LONG',
    [put(smallPolicy, 'spec.action', { type: 'Audit', reason: 'r', owner: 'o', until: '2027-01-02' })]],
  // Documents that are almost ours.
  ['a document of another domain', [{ ...smallPolicy, apiVersion: 'proofgate.io/v1' }], 'INVALID_DOCUMENT', [smallPolicy]],
  ['a document without a version', [without(smallPolicy, 'apiVersion')], 'INVALID_DOCUMENT', [smallPolicy]],
  // Rules.
  ['subresources of all, without ephemeral containers', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', '*/resize']), 'RULES_INCOMPLETE', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['*', '*/resize', '*/ephemeralcontainers'])],
  ['all but one kind', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['pods/*', 'podtemplates']), 'RULES_INCOMPLETE', change(WEBHOOK, 'webhooks.0.rules.0.resources', ['pods/*', 'podtemplates', 'replicationcontrollers'])],
  ['rules that are shared with an entry for other namespaces', change(WEBHOOK, 'webhooks', [put(ENTRY, 'rules', [CORE]), put(put(SECOND_ENTRY, 'rules', MORE), 'namespaceSelector.matchExpressions.0', byName('In', 'production'))]), 'RULES_INCOMPLETE',
    change(WEBHOOK, 'webhooks', [put(ENTRY, 'rules', [CORE]), put(SECOND_ENTRY, 'rules', MORE)])],
  ['the namespace of a label policy that is left out', change(WEBHOOK, 'webhooks.0.namespaceSelector.matchExpressions.0', byName('NotIn', 'proofgate', 'team-a'), render([put(smallPolicy, 'spec.namespaces', { labels: { 'kubernetes.io/metadata.name': 'team-a' } }) as PolicyDocument])), 'NAMESPACE_UNJUDGED',
    render([put(smallPolicy, 'spec.namespaces', { labels: { 'kubernetes.io/metadata.name': 'team-a' } }) as PolicyDocument])],
];

test.each(EVASIONS)('%s is found, its twin is not', (_claim, weak, expected, twin, rest: readonly string[] = []) => {
  expect(codes(weak)).toContain(expected);
  expect(codes(twin)).toEqual(rest);
});

test.each<[string, object[]]>([
  ['failurePolicy left out, which is Fail', leaveOut(WEBHOOK, 'webhooks.0.failurePolicy')],
  ['an operation by wildcard', change(WEBHOOK, 'webhooks.0.rules', [{ ...PODS, apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }])],
  ['whatever the engine mounts', EVERYTHING],
  ['defaults that the API server adds', pod('dnsPolicy', 'ClusterFirst')],
  ['an option glued to its value', args((words) => words.map((word) => (word === '--deadline' ? '--deadline=8' : word)).filter((_word, index, all) => all[index - 1] !== '--deadline=8'))],
])('%s is sound', (_claim, objects) => {
  expect(codes(objects)).toEqual([]);
});

test('what there is to judge is known from the objects, sound or not', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' } };
  expect(judgedIn([service, null, 1])).toEqual({ own: false, foreign: false, enforcement: false, enforcing: false, documents: false });
  expect(judgedIn([service, without(smallPolicy, 'apiVersion')])).toEqual({ own: false, foreign: false, enforcement: false, enforcing: false, documents: true });
  expect(judgedIn(relabel(only(WEBHOOK)))).toEqual({ own: true, foreign: false, enforcement: true, enforcing: true, documents: false });
  expect(judgedIn(render())).toEqual({ own: true, foreign: false, enforcement: true, enforcing: true, documents: true });
  expect(judgedIn(only('ConfigMap'))).toEqual({ own: true, foreign: false, enforcement: true, enforcing: false, documents: true });
});

test('of two verifiers each looks after the configurations of its own name', () => {
  const second = renderWebhook({ documents: [smallPolicy], trustRoots: [], settings: { ...SETTINGS, name: 'second', namespace: 'second' } })
    .filter(({ kind }) => !kind.endsWith('WebhookConfiguration'));
  const [own, other] = [SETTINGS.name, 'second'].map((name) => codes([...change(WEBHOOK, 'metadata.name', name), ...second]));
  expect(own).not.toContain('WEBHOOK_ENTRY');
  expect(other).toContain('WEBHOOK_ENTRY');
});
