import { X509Certificate } from '@sigstore/core';
import { CertificateSigner, OwnCertificateSigner } from '../../decide/evidence';
import { EvidenceFailure } from './failure';
import type { Certificate } from './read-certificate';

const FULCIO = '1.3.6.1.4.1.57264.1';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const ANY_USAGE = '2.5.29.37.0';
const OID = { subjectAltName: '2.5.29.17', extendedKeyUsage: '2.5.29.37', keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', nameConstraints: '2.5.29.30', userName: `${FULCIO}.7` } as const;

/** Extensions that a verifier understands well enough to obey when they are critical. */
const UNDERSTOOD = new Set<string>([OID.subjectAltName, OID.extendedKeyUsage, OID.keyUsage, OID.basicConstraints]);

/** Claims as DER UTF8String, by the last arc (Fulcio's oid-info). */
const CLAIMS: { readonly [arc: number]: string } = {
  9: 'buildSignerUri',
  10: 'buildSignerDigest',
  11: 'runnerEnvironment',
  12: 'sourceRepositoryUri',
  13: 'sourceRepositoryDigest',
  14: 'sourceRepositoryRef',
  15: 'sourceRepositoryId',
  16: 'sourceRepositoryOwnerUri',
  17: 'sourceRepositoryOwnerId',
  18: 'buildConfigUri',
  19: 'buildConfigDigest',
  20: 'buildTrigger',
  21: 'runInvocationUri',
  22: 'sourceRepositoryVisibility',
};

/** Older claims as raw bytes, and the newer one that must not contradict them. */
const OLD_TWINS: { readonly [arc: number]: string } = { 2: 'buildTrigger', 3: 'sourceRepositoryDigest', 6: 'sourceRepositoryRef' };

/** General names by their context tag (RFC 5280, section 4.2.1.6). */
const GENERAL_NAMES: { readonly [tag: number]: CertificateSigner['subjectType'] } = { 0xa0: 'username', 0x81: 'email', 0x86: 'uri' };

/** The same in certificates of an authority of one's own. */
const OWN_GENERAL_NAMES: { readonly [tag: number]: OwnCertificateSigner['subjectType'] } = { 0x81: 'email', 0x82: 'dns', 0x86: 'uri' };

/**
 * Reads who a certificate of Fulcio speaks for, and checks that it is fit for signing code: one subject, the right key usage, no CA,
 * nothing critical that is not understood, nothing said twice.
 *
 * @throws EvidenceFailure UNTRUSTED_CERTIFICATE
 */
export function readSigner(certificate: X509Certificate): Omit<CertificateSigner, 'fingerprints' | 'key'> {
  const extensions = fitExtensions(certificate);
  return { type: 'certificate', ...subjectOf(extensions.get(OID.subjectAltName)), issuer: issuerOf(extensions), claims: claimsOf(extensions) };
}

/**
 * The subject of a certificate of another authority, which is as fit for signing code: the first of its names, whatever others follow.
 *
 * @throws EvidenceFailure UNTRUSTED_CERTIFICATE
 */
export function readOwnSubject(certificate: X509Certificate): Pick<OwnCertificateSigner, 'subject' | 'subjectType'> {
  const [name] = namesOf(fitExtensions(certificate).get(OID.subjectAltName));
  if (name === undefined) {
    throw unfit('names no subject');
  }
  const subjectType = OWN_GENERAL_NAMES[name.tag];
  if (subjectType === undefined) {
    throw unfit('names a subject that is neither a URI, an e-mail address nor a DNS name');
  }
  return { subjectType, subject: ascii(name.value) };
}

/**
 * Checks that an authority's certificate may stand above one that signs code: what it restricts is understood and does not exclude that.
 *
 * @throws EvidenceFailure UNTRUSTED_CERTIFICATE
 */
export function checkAuthority({ parsed, native }: Certificate): void {
  const extensions = readExtensions(parsed);
  if (parsed.version !== 'v3' || !parsed.isCA || !native.ca) {
    throw unfit('is not that of an authority');
  }
  if (extensions.has(OID.nameConstraints)) {
    throw unfit('of an authority constrains names, which is not understood');
  }
  const usages = extensions.get(OID.extendedKeyUsage);
  if (usages !== undefined && !keyUsages(usages).some((usage) => usage === CODE_SIGNING || usage === ANY_USAGE)) {
    throw unfit('of an authority is for other purposes than signing code');
  }
}

/** The extensions of a certificate that is fit for signing code. */
function fitExtensions(certificate: X509Certificate): ReadonlyMap<string, Extension> {
  const extensions = readExtensions(certificate);
  if (certificate.isCA || certificate.extBasicConstraints?.isCA === true) {
    throw unfit('is that of an authority');
  }
  if (!keyUsages(extensions.get(OID.extendedKeyUsage)).includes(CODE_SIGNING)) {
    throw unfit('is not for signing code');
  }
  if (certificate.extKeyUsage !== undefined && !certificate.extKeyUsage.digitalSignature) {
    throw unfit('is not for signatures');
  }
  return extensions;
}

/**
 * Extensions by their OID, each once, none critical that is not understood.
 *
 * A string in several pieces (0x24) is BER, of which the library takes what lies inside, and OpenSSL something else.
 */
function readExtensions(certificate: X509Certificate): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const extension of certificate.extensions) {
    const [oid, ...rest] = extension.subs;
    const value = rest.at(-1);
    if (oid?.tag.toDER() !== 0x06 || value?.tag.toDER() !== 0x04 || rest.length > 2) {
      throw unfit('has an extension that cannot be read');
    }
    const name = oidText(oid.value);
    if (extensions.has(name)) {
      throw unfit(`says the extension ${name} twice`);
    }
    if (rest.length > 1 && isCritical(rest[0]) && !UNDERSTOOD.has(name)) {
      throw unfit(`has a critical extension ${name} that is not understood`);
    }
    extensions.set(name, { value: value.value });
  }
  return extensions;
}

