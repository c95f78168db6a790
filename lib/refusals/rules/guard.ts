import { guardSpec } from '../../kubernetes/guard';
import { canonicalJson } from '../../policy/canonical-json';
import { KubernetesObject, Rule } from '../rule';
import { fieldsOf, isOwn, list } from '../webhook-entries';

type Fields = { readonly [key: string]: unknown };

export const guard: Rule = {
  code: 'GUARD',
  title: 'The verifier\'s own namespace is open',
  why: 'The webhook has to leave its own namespace out, so an admission policy closes it; without that, anything runs there.',
  remedy: 'Keep the ValidatingAdmissionPolicy and its binding as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no matchResources, no paramRef.',
  check: ({ objects }) => objects.filter((object) => object.kind === 'Deployment' && isOwn(object)).flatMap((deployment) => {
    const policy = objects.find((object) => object.kind === 'ValidatingAdmissionPolicy' && object.name === deployment.name && isOwn(object));
    const binding = objects.find((object) => object.kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(object.content.spec).policyName === deployment.name);
    if (policy === undefined || binding === undefined) {
      return [{ object: deployment.id, path: '', message: `No ${policy === undefined ? 'ValidatingAdmissionPolicy' : 'ValidatingAdmissionPolicyBinding'} closes the namespace ${deployment.namespace}.` }];
    }
    const spec = fieldsOf(policy.content.spec);
    const { validationActions, matchResources, paramRef } = fieldsOf(binding.content.spec);
    const weak = [
      ...(spec.failurePolicy !== 'Fail' ? [{ object: policy.id, path: 'spec.failurePolicy', message: `failurePolicy is ${String(spec.failurePolicy)}.` }] : []),
      ...(list(spec.matchConditions).length > 0 ? [{ object: policy.id, path: 'spec.matchConditions', message: 'A condition exempts requests.' }] : []),
      ...differences(spec, deployment).map((path) => ({ object: policy.id, path, message: 'It is not what closes the namespace to every image but the verifier\'s own.' })),
      ...(!list(validationActions).includes('Deny') ? [{ object: binding.id, path: 'spec.validationActions', message: 'A violation is not refused.' }] : []),
      ...(matchResources !== undefined || paramRef !== undefined ? [{ object: binding.id, path: 'spec', message: 'The binding narrows what the policy says.' }] : []),
    ];
    return weak;
  }),
};

/** Parts of the policy that are not those which the verifier's image, name and namespace call for; the operator groups are the user's. */
function differences(spec: Fields, deployment: KubernetesObject): string[] {
  const { containers } = fieldsOf(fieldsOf(fieldsOf(deployment.content.spec).template).spec);
  const { image } = fieldsOf(list(containers)[0]);
  const expected = guardSpec({ namespace: deployment.namespace, name: deployment.name, image: String(image), operatorGroups: [] });
  const { namespaceSelector, resourceRules, objectSelector, excludeResourceRules, matchPolicy } = fieldsOf(spec.matchConstraints);
  const { matchConstraints } = expected;
  const isNarrowed = Object.values(fieldsOf(objectSelector)).some((part) => Object.keys(Object(part) as object).length > 0) || list(excludeResourceRules).length > 0
    || (matchPolicy ?? 'Equivalent') !== 'Equivalent';
  const compared: ReadonlyArray<readonly [string, unknown, unknown]> = [
    ['spec.matchConstraints.namespaceSelector', namespaceSelector, matchConstraints.namespaceSelector],
    ['spec.matchConstraints.resourceRules', resourceRules, matchConstraints.resourceRules],
    ['spec.variables', withoutGroups(spec.variables), withoutGroups(expected.variables)],
    ['spec.validations', list(spec.validations).map((validation) => fieldsOf(validation).expression), expected.validations.map(({ expression }) => expression)],
  ];
  return [...(isNarrowed ? ['spec.matchConstraints'] : []), ...compared.filter(([, found, wanted]) => !isSame(found, wanted)).map(([path]) => path)];
}

function withoutGroups(variables: unknown): Fields[] {
  return list(variables).map(fieldsOf).filter(({ name }) => name !== 'operatorGroups');
}

/** Compared as JSON, the way it would be written. */
function isSame(found: unknown, wanted: unknown): boolean {
  return canonicalJson(asJson(found)) === canonicalJson(asJson(wanted));
}

function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
