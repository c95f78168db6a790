/** The 32 bits of an IPv4 address of four decimal numbers, each `0` or `1`; `undefined` for what is none, numbers with leading zeros among it. */
export function ipv4Bits(text: string): string | undefined {
  const numbers = text.split('.');
  return numbers.length === 4 && numbers.every((number) => /^(?:0|[1-9][0-9]{0,2})$/.test(number) && Number(number) <= 255)
    ? numbers.map((number) => Number(number).toString(2).padStart(8, '0')).join('')
    : undefined;
}

/**
 * The 128 bits of an IPv6 address without brackets, each `0` or `1`; `undefined` for what is none.
 *
 * RFC 4291 §2.2 forms 1 and 2; forms with an embedded IPv4 address and zones are none.
 */
export function ipv6Bits(text: string): string | undefined {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [before = [], after = []] = halves;
  const missing = 8 - before.length - after.length;
  const whole = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 1;
  return whole && [...before, ...after].every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))
    ? [...before, ...'0'.repeat(missing), ...after].map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('')
    : undefined;
}
