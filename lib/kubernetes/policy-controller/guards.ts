import { AdmissionPolicySpec } from '../guard';
import { NAMESPACE_NAME_LABEL } from '../labels';
import { includes, INCLUDE_LABEL } from './namespaces';

/** `spec` of a ValidatingAdmissionPolicy that names nothing. */
export type GuardSpec = Omit<AdmissionPolicySpec, 'variables'>;

/** The ConfigMap by which policy-controller is told what to make of images that no policy matches. */
export const CONFIGURATION = 'config-policy-controller';

/** What it has to say: everything else lets images run that nobody looked at. */
export const CONFIGURATION_DATA = { 'enable-oci11': 'false', 'fail-on-empty-authorities': 'true', 'no-match-policy': 'deny' } as const;

/**
 * Keeps the label on every namespace that has it, also where no policy holds: the labels by which one selects it may go first.
 *
 * Also through the subresources, which may write labels as well. A namespace that goes away may lose it: nothing new is created there.
 */
export function namespaceGuard(): GuardSpec {
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['namespaces', 'namespaces/finalize', 'namespaces/status'], scope: '*' }],
    },
    validations: [{
      expression: `has(object.metadata.deletionTimestamp) || !(${includes('oldObject')}) || (${includes('object')})`,
      message: `The label ${INCLUDE_LABEL} has to stay "true": without it nobody asks policy-controller about the images of this namespace`,
      reason: 'Forbidden',
    }],
  };
}

/** Lets nobody have policy-controller admit what no policy matches, or policies without authorities; what is not said there is as strict. */
export function configurationGuard(own: string): GuardSpec {
  const data = 'object.?data.orValue({})';
  const allowed = Object.entries(CONFIGURATION_DATA).map(([key, value]) => `(!('${key}' in ${data}) || object.data['${key}'] == '${value}')`);
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: own } },
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'], scope: '*' }],
    },
    validations: [{
      expression: `object.metadata.name != '${CONFIGURATION}' || (${allowed.join(' && ')})`,
      message: `${CONFIGURATION} has to say ${Object.entries(CONFIGURATION_DATA).map(([key, value]) => `${key}: ${value}`).join(', ')}, or nothing of them: anything else lets images run that no policy has looked at`,
      reason: 'Forbidden',
    }],
  };
}
