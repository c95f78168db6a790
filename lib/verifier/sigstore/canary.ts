import { anchorOf } from '../../policy/anchor';
import { NormalAttestor } from '../../policy/normal';
import { utf8 } from '../../policy/sha256';
import { AttachedBundle, Deadline, EvidenceVerifier } from '../ports';
import canary from './canary.json';
import { NamedRoot } from './trust-roots';

/** The trust root of the canary, under a name that no document can say. */
export const CANARY_ROOT: NamedRoot = { name: '(canary)', json: JSON.stringify(canary.trustedRoot) };

const ATTESTOR: NormalAttestor = {
  type: 'keyless',
  issuer: '',
  subject: '',
  certificate: {},
  trustRoot: CANARY_ROOT.name,
  transparency: { log: 'required', timestamp: 'notRequired', sct: 'required', reason: '' },
};

/**
 * Asks whether cryptography still tells true from false: a bundle that cosign made must be verified, and the same bundle with another
 * statement must not.
 *
 * @throws Error with what is broken; VerifierError when there was no answer in time
 */
export async function checkCanary(verifier: EvidenceVerifier, deadline: Deadline): Promise<void> {
  const { dsseEnvelope } = canary.bundle;
  const genuine = attached('genuine', canary.bundle);
  const forged = attached('forged', { ...canary.bundle, dsseEnvelope: { ...dsseEnvelope, payload: forge(dsseEnvelope.payload) } });
  const report = await verifier.verify({ bundles: [genuine, forged], unsupported: [] }, 'canary', [ATTESTOR], deadline);
  const verified = report.status === 'found'
    ? report.pieces.map(({ digest, facts }) => `${digest} ${facts[anchorOf(ATTESTOR)]?.verified === true ? 'verified' : 'refused'}`).sort().join(', ')
    : report.code;
  if (verified !== 'forged refused, genuine verified') {
    throw new Error(`a signature that must be verified and a forged one gave: ${verified}`);
  }
}

function attached(digest: string, bundle: typeof canary.bundle): AttachedBundle {
  return { digest, mediaType: bundle.mediaType, bytes: utf8(JSON.stringify(bundle)) };
}

/** The same statement about another image. */
function forge(payload: string): string {
  const statement = JSON.parse(Buffer.from(payload, 'base64').toString()) as { subject: Array<{ digest: { sha256: string } }> };
  const subject = statement.subject.map((one) => ({ ...one, digest: { sha256: '0'.repeat(64) } }));
  return Buffer.from(JSON.stringify({ ...statement, subject })).toString('base64');
}
