import { describe } from '../policy/field';
import { ipNetworkText, parseIpNetwork } from '../policy/ip-network';
import { Check, list } from './properties';

/** How an IPv4 address in IPv6 notation begins (RFC 4291 §2.5.5.2). */
const MAPPED = '0'.repeat(80) + '1'.repeat(16);

/** At least 8 bits of IPv4 and 16 of IPv6: less is no place. */
const network: Check = (field) => {
  const written = field.text();
  const parsed = parseIpNetwork(written ?? '');
  if (written === undefined) {
    return;
  }
  if (parsed === undefined) {
    field.problem(`is ${describe(written)}, which is no network in CIDR notation: write an address and how many of its bits count, such as 10.0.0.10/32 for one address, or fd00::/64`);
  } else if (parsed.prefix < (parsed.bits.length === 32 ? 8 : 16)) {
    field.problem(`is ${describe(written)}, which is nearly everybody, and everybody is the default: name where API servers are, or leave the property out`);
  } else if (parsed.bits.slice(0, parsed.prefix).startsWith(MAPPED)) {
    field.problem(`is ${describe(written)}, an IPv4 network in IPv6 notation, which not every network plugin takes for the same: write it as IPv4, such as 10.0.0.10/32`);
  } else if (parsed.bits.slice(parsed.prefix).includes('1')) {
    const whole = ipNetworkText(parsed);
    const one = written.replace(/\d+$/, String(parsed.bits.length));
    field.problem(`is ${describe(written)}, whose address has bits set beyond the first ${parsed.prefix}: write ${whole} for the network, or ${one} for the one address`);
  }
};

/** Networks from which API servers ask: each once, and at least one, since Kubernetes takes none for everybody. */
export const apiServers: Check = (field) => {
  list(network)(field);
  if (!Array.isArray(field.value)) {
    return;
  }
  if (field.value.length === 0) {
    field.problem('is empty, which Kubernetes takes for everybody: name where API servers are, such as 10.0.0.10/32, or leave the property out');
  }
  const seen = new Set<string>();
  for (const item of field.list() ?? []) {
    const parsed = typeof item.value === 'string' ? parseIpNetwork(item.value) : undefined;
    const text = parsed && ipNetworkText(parsed);
    if (text !== undefined && seen.has(text)) {
      item.problem(`is ${describe(item.value)}, the same network a second time: name each once`);
    }
    seen.add(text ?? '');
  }
};
