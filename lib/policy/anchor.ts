import { canonicalJson } from './canonical-json';
import { NormalAttestor } from './normal';

/**
 * What an attestor needs from cryptography, as a text: two attestors with the same anchor get the same answer about a piece of evidence.
 *
 * Who may have signed, or when a key may, is no part of it, nor is the reason why something is not required.
 */
export function anchorOf(attestor: NormalAttestor): string {
  const { log, timestamp, sct } = attestor.transparency;
  const anchor = { type: attestor.type, trustRoot: attestor.trustRoot, transparency: { log, timestamp, sct } };
  switch (attestor.type) {
    case 'keyless': return canonicalJson(anchor);
    case 'key': return canonicalJson({ ...anchor, keys: attestor.keys.map(({ publicKey }) => publicKey) });
    case 'certificate': return canonicalJson({ ...anchor, authority: attestor.authority });
  }
}
