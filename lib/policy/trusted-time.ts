import { NormalAttestor } from './normal';

/**
 * Whether a signature must have a trusted time: a certificate is judged by it, unless the attestor says that neither log nor timestamp is
 * required; a key has no end, so that only an attestor that demands a timestamp needs one.
 */
export function needsTime({ type, transparency: { log, timestamp } }: NormalAttestor): boolean {
  switch (type) {
    case 'keyless': return true;
    case 'certificate': return log === 'required' || timestamp === 'required';
    case 'key': return timestamp === 'required';
  }
}
