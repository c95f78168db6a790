import { Statement } from '../../decide/evidence';
import { EvidenceFailure } from './failure';
import { isGiven, object, strictly, text } from './fields';
import { BUNDLE_LIMITS } from './limits';
import { textsOf } from './texts';

/** What cosign calls what it signs. */
const TYPE = 'cosign container image signature';

/**
 * Reads the payload of simple signing: somebody signed the image of this digest.
 *
 * Readers must refuse what they do not know in `critical` (containers/image, "atomic container signature", section "Interpretation"); `optional` is the
 * signer's own, of which only texts are kept.
 *
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function readSimpleSigning(payload: Uint8Array): Statement {
  const { critical, optional, ...rest } = object(strictly(payload, 'the payload'), 'the payload');
  const { type, image, identity, ...unknown } = object(critical, 'critical');
  const { 'docker-manifest-digest': digest, ...others } = object(image, 'critical.image');
  const { 'docker-reference': reference, ...names } = isGiven(identity) ? object(identity, 'critical.identity') : {};
  const name = text(reference, 'critical.identity', BUNDLE_LIMITS.checkpoint);
  const [strange] = [rest, unknown, others, names].flatMap((fields) => Object.keys(fields));
  if (strange !== undefined) {
    throw new EvidenceFailure('MALFORMED', 'the payload says something that only its writer understands');
  }
  if (type !== TYPE) {
    throw new EvidenceFailure('UNSUPPORTED', `the payload's critical.type is not ${JSON.stringify(TYPE)}`);
  }
  const hex = /^sha256:([0-9a-f]{64})$/.exec(text(digest, 'critical.image', BUNDLE_LIMITS.name))?.[1];
  if (hex === undefined) {
    throw new EvidenceFailure('MALFORMED', 'the payload names no image by its sha256 digest');
  }
  return { readable: true, says: 'signature', predicateType: '', subjects: [{ name, digest: { sha256: hex } }], annotations: textsOf(optional) };
}
