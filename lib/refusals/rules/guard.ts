import { AdmissionPolicySpec } from '../../kubernetes/guard';
import { canonicalJson } from '../../policy/canonical-json';
import { Fields, fieldsOf, list } from '../fields';
import { GUARD_VALIDATIONS, isGuard, WantedGuard, wantedGuards } from '../guards';
import { KubernetesObject, Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { Verifier, verifiers } from '../verifiers';

export const guard: Rule = {
  code: 'GUARD',
  title: 'The verifier\'s own namespace, or what scopes its webhook, is open',
  why: 'The webhook has to leave its own namespace out, so admission policies close it: for images, for what the verifier decides with, and for the labels that select namespaces; without them, anything runs there, or decides.',
  remedy: 'Keep each ValidatingAdmissionPolicy and its binding as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no matchResources, no paramRef.',
  check: (subject) => {
    const wanted = verifiers(subject).flatMap((verifier) => wantedGuards(verifier, subject).map((guarding) => ({ verifier, guarding })));
    return [
      ...wanted.flatMap(({ verifier, guarding }) => holds(guarding, verifier, subject)),
      ...subject.objects.filter(({ own, kind, name, content }) => own && kind === 'ValidatingAdmissionPolicy' && isGuard(content) && !wanted.some(({ guarding }) => guarding.name === name)).flatMap(unanswered),
    ];
  },
};

/** What opens the guard of a verifier that is elsewhere. */
function unanswered({ id, content }: KubernetesObject): Observation[] {
  const spec = fieldsOf(content.spec);
  const expressions = list(spec.validations).map((validation) => fieldsOf(validation).expression ?? null);
  return [
    ...openings(id, spec),
    ...GUARD_VALIDATIONS.some((known) => isSame(expressions, known)) ? [] : [{ object: id, path: 'spec.validations', message: 'It is not what guards a verifier.' }],
  ];
}

function openings(id: string, spec: Fields): Observation[] {
  return [
    ...((spec.failurePolicy ?? 'Fail') !== 'Fail' ? [{ object: id, path: 'spec.failurePolicy', message: `failurePolicy is ${show(spec.failurePolicy)}.` }] : []),
    ...(spec.paramKind != null ? [{ object: id, path: 'spec.paramKind', message: 'What it compares with is taken from another object.' }] : []),
    ...(list(spec.matchConditions).length > 0 ? [{ object: id, path: 'spec.matchConditions', message: 'A condition exempts requests.' }] : []),
  ];
}

function holds(wanted: WantedGuard, { object: deployment }: Verifier, { objects }: Subject): Observation[] {
  const policy = objects.find(({ own, kind, name }) => own && kind === 'ValidatingAdmissionPolicy' && name === wanted.name);
  const binding = objects.find(({ kind, content }) => kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(content.spec).policyName === wanted.name);
  if (policy === undefined || binding === undefined) {
    const missing = policy === undefined ? 'ValidatingAdmissionPolicy' : 'ValidatingAdmissionPolicyBinding';
    return [{ object: deployment.id, path: '', message: `There is no ${missing} ${wanted.name}, which ${wanted.does}.` }];
  }
  const spec = fieldsOf(policy.content.spec);
  const { validationActions, matchResources, paramRef } = fieldsOf(binding.content.spec);
  return [
    ...openings(policy.id, spec),
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
