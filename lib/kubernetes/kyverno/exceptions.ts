import { celString } from '../cel';
import { RenderedObject } from '../rendered-object';

/**
 * Lets nobody write a PolicyException that names the policy: with one, whoever may write it in any namespace would be let through all of it.
 *
 * Whether Kyverno looks at exceptions at all is a flag of its own, which may be set later.
 */
export function exceptionGuard(policy: string): RenderedObject[] {
  const name = `${policy}-exceptions`;
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      name,
      content: {
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            matchPolicy: 'Equivalent',
            resourceRules: [{ apiGroups: ['policies.kyverno.io'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['policyexceptions'], scope: '*' }],
          },
          validations: [{
            expression: `!object.spec.?policyRefs.orValue([]).exists(reference, reference.?name.orValue('') == ${celString(policy)})`,
            message: `No exception may name the policy ${policy}: change what it was synthesized from`,
            reason: 'Forbidden',
          }],
        },
      },
    },
    { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', name, content: { spec: { policyName: name, validationActions: ['Deny'] } } },
  ];
}

const apiVersion = 'admissionregistration.k8s.io/v1';
