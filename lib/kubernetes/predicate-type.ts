import { NormalRequirement } from '../policy/normal';
import { COSIGN_SIGN } from '../policy/predicate-types';

/** The predicate type that a requirement is about: a signature is a statement that says "signed". */
export function predicateTypeOf(requirement: NormalRequirement): string {
  return requirement.type === 'signature' ? COSIGN_SIGN : requirement.predicateType;
}
