import { ENGINE_LABEL } from '../../kubernetes/labels';
import { fieldsOf, list } from '../fields';
import { isKyvernoImagePolicy } from '../kyverno-policies';
import { KubernetesObject, Rule, Subject } from '../rule';

export const kyvernoExceptions: Rule = {
  code: 'KYVERNO_EXCEPTIONS',
  title: 'Exceptions from a policy for Kyverno are not refused',
  why: 'A PolicyException that names the policy switches all of it off for what it matches; with the wrong flags of Kyverno, whoever may write one in any namespace can.',
  remedy: 'Keep the ValidatingAdmissionPolicy and its binding as the synthesis renders them: failurePolicy Fail, validationActions [Deny]; write no PolicyException that names the policy.',
  check: (subject) => subject.objects.filter(isKyvernoImagePolicy).flatMap((object) => [
    // One object that is judged alone is only part of what is applied; of others' policies it is not known who may write exceptions.
    ...object.labels[ENGINE_LABEL] !== 'kyverno' || isClosed(object.name, subject) || subject.alone ? [] : [{ object: object.id, path: '', message: `No ValidatingAdmissionPolicy refuses exceptions that name ${object.name}.` }],
    ...subject.objects.flatMap((other) => exemptionsIn(other, object.name).map((path) => ({ object: other.id, path, message: `It exempts from the policy ${object.name}.` }))),
  ]),
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

/** Where a PolicyException, of `policies.kyverno.io` or of the older `kyverno.io`, names a policy. */
function exemptionsIn({ content }: KubernetesObject, policy: string): string[] {
  const { policyRefs, exceptions } = fieldsOf(content.kind === 'PolicyException' ? content.spec : undefined);
  return [
    ...list(policyRefs).some((reference) => fieldsOf(reference).name === policy) ? ['spec.policyRefs'] : [],
    ...list(exceptions).some((exception) => fieldsOf(exception).policyName === policy) ? ['spec.exceptions'] : [],
  ];
}
