import { decodeBase64 } from './base64';
import { readDer } from './der';

/** A text that is not exactly the certificates of one authority; the message goes on from what names the text. */
export class AuthorityError extends Error {
  readonly code = 'MALFORMED';

  constructor(why: string) {
    super(`${why}; write the authority's root and intermediates as PEM (-----BEGIN CERTIFICATE-----)`);
    this.name = 'AuthorityError';
  }
}

/** Longer than ten certificates with keys of 16,384 bits. */
const MAX_LENGTH = 128 * 1024;

const MAX_CERTIFICATES = 10;

/**
 * The one spelling of an authority's certificates: each once, sorted, in lines of 64 characters, one newline after each, nothing between.
 *
 * Checks the envelope (label, base64, DER, version 3), that each certificate is one of an authority, that one is a root and that every other
 * one is issued by another of them, by name; not the signatures: those need cryptography.
 *
 * @throws AuthorityError
 */
export function canonicalAuthority(pem: string): string {
  if (pem.length > MAX_LENGTH) {
    throw new AuthorityError(`has ${pem.length} characters, more than any chain of certificates`);
  }
  if (pem.includes('PRIVATE KEY')) {
    throw new AuthorityError('holds a private key: it must be in no policy, and is to be replaced now that it was');
  }
  const blocks = new Map(bodiesOf(pem).map((body) => [body, authorityOf(body)]));
  if (blocks.size > MAX_CERTIFICATES) {
    throw new AuthorityError(`has ${blocks.size} certificates, more than ${MAX_CERTIFICATES}`);
  }
  const authorities = [...blocks.values()];
  if (!authorities.some(isRoot)) {
    throw new AuthorityError('has no root, which is a certificate that is its own issuer; nothing but a root ends a chain');
  }
  const orphan = authorities.find(({ issuer }) => authorities.every(({ subject }) => subject !== issuer));
  if (orphan !== undefined) {
    throw new AuthorityError('has an intermediate whose issuer is none of the other certificates');
  }
  return [...blocks.keys()].sort().map(written).join('');
}

interface NamedAuthority {
  /** DER of the names, in hexadecimal. */
  readonly issuer: string;
  readonly subject: string;
}

function isRoot({ issuer, subject }: NamedAuthority): boolean {
  return issuer === subject;
}

/** The base64 of each block, without white space. */
function bodiesOf(pem: string): string[] {
  const parts = pem.split(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/);
  // With one group, text and bodies take turns.
  if (parts.length < 3 || parts.some((part, index) => index % 2 === 0 && part.trim() !== '')) {
    throw new AuthorityError('is not a list of PEM blocks with the label CERTIFICATE and nothing else');
  }
  return parts.filter((_, index) => index % 2 === 1).map((body) => body.replace(/\s/g, ''));
}

function written(body: string): string {
  return ['-----BEGIN CERTIFICATE-----', ...(body.match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----', ''].join('\n');
}

function authorityOf(body: string): NamedAuthority {
  const der = decodeBase64(body);
  const certificate = der === undefined ? undefined : elementsOf(der, 0, der.length);
  const [outer, ...more] = certificate ?? [];
  const parts = der === undefined || outer?.tag !== 0x30 || more.length > 0 ? undefined : elementsOf(der, outer.start, outer.end);
  const [tbs] = parts ?? [];
  const fields = der === undefined || tbs?.tag !== 0x30 || parts?.length !== 3 ? undefined : elementsOf(der, tbs.start, tbs.end);
  const [version, , , issuer, , subject, key, ...optional] = fields ?? [];
  if (der === undefined || version?.tag !== 0xa0 || issuer?.tag !== 0x30 || subject?.tag !== 0x30 || key?.tag !== 0x30) {
    throw new AuthorityError('has a PEM block that does not hold the DER of a certificate of version 3');
  }
  const extensions = optional.find(({ tag }) => tag === 0xa3);
  if (extensions === undefined || !isAuthority(der, extensions)) {
    throw new AuthorityError('has a certificate that is not that of an authority, such as the one that signs');
  }
  return { issuer: hex(der, issuer), subject: hex(der, subject) };
}

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** basicConstraints (RFC 5280 §4.2.1.9) that begin with cA TRUE. */
function isAuthority(der: Uint8Array, { start, end }: Element): boolean {
  const [list] = elementsOf(der, start, end) ?? [];
  const extensions = list === undefined ? [] : elementsOf(der, list.start, list.end) ?? [];
  return extensions.some((extension) => {
    const [oid, ...rest] = elementsOf(der, extension.start, extension.end) ?? [];
    const value = rest[rest.length - 1];
    return oid !== undefined && value !== undefined && hex(der, oid) === '551d13' && /^30..0101ff/.test(hex(der, value));
  });
}

/** The elements that fill a range; `undefined` where something else is in it. */
function elementsOf(der: Uint8Array, start: number, end: number): Element[] | undefined {
  const found: Element[] = [];
  for (let at = start; at < end;) {
    const tag = der[at] ?? 0;
    const element = readDer(der, tag, at);
    if (element === undefined || element.end > end) {
      return undefined;
    }
    found.push({ tag, ...element });
    at = element.end;
  }
  return found;
}

function hex(der: Uint8Array, { start, end }: Element): string {
  return Array.from(der.subarray(start, end), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
