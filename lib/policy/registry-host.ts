import { ipv4Bits, ipv6Bits } from './ip-address';
import { NameError } from './name-error';

/** The name under which Docker Hub is known; the runtime reads repositories without a host as this one's. */
export const DOCKER_HUB = 'docker.io';

/** What Docker Hub was called before; the runtime still takes it for `docker.io`. */
const DOCKER_HUB_LEGACY = 'index.docker.io';

/** A DNS name has at most 253 characters and a label at most 63 (RFC 1035 §2.3.4). */
const MAX_HOST = 253;
const MAX_LABEL = 63;

/**
 * Whether the runtime reads the first component of a name with a slash as a registry rather than as part of the path.
 *
 * Source: `splitDockerDomain` of distribution/reference.
 */
export function isRegistryHost(component: string): boolean {
  return component === 'localhost' || component.includes('.') || component.includes(':') || component.toLowerCase() !== component;
}

/**
 * Canonical text of a registry: `host` or `host:port`.
 *
 * Letters are lower-cased. Only a host of one label without a port keeps upper case, all of it: its capitals are the one thing that makes
 * the runtime read it as a host (`Acme/app` is host `Acme`, `acme/app` is on Docker Hub). A port is kept as written, also 443: the runtime
 * treats `docker.io:443` as another registry than `docker.io`.
 *
 * @throws NameError for what the grammar of distribution/reference refuses, and for hosts that different programs read differently:
 *   numeric hosts that are not dotted IPv4, impossible ports, Docker Hub in capitals.
 */
export function canonicalHost(text: string): string {
  const { host, port } = text.startsWith('[') ? splitBracketed(text) : splitPort(text);
  // Checked as written: lower-casing makes ASCII letters of some that are not (U+212A becomes k).
  const lower = host.toLowerCase();
  if (host.startsWith('[')) {
    if (ipv6Bits(host.slice(1, -1)) === undefined) {
      throw new NameError(`"${host}" is not an IPv6 address in brackets`);
    }
  } else {
    checkDomain(host);
  }
  if (port !== undefined) {
    checkPort(port, text);
    return `${lower}:${port}`;
  }
  if (isDockerHub(lower)) {
    if (!isDockerHub(host)) {
      throw new NameError(`"${text}" is Docker Hub in capitals, which the container runtime takes for another registry: write ${lower}`);
    }
    return DOCKER_HUB;
  }
  return isRegistryHost(lower) ? lower : host.toUpperCase();
}

function isDockerHub(host: string): boolean {
  return host === DOCKER_HUB || host === DOCKER_HUB_LEGACY;
}

function splitPort(text: string): { host: string; port?: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { host: text } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function splitBracketed(text: string): { host: string; port?: string } {
  const end = text.indexOf(']');
  const rest = text.slice(end + 1);
  if (end < 0 || (rest !== '' && !rest.startsWith(':'))) {
    throw new NameError(`"${text}" is not a registry: an IPv6 address is written [address] or [address]:port`);
  }
  return rest === '' ? { host: text } : { host: text.slice(0, end + 1), port: rest.slice(1) };
}

function checkPort(port: string, text: string): void {
  if (port === '') {
    throw new NameError(`"${text}" has a colon without a port: write host or host:port, and no scheme such as https://`);
  }
  if (!/^[1-9][0-9]{0,4}$/.test(port) || Number(port) > 65535) {
    throw new NameError(`"${text}" has no valid port: a port is a number from 1 to 65535 without leading zeros`);
  }
}

function checkDomain(host: string): void {
  const labels = host.split('.');
  if (host.length > MAX_HOST || !labels.every(isHostLabel)) {
    throw new NameError(
      `"${host}" is not a registry host: labels of letters, digits and inner hyphens, joined by single dots, without scheme, user or trailing dot`,
    );
  }
  // Programs read 127.1, 2130706433 and 0x7f.0.0.1 as an address, each in its own way (WHATWG URL, "ends in a number").
  const last = labels[labels.length - 1] ?? '';
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/i.test(last) && ipv4Bits(host) === undefined) {
    throw new NameError(`"${host}" ends in a number but is not an IPv4 address of four decimal numbers from 0 to 255`);
  }
}

function isHostLabel(label: string): boolean {
  return label.length <= MAX_LABEL && /^[A-Za-z0-9-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-');
}