/** TRUE is one byte of ones (X.690, section 11.1); some authorities write FALSE where DER leaves it out. */
function isCritical(flag: X509Certificate['root'] | undefined): boolean {
  if (flag?.tag.isBoolean() !== true || flag.value.length !== 1 || (flag.value[0] !== 0 && flag.value[0] !== 0xff)) {
    throw unfit('has an extension that cannot be read');
  }
  return flag.value[0] === 0xff;
}

interface Extension {
  readonly value: Buffer;
}

function keyUsages(extension: Extension | undefined): string[] {
  return extension === undefined ? [] : elements(extension.value, 0x30).map(({ tag, value }) => (tag === 0x06 ? oidText(value) : ''));
}

function namesOf(extension: Extension | undefined): Element[] {
  return extension === undefined ? [] : elements(extension.value, 0x30);
}

function subjectOf(extension: Extension | undefined): Pick<CertificateSigner, 'subject' | 'subjectType'> {
  const names = namesOf(extension);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw unfit(`names ${names.length} subjects; exactly one is needed`);
  }
  const subjectType = GENERAL_NAMES[name.tag];
  if (subjectType === undefined) {
    throw unfit('names a subject that is neither a URI, an e-mail address nor a user name');
  }
  return { subjectType, subject: subjectType === 'username' ? userName(name.value) : ascii(name.value) };
}

/** OtherName ::= SEQUENCE { type-id OID, value [0] EXPLICIT UTF8String }, implicitly tagged. */
function userName(value: Buffer): string {
  const [type, wrapped, ...more] = sequence(value);
  if (type?.tag !== 0x06 || oidText(type.value) !== OID.userName || wrapped?.tag !== 0xa0 || more.length > 0) {
    throw unfit('names a subject of an unknown kind');
  }
  return utf8String(wrapped.value);
}

