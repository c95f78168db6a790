import { guardSpec } from '../../kubernetes/guard';
import { isDnsSubdomain } from '../../kubernetes/names';
import { canonicalJson } from '../../policy/canonical-json';
import { Fields, fieldsOf, list } from '../fields';
import { Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { Verifier, verifiers } from '../verifiers';

export const guard: Rule = {
  code: 'GUARD',
  title: 'The verifier\'s own namespace is open',
  why: 'The webhook has to leave its own namespace out, so an admission policy closes it; without that, anything runs there.',
  remedy: 'Keep the ValidatingAdmissionPolicy and its binding as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no matchResources, no paramRef.',
  check: (subject) => verifiers(subject).flatMap((verifier) => closes(verifier, subject)),
};

function closes(verifier: Verifier, { objects }: Subject): Observation[] {
  const { object: deployment } = verifier;
  const policy = objects.find(({ own, kind, name }) => own && kind === 'ValidatingAdmissionPolicy' && name === deployment.name);
  const binding = objects.find(({ kind, content }) => kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(content.spec).policyName === deployment.name);
  if (policy === undefined || binding === undefined) {
    return [{ object: deployment.id, path: '', message: `No ${policy === undefined ? 'ValidatingAdmissionPolicy' : 'ValidatingAdmissionPolicyBinding'} closes the namespace ${deployment.namespace}.` }];
  }
  const spec = fieldsOf(policy.content.spec);
  const { validationActions, matchResources, paramRef } = fieldsOf(binding.content.spec);
  return [
    ...((spec.failurePolicy ?? 'Fail') !== 'Fail' ? [{ object: policy.id, path: 'spec.failurePolicy', message: `failurePolicy is ${show(spec.failurePolicy)}.` }] : []),
    ...(list(spec.matchConditions).length > 0 ? [{ object: policy.id, path: 'spec.matchConditions', message: 'A condition exempts requests.' }] : []),
    ...differences(spec, verifier).map((path) => ({ object: policy.id, path, message: 'It is not what closes the namespace to every image but the verifier\'s own.' })),
    ...(!list(validationActions).includes('Deny') ? [{ object: binding.id, path: 'spec.validationActions', message: 'A violation is not refused.' }] : []),
    ...(matchResources !== undefined || paramRef !== undefined ? [{ object: binding.id, path: 'spec', message: 'The binding narrows what the policy says.' }] : []),
  ];
}

/** Parts of the policy that are not those which the verifier's image, name and namespace call for; of the operator groups another rule speaks. */
function differences(spec: Fields, { object: { name, namespace }, containers: [container] }: Verifier): string[] {
  const image = container?.image;
  const expected = guardSpec({
    namespace,
    name: isDnsSubdomain(name) ? name : '',
    // What is not pinned is another rule's, and no literal.
    image: typeof image === 'string' && /^[\x20-\x7e]+$/.test(image) ? image : '',
    operatorGroups: [],
  });
  const { namespaceSelector, resourceRules, objectSelector, excludeResourceRules, matchPolicy } = fieldsOf(spec.matchConstraints);
  const { matchConstraints } = expected;
  const isNarrowed = Object.values(fieldsOf(objectSelector)).some((part) => !isEmpty(part)) || list(excludeResourceRules).length > 0
    || (matchPolicy ?? 'Equivalent') !== 'Equivalent';
  const compared: ReadonlyArray<readonly [string, unknown, unknown]> = [
    ['spec.matchConstraints.namespaceSelector', namespaceSelector, matchConstraints.namespaceSelector],
    ['spec.matchConstraints.resourceRules', resourceRules, matchConstraints.resourceRules],
    ['spec.variables', withoutGroups(spec.variables), withoutGroups(expected.variables)],
    ['spec.validations', list(spec.validations).map((validation) => fieldsOf(validation).expression ?? null), expected.validations.map(({ expression }) => expression)],
    ['spec.validations', list(spec.validations).map(messageExpressionOf), expected.validations.map(messageExpressionOf)],
  ];
  return [...(isNarrowed ? ['spec.matchConstraints'] : []), ...compared.filter(([, found, wanted]) => !isSame(found, wanted)).map(([path]) => path)];
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
