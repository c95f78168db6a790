import { celString } from '../../kubernetes/cel';
import { Manifest, ManifestMetadata } from '../manifest';

/**
 * Lets nobody write a PolicyException that names the policy: with one, whoever may write it in any namespace would be let through all of it.
 *
 * Whether Kyverno looks at exceptions at all is a flag of its own, which may be set later.
 */
export function exceptionGuard(policy: string, metadata: ManifestMetadata): Manifest[] {
  const name = `${policy}-exceptions`;
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { ...metadata, name },
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
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { ...metadata, name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
