import { PolicyDocument } from '../../policy/document';
import { AdmissionPolicySpec } from '../guard';
import { nativePolicy } from '../native-policy';
import { includes, INCLUDE_LABEL } from './namespaces';

/**
 * The admission policy that lies under policy-controller: it refuses by name, without asking anybody, and what policy-controller does not look at.
 *
 * It is also what makes the label of a namespace no way out: where it is missing nothing new runs.
 */
export function floorPolicy(documents: readonly PolicyDocument[]): AdmissionPolicySpec {
  const { validations, ...floor } = nativePolicy(documents, 'floor');
  return {
    ...floor,
    validations: [
      ...validations,
      {
        expression: `size(variables.added) == 0 || (${includes('namespaceObject')})`, reason: 'Forbidden',
        message: `[UNSUPPORTED] The namespace has no label ${INCLUDE_LABEL} that says "true", and nobody asks policy-controller about its images: add it`,
      },
      {
        expression: '!variables.added.exists(use, use.startsWith(\'volumes/\'))', reason: 'Forbidden',
        message: '[UNSUPPORTED] policy-controller does not look at the images of volumes, so that none may be mounted',
      },
      {
        expression: 'size(variables.added) == 0 || !has(object.metadata.deletionTimestamp)', reason: 'Forbidden',
        message: '[UNSUPPORTED] policy-controller does not look at what is being deleted, so that no image may be added to it',
      },
    ],
  };
}
