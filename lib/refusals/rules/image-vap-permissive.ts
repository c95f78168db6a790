import { Fields, fieldsOf, list } from '../fields';
import { ImageAdmissionPolicy, imageAdmissionPolicies } from '../image-admission';
import { Observation, Rule } from '../rule';
import { show } from '../show';

export const imageVapPermissive: Rule = {
  code: 'IMAGE_VAP_PERMISSIVE',
  title: 'A ValidatingAdmissionPolicy about images that refuses nothing',
  why: 'A policy is evaluated only where a binding says so, and refuses only where its binding says Deny. With failurePolicy Ignore an expression that ends in an error admits, and one does for every field that is not there. Parameters that are missing, or that tenants write, decide in place of the policy.',
  remedy: 'Bind it with validationActions [Deny] and failurePolicy Fail; name its parameters with their namespace, in which only operators write, and parameterNotFoundAction Deny.',
  lintOnly: true,
  check: (subject) => imageAdmissionPolicies(subject).flatMap((policy) => [
    ...(policy.spec.failurePolicy ?? 'Fail') === 'Fail' ? [] : [{
      object: policy.object.id, path: 'spec.failurePolicy', message: `It is ${show(policy.spec.failurePolicy)}: an expression that ends in an error admits, as does a parameter that is not found.`,
    }],
    ...policy.bindings.length > 0 || subject.alone ? [] : [{ object: policy.object.id, path: '', message: 'No ValidatingAdmissionPolicyBinding among these objects names it: it is evaluated for nothing.' }],
    ...weakBindings(policy),
  ]),
};

function weakBindings({ bindings, spec: { paramKind } }: ImageAdmissionPolicy): Observation[] {
  const denies = ({ validationActions }: Fields): boolean => list(validationActions).includes('Deny');
  const isDeniedEverywhere = bindings.some(({ spec }) => denies(spec) && spec.matchResources === undefined);
  return bindings.flatMap(({ object: { id: object }, spec }) => [
    ...denies(spec) || isDeniedEverywhere ? [] : [{ object, path: 'spec.validationActions', message: `It is ${show(spec.validationActions)}: a violation is noted, and the image runs.` }],
    ...paramKind === undefined ? [] : weakParameters(spec.paramRef, fieldsOf(paramKind).kind).map(([field, message]) => ({ object, path: `spec.paramRef${field}`, message })),
  ]);
}

function weakParameters(paramRef: unknown, kind: unknown): Array<readonly [field: string, message: string]> {
  if (paramRef === undefined) {
    return [['', 'It is absent: the policy is evaluated with params that are null, and what an expression makes of that decides.']];
  }
  const { namespace, parameterNotFoundAction } = fieldsOf(paramRef);
  return [
    ...parameterNotFoundAction === 'Allow' ? [['.parameterNotFoundAction', 'It is Allow: without parameters nothing is evaluated, and whoever may delete them switches the policy off.'] as const] : [],
    // Of other kinds it is not known whether they have a namespace.
    ...namespace === undefined && kind === 'ConfigMap' ? [['.namespace', 'It is absent: the ConfigMap is looked up in the namespace of the request, where tenants write it.'] as const] : [],
  ];
}
