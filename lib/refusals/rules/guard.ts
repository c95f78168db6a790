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
  remedy: 'Keep each ValidatingAdmissionPolicy and its binding, and the image of the Deployment, as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no matchResources, no paramRef.',
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
    ...differences(spec, wanted).map((path) => ({ object: policy.id, path, message: messageOf(path, spec, wanted) })),
    ...(!list(validationActions).includes('Deny') ? [{ object: binding.id, path: 'spec.validationActions', message: 'A violation is not refused.' }] : []),
    ...(matchResources !== undefined || paramRef !== undefined ? [{ object: binding.id, path: 'spec', message: 'The binding narrows what the policy says.' }] : []),
  ];
}

/** Of a guard that only names another image it is not known which of the two was changed. */
function messageOf(path: string, { variables }: Fields, { does, spec, image, unsaid }: WantedGuard): string {
  const butImage = [...unsaid, 'image'];
  return path === 'spec.variables' && image !== undefined && isSame(withoutValues(variables, butImage), withoutValues(spec.variables, butImage))
    ? `It is for another image than the verifier's Deployment has, ${show(image)}.`
    : `It is not what ${does}.`;
}

/** Parts of the policy that are not those which the verifier calls for. */
function differences(spec: Fields, { spec: expected, unsaid }: WantedGuard): string[] {
  const { namespaceSelector, resourceRules, objectSelector, excludeResourceRules, matchPolicy } = fieldsOf(spec.matchConstraints);
  const { matchConstraints } = expected;
  const isNarrowed = Object.values(fieldsOf(objectSelector)).some((part) => !isEmpty(part)) || list(excludeResourceRules).length > 0
    || (matchPolicy ?? 'Equivalent') !== 'Equivalent';
  const compared: ReadonlyArray<readonly [string, unknown, unknown]> = [
    ['spec.matchConstraints.namespaceSelector', selectorOf(namespaceSelector), selectorOf(matchConstraints.namespaceSelector)],
    ['spec.matchConstraints.resourceRules', resourceRules, matchConstraints.resourceRules],
    ['spec.variables', withoutValues(spec.variables, unsaid), withoutValues(expected.variables, unsaid)],
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

/** Some only by their place: expressions may name what stands before them. */
function withoutValues(variables: unknown, names: readonly string[]): Fields[] {
  return list(variables).map(fieldsOf).map((variable) => (names.some((name) => name === variable.name) ? { name: variable.name } : variable));
}

function isSame(found: unknown, wanted: unknown): boolean {
  return canonicalJson(found ?? null) === canonicalJson(wanted);
}
