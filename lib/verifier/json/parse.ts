import { isUtf8 } from 'node:buffer';
import { Json } from '../../policy/document';
import { malformed } from './error';
import { JsonLimits, JsonScanner, Members } from './scanner';

export const JSON_LIMITS: JsonLimits = { depth: 64, values: 1_000_000 };

/**
 * Reads bytes as JSON (RFC 8259) the one way that every careful reader would read them.
 *
 * Refused beyond the grammar: a byte order mark, bytes that are not UTF-8, escaped lone surrogates, a key twice in one object,
 * the key `__proto__`, integers outside ±(2^53 − 1), numbers too large for a double or longer than 128 characters.
 * Objects have the usual prototype: look keys up with `Object.hasOwn`.
 *
 * The whole document is held to these rules, whatever is wanted of it, but for the size of numbers that are not; members that are not wanted
 * are missing from the result.
 *
 * @throws StrictJsonError
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS, members: Members = 'all'): Json {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) {
    throw malformed('it begins with a byte order mark');
  }
  if (!isUtf8(buffer)) {
    throw malformed('the bytes are not UTF-8');
  }
  return new JsonScanner(buffer, limits).document(members);
}
