import 'reflect-metadata';
import { randomBytes, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import {
  BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, PemConverter,
  SubjectAlternativeNameExtension, X509Certificate, X509CertificateGenerator,
} from '@peculiar/x509';
import { ServingCertificate } from '../server/server';

/** A certificate authority: PEM certificate and PKCS#8 key. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates begin this much earlier than they are made: clocks of nodes differ. In milliseconds. */
export const BACKDATE = 5 * 60_000;

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Makes a self-signed P-256 authority that may sign server certificates only and ends `lifetime` milliseconds from now. */
export async function mintAuthority(lifetime: number, now: number): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    // The name differs from one authority to the next, so that a client with two of them picks the right one.
    name: `CN=proofgate-verifier-ca-${randomBytes(4).toString('hex')}`,
    notBefore: new Date(now - BACKDATE),
    notAfter: new Date(now + lifetime),
    keys,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  }, webcrypto);
  return { certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey) };
}

/** Issues a serving certificate for these DNS names that ends `lifetime` milliseconds from now, at the latest with its authority. */
export async function mintServing(authority: Authority, dnsNames: readonly string[], lifetime: number, now: number): Promise<ServingCertificate> {
  const issuer = new X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(authority.key), KEY, false, ['sign']);
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=proofgate-verifier',
    issuer: issuer.subject,
    notBefore: new Date(now - BACKDATE),
    notAfter: new Date(Math.min(now + lifetime, issuer.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns', value }))),
    ],
  }, webcrypto);
  return { certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey) };
}

/** When a PEM certificate ends, in milliseconds since the epoch. */
export function endOf(certificate: string): number {
  return Date.parse(new NodeCertificate(certificate).validTo);
}

/** When it was made, in milliseconds since the epoch. */
export function madeAt(certificate: string): number {
  return Date.parse(new NodeCertificate(certificate).validFrom) + BACKDATE;
}

/** A positive serial number of 127 random bits (RFC 5280, section 4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}
