import { BlockList, isIP } from 'node:net';
import { NameError } from '../../../policy/name-error';
import { canonicalHost } from '../../../policy/registry-host';

/** Places that are reached without the proxy. */
export type Exceptions = (url: URL) => boolean;

/**
 * Reads what `NO_PROXY` holds for Go and for curl: `example.com` is that name and all below it, `.example.com` only those below; an address
 * and a network (`10.0.0.0/8`) are for hosts that are written as addresses, since no name is looked up. Each but a network may have a port.
 *
 * @throws NameError for what is none of these
 */
export function parseExceptions(entries: readonly string[]): Exceptions {
  const matchers = entries.map(parseException);
  return (url) => matchers.some((matches) => matches(url));
}

function parseException(entry: string): Exceptions {
  if (entry.includes('/')) {
    return parseNetwork(entry);
  }
  const below = entry.startsWith('.');
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(canonicalHost(below ? entry.slice(1) : entry).toLowerCase()) ?? [];
  return (url) => {
    const samePort = port === undefined || port === (url.port === '' ? '443' : url.port);
    return samePort && ((!below && url.hostname === name) || (isIP(bare(url.hostname)) === 0 && url.hostname.endsWith(`.${name}`)));
  };
}

function parseNetwork(entry: string): Exceptions {
  const [address = '', prefix = '', ...rest] = entry.split('/');
  const version = isIP(address);
  const bits = /^(?:0|[1-9]\d{0,2})$/.test(prefix) ? Number(prefix) : Infinity;
  if (version === 0 || rest.length > 0 || bits > (version === 4 ? 32 : 128)) {
    throw new NameError(`"${entry}" is no network: write an address and the number of its bits that count, such as 10.0.0.0/8`);
  }
  const list = new BlockList();
  list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  return ({ hostname }) => isIP(bare(hostname)) === version && list.check(bare(hostname), version === 4 ? 'ipv4' : 'ipv6');
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
