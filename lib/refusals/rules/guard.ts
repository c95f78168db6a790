import { AdmissionPolicySpec, guardSpec } from '../../kubernetes/guard';
import { labelGuardName, labelGuardSpec } from '../../kubernetes/guard-labels';
import { certManagerOf, objectGuardName, objectGuardSpec } from '../../kubernetes/guard-objects';
import { isDnsSubdomain } from '../../kubernetes/names';
import { canonicalJson } from '../../policy/canonical-json';
import { NamespaceSelection } from '../../policy/document';
import { Fields, fieldsOf, list } from '../fields';
import { Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { documentsOf, valuesOf, Verifier, verifiers } from '../verifiers';

export const guard: Rule = {
  code: 'GUARD',
  title: 'The verifier\'s own namespace, or what scopes its webhook, is open',
  why: 'The webhook has to leave its own namespace out, so admission policies close it: for images, for what the verifier decides with, and for the labels that select namespaces; without them, anything runs there, or decides.',
  remedy: 'Keep each ValidatingAdmissionPolicy and its binding as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no matchResources, no paramRef.',
  check: (subject) => verifiers(subject).flatMap((verifier) => wantedFor(verifier, subject).flatMap((wanted) => holds(wanted, verifier, subject))),
};

/** What is wanted beside the verifier, and why. */
interface Wanted {
  readonly name: string;
  readonly does: string;
  readonly spec: AdmissionPolicySpec;
}

function wantedFor({ object: { name, namespace }, containers: [container], args }: Verifier, subject: Subject): Wanted[] {
  const image = container?.image;
  const subjects = { namespace: isDnsSubdomain(namespace) ? namespace : '', name: isDnsSubdomain(name) ? name : '', operatorGroups: [] };
  const keys = [...new Set(documentsOf(subject, namespace).flatMap(({ spec }) => labelsOf(spec.namespaces)))];
  return [
    {
      name,
      does: 'closes the namespace to every image but the verifier\'s own',
      // What is not pinned is another rule's, and no literal.
      spec: guardSpec({ ...subjects, image: typeof image === 'string' && /^[\x20-\x7e]+$/.test(image) ? image : '' }),
    },
    {
      name: objectGuardName(name),
      does: 'keeps what the verifier decides with from everybody but operators',
      spec: objectGuardSpec({ ...subjects, certManager: valuesOf(args, '--tls').includes('self-managed') ? undefined : certManager(subject, name, namespace) }),
    },
    ...(keys.length === 0 ? [] : [{ name: labelGuardName(name), does: 'keeps the labels by which documents select namespaces', spec: labelGuardSpec(keys, []) }]),
  ];
}

/** Whose name only the policy itself says; that of the verifier's own namespace would let everything in it write its Secrets. */
function certManager({ objects }: Subject, name: string, namespace: string): string {
  const policy = objects.find(({ own, kind, name: found }) => own && kind === 'ValidatingAdmissionPolicy' && found === objectGuardName(name));
  const groups = list(fieldsOf(policy?.content.spec).variables).map(fieldsOf).find((variable) => variable.name === 'certificateGroups')?.expression;
  const found = certManagerOf(groups);
  return found !== undefined && found !== namespace && isDnsSubdomain(found) ? found : 'cert-manager';
}

function labelsOf(namespaces: NamespaceSelection | undefined): string[] {
  return namespaces !== undefined && 'labels' in namespaces ? Object.keys(namespaces.labels) : [];
}

function holds(wanted: Wanted, { object: deployment }: Verifier, { objects }: Subject): Observation[] {
  const policy = objects.find(({ own, kind, name }) => own && kind === 'ValidatingAdmissionPolicy' && name === wanted.name);
  const binding = objects.find(({ kind, content }) => kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(content.spec).policyName === wanted.name);
  if (policy === undefined || binding === undefined) {
    const missing = policy === undefined ? 'ValidatingAdmissionPolicy' : 'ValidatingAdmissionPolicyBinding';
    return [{ object: deployment.id, path: '', message: `There is no ${missing} ${wanted.name}, which ${wanted.does}.` }];
  }
  const spec = fieldsOf(policy.content.spec);
  const { validationActions, matchResources, paramRef } = fieldsOf(binding.content.spec);
  return [
    ...((spec.failurePolicy ?? 'Fail') !== 'Fail' ? [{ object: policy.id, path: 'spec.failurePolicy', message: `failurePolicy is ${show(spec.failurePolicy)}.` }] : []),
    ...(list(spec.matchConditions).length > 0 ? [{ object: policy.id, path: 'spec.matchConditions', message: 'A condition exempts requests.' }] : []),
    ...differences(spec, wanted.spec).map((path) => ({ object: policy.id, path, message: `It is not what ${wanted.does}.` })),
    ...(!list(validationActions).includes('Deny') ? [{ object: binding.id, path: 'spec.validationActions', message: 'A violation is not refused.' }] : []),
    ...(matchResources !== undefined || paramRef !== undefined ? [{ object: binding.id, path: 'spec', message: 'The binding narrows what the policy says.' }] : []),
  ];
}

/** Parts of the policy that are not those which the verifier calls for; of the operator groups another rule speaks. */
function differences(spec: Fields, expected: AdmissionPolicySpec): string[] {
  const { namespaceSelector, resourceRules, objectSelector, excludeResourceRules, matchPolicy } = fieldsOf(spec.matchConstraints);
  const { matchConstraints } = expected;
  const isNarrowed = Object.values(fieldsOf(objectSelector)).some((part) => !isEmpty(part)) || list(excludeResourceRules).length > 0
    || (matchPolicy ?? 'Equivalent') !== 'Equivalent';
  const compared: ReadonlyArray<readonly [string, unknown, unknown]> = [
    ['spec.matchConstraints.namespaceSelector', selectorOf(namespaceSelector), selectorOf(matchConstraints.namespaceSelector)],
    ['spec.matchConstraints.resourceRules', resourceRules, matchConstraints.resourceRules],
    ['spec.variables', withoutGroups(spec.variables), withoutGroups(expected.variables)],
    ['spec.validations', list(spec.validations).map((validation) => fieldsOf(validation).expression ?? null), expected.validations.map(({ expression }) => expression)],
    ['spec.validations', list(spec.validations).map(messageExpressionOf), expected.validations.map(messageExpressionOf)],
  ];
  return [...(isNarrowed ? ['spec.matchConstraints'] : []), ...compared.filter(([, found, wanted]) => !isSame(found, wanted)).map(([path]) => path)];
}

/** An empty selector selects everything, as none does; the API server adds empty ones. */
function selectorOf(selector: unknown): unknown {
  return Object.values(fieldsOf(selector)).every(isEmpty) ? null : selector;
}

function isEmpty(part: unknown): boolean {
  return part === null || (typeof part === 'object' && Object.keys(part).length === 0);
}

/** One that cannot be compiled has the API server reject the policy. */
function messageExpressionOf(validation: unknown): unknown {
  return fieldsOf(validation).messageExpression ?? null;
}

/** The groups only by their place: expressions may name what stands before them. */
function withoutGroups(variables: unknown): Fields[] {
  return list(variables).map(fieldsOf).map((variable) => (variable.name === 'operatorGroups' ? { name: variable.name } : variable));
}

function isSame(found: unknown, wanted: unknown): boolean {
  return canonicalJson(found ?? null) === canonicalJson(wanted);
}
