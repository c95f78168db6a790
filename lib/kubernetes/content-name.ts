import { sha256Hex } from '../policy/sha256';
import { utf8 } from '../policy/utf8';

/** Hex digits of the SHA-256 that end the name of an immutable ConfigMap. */
const HASH_DIGITS = 12;

/**
 * The name of an immutable ConfigMap: `<stem>-<hash>`, where the hash is that of its one text, given in full.
 *
 * A changed text is a new object; Pods that run keep the one they were started with until the rollout has replaced them.
 */
export function contentName(stem: string, sha256: string): string {
  return `${stem}-${sha256.slice(0, HASH_DIGITS)}`;
}

/** Whether a name ends with the hash of this text; a text with half a character in it has none. */
export function isNamedByContent(name: string, text: string): boolean {
  return !/\p{Surrogate}/u.test(text) && name.endsWith(contentName('', sha256Hex(utf8(text))));
}
