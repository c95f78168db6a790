import { celString, celStrings, readCelStrings } from './cel';
import { AdmissionPolicySpec, operatorVariables } from './guard';
import { NAMESPACE_NAME_LABEL } from './labels';

/** Whose objects are guarded, and who may change them. */
export interface GuardedObjects {
  /** Namespace of the verifier. */
  readonly namespace: string;
  /** Name of the verifier's Deployment and ServiceAccount, with which the names of all its objects begin. */
  readonly name: string;
  readonly operatorGroups: readonly string[];
  /** Namespace of the cert-manager that writes the certificate; `undefined` where the verifier does it itself. */
  readonly certManager: string | undefined;
}

/** Name of the admission policy, and of its binding, beside the one that closes the namespace for images. */
export function objectGuardName(name: string): string {
  return `${name}-objects`;
}

/**
 * The policy that keeps what the verifier decides with, and what it is, from everybody but operators: its ConfigMaps and Secrets, its Service,
 * its ServiceAccount with its tokens and rights, its namespace, a shell in its Pods, the authority that it knows the API server by, and with cert-manager whatever
 * asks for certificates in its namespace.
 *
 * What others put into the namespace under other names is none of its business. An object is the verifier's by its old state as by its
 * new one, so that neither taking it over nor letting it go passes.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function objectGuardSpec({ namespace, name, operatorGroups, certManager }: GuardedObjects): AdmissionPolicySpec {
  const user = `system:serviceaccount:${namespace}:${name}`;
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      // Of what has no namespace it selects namespaces alone; of roles and bindings for the whole cluster all are asked about.
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
      resourceRules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['configmaps', 'secrets', 'serviceaccounts', 'services'], scope: 'Namespaced' },
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['serviceaccounts/token'], scope: 'Namespaced' },
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/attach', 'pods/exec'], scope: 'Namespaced' },
        { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE', 'DELETE'], resources: ['namespaces', 'namespaces/finalize', 'namespaces/status'], scope: 'Cluster' },
        { apiGroups: ['rbac.authorization.k8s.io'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['rolebindings', 'roles'], scope: 'Namespaced' },
        ...certManager === undefined ? [] : CERTIFICATES,
        { apiGroups: ['rbac.authorization.k8s.io'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['clusterrolebindings', 'clusterroles'], scope: 'Cluster' },
      ],
    },
    variables: [
      { name: 'verifier', expression: celString(name) },
      { name: 'verifierUser', expression: celString(user) },
      ...operatorVariables(operatorGroups),
      { name: 'certificateGroups', expression: celStrings(certManager === undefined ? [] : [`${ACCOUNTS}${certManager}`]) },
      { name: 'states', expression: STATES },
      { name: 'name', expression: NAME },
      { name: 'ofVerifier', expression: 'variables.name == variables.verifier || variables.name.startsWith(variables.verifier + \'-\')' },
      { name: 'givesToken', expression: GIVES_TOKEN },
      { name: 'givesRights', expression: givesRights(namespace) },
      { name: 'relabelled', expression: RELABELLED },
      { name: 'guarded', expression: GUARDED },
      { name: 'caretaker', expression: `request.userInfo.username in ${celStrings(CARETAKERS)}` },
      { name: 'kubelet', expression: 'request.?subResource.orValue(\'\') == \'token\' && request.userInfo.?groups.orValue([]).exists(group, group == \'system:nodes\')' },
      { name: 'certificate', expression: certManager === undefined ? OWN_CERTIFICATE : CERT_MANAGERS_CERTIFICATE },
    ],
    validations: [{
      expression: '!variables.guarded || variables.operator || variables.caretaker || variables.kubelet || variables.certificate',
      message: 'Only operators may change what belongs to the image verifier, or enter its Pods: people who may update validatingwebhookconfigurations,'
        + ' and members of the operator groups that the verifier was set up with.',
      reason: 'Forbidden',
    }],
  };
}

/**
 * What cert-manager is asked for, and what it says to that. Another issuer would be another authority, which its injector tells the API server; any Certificate may
 * name the verifier's Secret or its host name, and the state of a request holds the certificate and names the key.
 */
