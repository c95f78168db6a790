import { Fields, fieldsOf, list } from '../fields';
import { ImageAdmissionPolicy, imageAdmissionPolicies } from '../image-admission';
import { Found } from '../requests';
import { KubernetesObject, Observation, Rule } from '../rule';
import { show } from '../show';

/** Source: Kubernetes 1.36, `pkg/apis/admissionregistration/validation/validation.go`. */
export const imageVapRejected: Rule = {
  code: 'IMAGE_VAP_REJECTED',
  title: 'A ValidatingAdmissionPolicy about images, or its binding, that the API server does not take',
  why: 'The API server rejects the object for one field that it does not take, or serves no such version: a policy that was never stored refuses nothing, and neither does one whose binding was not.',
  remedy: 'Write admissionregistration.k8s.io/v1 and what the message says; try it with kubectl apply --dry-run=server.',
  lintOnly: true,
  check: (subject) => imageAdmissionPolicies(subject).flatMap((policy) => [...ofPolicy(policy), ...policy.bindings.flatMap(ofBinding)]),
};

const SERVED = 'admissionregistration.k8s.io/v1';

function ofVersion({ id, apiVersion }: KubernetesObject): Observation[] {
  return apiVersion === SERVED ? [] : [{ object: id, path: 'apiVersion', message: `It is ${show(apiVersion)}, which servers do not serve unless they are told to: only ${SERVED} is.` }];
}

function ofPolicy({ object, spec }: ImageAdmissionPolicy): Observation[] {
  return [
    ...ofVersion(object),
    ...[...list(fieldsOf(spec.matchConstraints).resourceRules).map(fieldsOf).flatMap(wrongRule), ...list(spec.validations).map(fieldsOf).flatMap(wrongValidation)]
      .map((found) => ({ object: object.id, ...found })),
  ];
}

function wrongRule(rule: Fields, index: number): Found[] {
  return ['apiGroups', 'apiVersions', 'operations', 'resources'].filter((field) => list(rule[field]).length === 0)
    .map((field) => ({ path: `spec.matchConstraints.resourceRules[${index}].${field}`, message: 'It has to be there.' }));
}

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

function wrongValidation({ message, reason }: Fields, index: number): Found[] {
  return [
    ...reason === undefined || REASONS.some((known) => known === reason) ? [] : [{ path: `spec.validations[${index}].reason`, message: `It is ${show(reason)}: only ${REASONS.join(', ')} are taken.` }],
    ...typeof message === 'string' && message.trim().includes('\n') ? [{ path: `spec.validations[${index}].message`, message: 'It may not have several lines.' }] : [],
  ];
}

function ofBinding({ object, spec: { validationActions, paramRef } }: ImageAdmissionPolicy['bindings'][number]): Observation[] {
  const actions = list(validationActions);
  const { name, selector, parameterNotFoundAction } = fieldsOf(paramRef);
  const found = (path: string, message: string): Observation => ({ object: object.id, path, message });
  return [
    ...ofVersion(object),
    ...actions.length === 0 ? [found('spec.validationActions', 'It has to be there.')] : [],
    ...actions.includes('Deny') && actions.includes('Warn') ? [found('spec.validationActions', 'Deny and Warn are not taken together.')] : [],
    ...paramRef !== undefined && (name === undefined) === (selector === undefined) ? [found('spec.paramRef', 'It has to have either name or selector.')] : [],
    ...paramRef !== undefined && parameterNotFoundAction === undefined ? [found('spec.paramRef.parameterNotFoundAction', 'It has to be there.')] : [],
  ];
}