/** Version 2 (.8) where it is, else version 1 (.1); where both are, they agree. */
function issuerOf(extensions: ReadonlyMap<string, Extension>): string {
  const newer = extensions.get(`${FULCIO}.8`);
  const older = extensions.get(`${FULCIO}.1`);
  const issuers = [newer === undefined ? undefined : utf8String(newer.value), older === undefined ? undefined : utf8(older.value)].filter((issuer) => issuer !== undefined);
  const [issuer] = issuers;
  if (issuer === undefined || issuers.some((other) => other !== issuer)) {
    throw unfit(issuer === undefined ? 'names no issuer' : 'names two different issuers');
  }
  return issuer;
}

function claimsOf(extensions: ReadonlyMap<string, Extension>): { [claim: string]: string } {
  const claims: { [claim: string]: string } = {};
  for (const [arc, claim] of Object.entries(CLAIMS)) {
    const extension = extensions.get(`${FULCIO}.${arc}`);
    if (extension !== undefined) {
      claims[claim] = utf8String(extension.value);
    }
  }
  for (const [arc, claim] of Object.entries(OLD_TWINS)) {
    const extension = extensions.get(`${FULCIO}.${arc}`);
    if (extension !== undefined && claims[claim] !== undefined && utf8(extension.value) !== claims[claim]) {
      throw unfit(`says two different things about ${claim}`);
    }
  }
  const repository = extensions.get(`${FULCIO}.5`);
  const uri = claims.sourceRepositoryUri;
  if (repository !== undefined && uri !== undefined && !uri.endsWith(`/${utf8(repository.value)}`)) {
    throw unfit('says two different things about sourceRepositoryUri');
  }
  const workflowName = extensions.get(`${FULCIO}.4`);
  return workflowName === undefined ? claims : { ...claims, workflowName: utf8(workflowName.value) };
}

interface Element {
  readonly tag: number;
  readonly value: Buffer;
}

/** The elements inside one constructed element that fills the bytes. */
function elements(bytes: Buffer, tag: number): Element[] {
  const [outer, ...more] = sequence(bytes);
  if (outer?.tag !== tag || more.length > 0) {
    throw unfit('has an extension of an unexpected shape');
  }
  return sequence(outer.value);
}

/** Splits DER elements that follow each other; only definite, minimal lengths (X.690, section 10.1). */
function sequence(bytes: Buffer): Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0x80;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || lengthBytes > 3 || (tag & 0x1f) === 0x1f) {
      throw unfit('is not DER');
    }
    const length = lengthBytes === 0 ? first : bytes.subarray(at + 2, at + 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + lengthBytes;
    const isMinimal = lengthBytes === 0 || length >= (lengthBytes === 1 ? 0x80 : 256 ** (lengthBytes - 1));
    if (!isMinimal || start + length > bytes.length) {
      throw unfit('is not DER');
    }
    found.push({ tag, value: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

/** The arcs of an object identifier, each in the fewest bytes (X.690, section 8.19) and small enough to be told from every other. */
function oidText(value: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  let isFirst = true;
  for (const byte of value) {
    if (isFirst && byte === 0x80) {
      throw unfit('has an object identifier that is not DER');
    }
    arc = arc * 128 + (byte & 0x7f);
    isFirst = byte < 0x80;
    if (isFirst) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first, ...rest] = arcs;
  if (first === undefined || !isFirst || !arcs.every(Number.isSafeInteger)) {
    throw unfit('has an object identifier that is not DER');
  }
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

function utf8String(bytes: Buffer): string {
  const [text, ...more] = sequence(bytes);
  if (text?.tag !== 0x0c || more.length > 0) {
    throw unfit('has a claim that is not a UTF8String');
  }
  return utf8(text.value);
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', 'the certificate has a claim that is not UTF-8', { cause: error });
  }
}

/** IA5String: seven bits, and nothing that a reader could take for the end or for a new line. */
function ascii(bytes: Buffer): string {
  if (bytes.some((byte) => byte < 0x21 || byte > 0x7e)) {
    throw unfit('names a subject with characters that do not belong there');
  }
  return bytes.toString('latin1');
}

function unfit(what: string): EvidenceFailure {
  return new EvidenceFailure('UNTRUSTED_CERTIFICATE', `the certificate ${what}`);
}
