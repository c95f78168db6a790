import { Fields, fieldsOf, list } from '../fields';
import { GrantedSecrets, grantedSecrets } from '../pull-secrets';
import { KubernetesObject, Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { verifiers } from '../verifiers';

export const verifierRights: Rule = {
  code: 'VERIFIER_RIGHTS',
  title: 'The verifier, or somebody in its name, has more rights than it needs',
  why: 'It writes the authority into two webhook configurations, keeps one Secret and reads those pull Secrets of workloads that its registries name; with more, a mistake in what reads strangers\' bytes is a mistake in the whole cluster, and with these rights anybody else could lead the webhooks away.',
  remedy: 'Keep the roles and their bindings as the synthesis renders them, and bind no other role to the verifier\'s service account.',
  check: (subject) => [
    ...subject.objects.filter(({ own, kind }) => own && ROLES.includes(kind)).flatMap((role) => wrongRules(role, grantedSecrets(subject))),
    ...subject.objects.filter(({ kind }) => BINDINGS.includes(kind)).flatMap((binding) => wrongBinding(binding, subject)),
  ],
};

const ROLES = ['ClusterRole', 'Role'];
const BINDINGS = ['ClusterRoleBinding', 'RoleBinding'];

interface Right {
  /** Of the role. */
  readonly kind: string;
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** The one object it is for. @default - all */
  readonly named?: (own: string) => string;
}

/** All that keeping up the certificate and knowing the namespaces' labels takes; names are those of the verifier and of its Secret. */
const RIGHTS: readonly Right[] = [
  {
    kind: 'ClusterRole',
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: ['get', 'patch'],
    named: (own) => own,
  },
  { kind: 'ClusterRole', group: '', resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
  { kind: 'Role', group: '', resources: ['secrets'], verbs: ['get', 'update'], named: (own) => `${own}-tls` },
];

function wrongRules(role: KubernetesObject, granted: GrantedSecrets): Observation[] {
  const rules = list(role.content.rules).map(fieldsOf);
  const aggregated = role.content.aggregationRule === undefined ? [] : [{ object: role.id, path: 'aggregationRule', message: 'Others can add to it.' }];
  return [...aggregated, ...rules.flatMap((rule, index) => (isNeeded(rule, role) || readsPullSecrets(rule, role, granted) ? [] : [{
    object: role.id, path: `rules[${index}]`, message: `It allows ${show(rule.verbs)} of ${show(rule.resources ?? rule.nonResourceURLs)}.`,
  }]))];
}

function isNeeded(rule: Fields, { kind, name }: KubernetesObject): boolean {
  return RIGHTS.some((right) => right.kind === kind && isLimited(rule, right) && (right.named === undefined || isWithin(rule.resourceNames, [right.named(name)])));
}

/** Reading, by their names, those pull Secrets that the registries of the verifier name, where its policies hold. */
function readsPullSecrets(rule: Fields, role: KubernetesObject, granted: GrantedSecrets): boolean {
  return isLimited(rule, { group: '', resources: ['secrets'], verbs: ['get'] }) && granted(role, list(rule.resourceNames));
}

function isLimited(rule: Fields, { group, resources, verbs }: Pick<Right, 'group' | 'resources' | 'verbs'>): boolean {
  return rule.nonResourceURLs === undefined && isWithin(rule.apiGroups, [group]) && isWithin(rule.resources, resources) && isWithin(rule.verbs, verbs);
}

/** An empty list is no limit. */
function isWithin(items: unknown, allowed: readonly string[]): boolean {
  return list(items).length > 0 && list(items).every((item) => typeof item === 'string' && allowed.includes(item));
}

/** The verifier's account has its own role only, and that role no other subject. */
function wrongBinding({ id, own, namespace, name, content }: KubernetesObject, subject: Subject): Observation[] {
  const roleRef = fieldsOf(content.roleRef);
  const subjects = list(content.subjects).map(fieldsOf);
  const accounts = verifiers(subject).map(({ object, podSpec }) => ({ namespace: object.namespace, name: podSpec.serviceAccountName }));
  const isVerifier = (bound: Fields): boolean => accounts.some(({ namespace: at, name: account }) => (
    (bound.kind === 'ServiceAccount' && bound.name === account && bound.namespace === at) || (bound.kind === 'User' && bound.name === `system:serviceaccount:${at}:${show(account)}`)
  ));
  const includesVerifier = (bound: Fields): boolean => isVerifier(bound) || accounts.some((account) => bound.kind === 'Group' && bound.name === `system:serviceaccounts:${account.namespace}`);
  // Roles and bindings of one verifier have one name, also where only one of them is judged.
  const isOwnRole = (own && roleRef.name === name) || subject.objects.some((role) => role.own && role.kind === roleRef.kind && role.name === roleRef.name && (role.kind === 'ClusterRole' || role.namespace === namespace));
  if (!isOwnRole) {
    return own || subjects.some(includesVerifier) ? [{ object: id, path: 'roleRef', message: `It gives the verifier another role than its own: ${show(roleRef.kind)} ${show(roleRef.name)}.` }] : [];
  }
  const strangers = accounts.length === 0 ? [] : subjects.filter((bound) => !isVerifier(bound));
  return strangers.map((stranger) => ({ object: id, path: 'subjects', message: `It gives the rights of the verifier to ${show(stranger.kind)} ${show(stranger.name)}.` }));
}
