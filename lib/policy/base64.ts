const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The bytes of a base64 text in its one strict spelling (RFC 4648 §4): padded, no other characters, unused bits zero.
 *
 * The value is `undefined` for any other text.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    return undefined;
  }
  const symbols = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((symbols.length * 6) / 8));
  let bits = 0;
  let held = 0;
  let written = 0;
  for (const symbol of symbols) {
    bits = (bits << 6) | ALPHABET.indexOf(symbol);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[written++] = bits >> held;
      bits &= (1 << held) - 1;
    }
  }
  return bits === 0 ? bytes : undefined;
}
