import { createPublicKey, KeyObject } from 'node:crypto';
import { EvidenceFailure } from './failure';
import { hashesFor } from './signature';

/**
 * The key that a policy names as PEM.
 *
 * @throws EvidenceFailure UNSUPPORTED when signatures of its kind are not verified; Error when it is no key at all, such as a point off its curve
 */
export function readPublicKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (hashesFor(key).length === 0) {
    throw new EvidenceFailure('UNSUPPORTED', 'the policy\'s key is of a kind that is not supported');
  }
  return key;
}
