import { ENGINE_LABEL } from '../../kubernetes/labels';
import { fieldsOf, list } from '../fields';
import { imageValidatingPolicies } from '../image-validating-policies';
import { imagePoliciesExcepted } from '../kyverno-policies';
import { Rule, Subject } from '../rule';
import { show } from '../show';

export const kyvernoExceptions: Rule = {
  code: 'KYVERNO_EXCEPTIONS',
  title: 'Exceptions from a policy for Kyverno are not refused',
  why: 'A PolicyException that names the policy switches all of it off for what it matches; with the wrong flags of Kyverno, whoever may write one in any namespace can.',
  remedy: 'Keep the ValidatingAdmissionPolicy and its binding as the synthesis renders them: failurePolicy Fail, validationActions [Deny]; write no PolicyException that names the policy.',
  check: (subject) => [
    // One object that is judged alone is only part of what is applied; of others' policies it is not known who may write exceptions.
    ...(subject.alone ? [] : imageValidatingPolicies(subject)).filter(({ object }) => object.labels[ENGINE_LABEL] === 'kyverno' && !isClosed(object.name, subject))
      .map(({ object }) => ({ object: object.id, path: '', message: `No ValidatingAdmissionPolicy refuses exceptions that name ${object.name}.` })),
    ...subject.objects.flatMap((object) => (
      imagePoliciesExcepted(object, subject.objects).map(({ path, policy }) => ({ object: object.id, path, message: `It exempts from the policy ${show(policy)}.` }))
    )),
  ],
};

function isClosed(name: string, { objects }: Subject): boolean {
  const guard = objects.find((object) => object.kind === 'ValidatingAdmissionPolicy' && object.name === `${name}-exceptions`);
  const binding = objects.find((object) => object.kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(object.content.spec).policyName === `${name}-exceptions`);
  const spec = fieldsOf(guard?.content.spec);
  const bound = fieldsOf(binding?.content.spec);
  const [rule, ...others] = list(fieldsOf(spec.matchConstraints).resourceRules).map(fieldsOf);
  return (spec.failurePolicy ?? 'Fail') === 'Fail' && list(spec.matchConditions).length === 0 && others.length === 0
    && list(rule?.resources).includes('policyexceptions') && list(rule?.operations).length === 2 && list(rule?.apiVersions).includes('*')
    && list(spec.validations).map((validation) => fieldsOf(validation).expression).some((expression) => typeof expression === 'string' && expression.includes(`== '${name}')`))
    && list(bound.validationActions).includes('Deny') && bound.matchResources === undefined && bound.paramRef === undefined;
}
