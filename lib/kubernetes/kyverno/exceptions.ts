import { celString } from '../cel';
import { denyingPolicy } from '../denying-policy';
import { RenderedObject } from '../rendered-object';

export function exceptionGuardName(policy: string): string {
  return `${policy}-exceptions`;
}

/**
 * Lets nobody write a PolicyException that names the policy: with one, whoever may write it in any namespace would be let through all of it.
 *
 * Whether Kyverno looks at exceptions at all is a flag of its own, which may be set later.
 */
export function exceptionGuard(policy: string): RenderedObject[] {
  return denyingPolicy(exceptionGuardName(policy), {
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
  });
}
