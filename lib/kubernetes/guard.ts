import { AdmissionRule, workloadRules } from './admission-rules';
import { celString, celStrings } from './cel';
import { NAMESPACE_NAME_LABEL } from './labels';
import { WORKLOADS } from './workloads';

/** What the guard of the verifier's namespace is made for. */
export interface GuardSubject {
  readonly namespace: string;
  /** Name of the verifier's Deployment. */
  readonly name: string;
  /** The only image that may run there, by digest. */
  readonly image: string;
  /** Groups that may change workloads there, beside everybody who may update webhook configurations. */
  readonly operatorGroups: readonly string[];
}

/** `spec` of a ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1). */
export interface AdmissionPolicySpec {
  readonly failurePolicy: 'Fail';
  readonly matchConstraints: {
    readonly matchPolicy: 'Equivalent';
    readonly namespaceSelector?: { readonly matchLabels: { readonly [label: string]: string } };
    readonly resourceRules: readonly AdmissionRule[];
  };
  readonly variables: readonly PolicyVariable[];
  readonly validations: readonly {
    readonly expression: string;
    readonly message: string;
    readonly messageExpression?: string;
    readonly reason: 'Forbidden';
  }[];
}

export interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

/** Users that turn the verifier's Deployment into Pods: its two controllers, or the controller manager where it does not use their accounts. */
const CONTROLLERS = [
  'system:kube-controller-manager',
  'system:serviceaccount:kube-system:deployment-controller',
  'system:serviceaccount:kube-system:replicaset-controller',
];

/**
 * The policy that closes the verifier's own namespace, which its webhook has to leave out so that a dead verifier can restart.
 *
 * Two things hold there for everything that makes Pods. Every image is the verifier's, by digest; and whoever brings it is an operator
 * or a controller, because the same image with other arguments, labels or volumes could answer in the verifier's place. An update
 * that leaves the Pod specification as it is passes, so that an old ReplicaSet can still be scaled down. On an upgrade the
 * verifier's own Deployment may name its new image before this policy's new text is in force; its Pods wait for that.
 *
 * An operator is whoever may update every webhook configuration (they could switch enforcement off anyway), or a member of the named groups.
 */
export function guardSpec(guard: GuardSubject): AdmissionPolicySpec {
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: guard.namespace } },
      resourceRules: workloadRules(),
    },
    variables: [
      { name: 'image', expression: celString(guard.image) },
      ...operatorVariables(guard.operatorGroups),
      { name: 'podSpec', expression: podSpecOf('object') },
      { name: 'oldPodSpec', expression: `request.operation == 'UPDATE' ? (${podSpecOf('oldObject')}) : {}` },
      { name: 'references', expression: REFERENCES },
      { name: 'foreign', expression: 'variables.references.filter(reference, reference != variables.image)' },
      { name: 'unchanged', expression: 'request.operation == \'UPDATE\' && variables.podSpec == variables.oldPodSpec' },
      { name: 'controller', expression: `request.userInfo.username in ${celStrings(CONTROLLERS)}` },
      { name: 'ownDeployment', expression: `object.kind == 'Deployment' && object.metadata.name == ${celString(guard.name)}` },
    ],
    validations: [
      {
        expression: [
          'variables.unchanged',
          '(size(variables.references) > 0 && size(variables.foreign) == 0)',
          '(variables.operator && variables.ownDeployment)',
        ].join(' || '),
        message: 'Only the image of the verifier may run in its namespace',
        messageExpression: '\'Only \' + variables.image + \' may run in this namespace, which the image verifier cannot guard itself; found: \''
          + ' + variables.foreign.join(\', \') + \'. Use another namespace.\'',
        reason: 'Forbidden',
      },
      {
        expression: 'variables.unchanged || variables.operator || variables.controller',
        message: 'Only operators may change what runs in the verifier\'s namespace: people who may update validatingwebhookconfigurations,'
          + ' and members of the operator groups that the verifier was set up with.',
        reason: 'Forbidden',
      },
    ],
  };
}

/** Optional throughout: an error would deny as well, but without saying why. */
const REFERENCES = [
  ...['containers', 'initContainers', 'ephemeralContainers'].map((list) =>
    `variables.podSpec.?${list}.orValue([]).map(container, container.?image.orValue(''))`),
  'variables.podSpec.?volumes.orValue([]).filter(volume, has(volume.image)).map(volume, volume.image.?reference.orValue(\'\'))',
].join(' + ');

/** Who is an operator, in the variable `operator`: whoever may update every webhook configuration, or a member of these groups. */
export function operatorVariables(groups: readonly string[]): PolicyVariable[] {
  return [{ name: 'operatorGroups', expression: celStrings([...groups].sort()) }, { name: 'operator', expression: OPERATOR }];
}

const OPERATOR = 'request.userInfo.?groups.orValue([]).exists(group, group in variables.operatorGroups)'
  + ' || authorizer.group(\'admissionregistration.k8s.io\').resource(\'validatingwebhookconfigurations\').check(\'update\').allowed()';

/** The Pod specification of any workload kind; empty where there is none, which then has no images and is refused. */
export function podSpecOf(object: 'object' | 'oldObject'): string {
  const byPath = new Map<string, string[]>();
  for (const { kind, podSpecPath } of WORKLOADS) {
    const expression = `${object}${podSpecPath.map((field) => `.?${field}`).join('')}.orValue({})`;
    byPath.set(expression, [...byPath.get(expression) ?? [], kind]);
  }
  const branches = [...byPath].map(([expression, kinds]) => `${object}.kind in ${celStrings([...kinds].sort())} ? ${expression} : `);
  return `${branches.join('')}{}`;
}
