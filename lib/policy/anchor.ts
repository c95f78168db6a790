import { canonicalJson } from './canonical-json';
import { NormalAttestor } from './normal';

/**
 * What an attestor needs from cryptography, as a text: two attestors with the same anchor get the same answer about a piece of evidence.
 *
 * Who may have signed is no part of it, nor is the reason why something is not required.
 */
export function anchorOf(attestor: NormalAttestor): string {
  const { log, timestamp, sct } = attestor.transparency;
  const anchor = { type: attestor.type, trustRoot: attestor.trustRoot, transparency: { log, timestamp, sct } };
  return canonicalJson(attestor.type === 'key' ? { ...anchor, publicKey: attestor.publicKey } : anchor);
}
