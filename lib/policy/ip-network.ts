import { ipv4Bits, ipv6Bits } from './ip-address';

/** An address and how many of its first bits are those of a network. */
export interface IpNetwork {
  /** 32 or 128, each `0` or `1`. */
  readonly bits: string;
  readonly prefix: number;
}

/** A network in CIDR notation, IPv4 (RFC 4632 §3.1) or IPv6 (RFC 4291 §2.3); bits may be set below the prefix. `undefined` for what is none. */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [, address = '', prefix = ''] = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const bits = ipv4Bits(address) ?? ipv6Bits(address);
  return bits === undefined || Number(prefix) > bits.length ? undefined : { bits, prefix: Number(prefix) };
}

/** A network in CIDR notation, with no bit set below the prefix. */
export function ipNetworkText({ bits, prefix }: IpNetwork): string {
  const network = bits.slice(0, prefix).padEnd(bits.length, '0');
  if (bits.length === 32) {
    return `${(network.match(/.{8}/g) ?? []).map((number) => parseInt(number, 2)).join('.')}/${prefix}`;
  }
  const groups = (network.match(/.{16}/g) ?? []).map((group) => parseInt(group, 2).toString(16)).join(':');
  return `${groups.replace(/(?:^|:)0(?::0)+$/, '::')}/${prefix}`;
}