const CERTIFICATES = [
  { apiGroups: ['cert-manager.io'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['certificaterequests', 'certificates', 'issuers'], scope: 'Namespaced' },
  { apiGroups: ['cert-manager.io'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['certificaterequests/status', 'certificates/status', 'issuers/status'], scope: 'Namespaced' },
] as const;

/** Holds the authority of the API server in each namespace; the verifier trusts it as that. */
const ROOT_CA = 'kube-root-ca.crt';

/** Those who clean up after a namespace that was deleted, fill a token's Secret, and say in each namespace who the API server is. */
const CARETAKERS = [
  'system:kube-controller-manager',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:serviceaccount:kube-system:namespace-controller',
  'system:serviceaccount:kube-system:root-ca-cert-publisher',
];

/** Before a namespace, the group of every account in it. */
const ACCOUNTS = 'system:serviceaccounts:';

/** The namespace of the cert-manager that a policy lets write Secrets; `undefined` for what `objectGuardSpec` would not write. */
export function certManagerOf(certificateGroups: unknown): string | undefined {
  const [group, ...others] = typeof certificateGroups === 'string' ? readCelStrings(certificateGroups) ?? [] : [];
  return group?.startsWith(ACCOUNTS) === true && others.length === 0 ? group.slice(ACCOUNTS.length) : undefined;
}

/** What the object was and will be; neither for a connection or a token, whose body is no object of the cluster. */
const STATES = '(request.operation in [\'CREATE\', \'UPDATE\'] && request.?subResource.orValue(\'\') == \'\' ? [dyn(object)] : [])'
  + ' + (request.operation in [\'UPDATE\', \'DELETE\'] ? [dyn(oldObject)] : [])';

/** The request's own name is empty where a created object's is the only one. */
const NAME = 'request.?name.orValue(\'\') != \'\' ? request.name : variables.states.map(state, state.?metadata.?name.orValue(\'\')).join(\'\')';

/** A Secret that the controller manager fills with a token of the verifier, whatever its name. */
const GIVES_TOKEN = 'request.resource.resource == \'secrets\''
  + ' && variables.states.exists(state, state.?metadata.?annotations[?\'kubernetes.io/service-account.name\'].orValue(\'\') == variables.verifier)';

/** A binding of the verifier's account by either of its names. */
function givesRights(namespace: string): string {
  const account = `subject.kind == 'ServiceAccount' && subject.name == variables.verifier && subject.?namespace.orValue(request.?namespace.orValue('')) == ${celString(namespace)}`;
  const subjects = 'state.?subjects.orValue([])';
  return 'request.resource.resource in [\'clusterrolebindings\', \'rolebindings\']'
    + ` && variables.states.exists(state, ${subjects}.exists(subject, (${account}) || (subject.kind == 'User' && subject.name == variables.verifierUser)))`;
}

const RELABELLED = 'request.resource.resource == \'namespaces\''
  + ' && (request.operation == \'DELETE\' || object.metadata.?labels.orValue({}) != oldObject.metadata.?labels.orValue({}))';

/** By the least that says so: what is missing in a request makes nothing pass. */
const GUARDED = [
  'request.?subResource.orValue(\'\') in [\'attach\', \'exec\']',
  '(request.resource.resource in [\'configmaps\', \'rolebindings\', \'roles\', \'secrets\'] && variables.ofVerifier)',
  '(request.resource.resource in [\'clusterrolebindings\', \'clusterroles\', \'serviceaccounts\', \'services\'] && variables.name == variables.verifier)',
  `(request.resource.resource == 'configmaps' && variables.name == ${celString(ROOT_CA)})`,
  'request.resource.group == \'cert-manager.io\'',
  'variables.givesToken',
  'variables.givesRights',
  'variables.relabelled',
].join(' || ');

const OWN_CERTIFICATE = 'request.resource.resource == \'secrets\' && request.operation == \'UPDATE\''
  + ' && variables.name == variables.verifier + \'-tls\' && request.userInfo.username == variables.verifierUser';

/** It writes a private key under a name of its own first. What an Ingress asks it for is not its own: it makes no Certificate here. */
const CERT_MANAGERS_CERTIFICATE = '((request.resource.resource == \'secrets\' && !variables.givesToken) || request.resource.resource in [\'certificaterequests\', \'issuers\']'
  + ' || (request.resource.resource == \'certificates\' && request.?subResource.orValue(\'\') == \'status\'))'
  + ' && request.userInfo.?groups.orValue([]).exists(group, group in variables.certificateGroups)';
