import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { BitString, Integer, PrintableString } from 'asn1js';
import {
  AttributeTypeAndValue, BasicConstraints, Certificate, CryptoEngine, Extension, ExtKeyUsage, GeneralName, GeneralNames, RelativeDistinguishedNames, Time, TimeType,
} from 'pkijs';
import type { ServingCertificate } from '../server/server';
import type { Authority } from './authority';

const ENGINE = new CryptoEngine({ name: 'node', crypto: webcrypto });
const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;

const COMMON_NAME = '2.5.4.3';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A self-signed authority. @param from - milliseconds since the epoch, as `to` */
export async function mintAuthority(from: number, to: number): Promise<Authority> {
  const keys = await newKeys();
  // The name differs from one authority to the next, so that a client with two of them picks the right one.
  const name = commonName(`proofgate-verifier-ca-${randomBytes(4).toString('hex')}`);
  const certificate = await issue({
    issuer: name, subject: name, from, to, publicKey: keys.publicKey, signingKey: keys.privateKey,
    // keyCertSign and cRLSign, bits 5 and 6.
    extensions: [basicConstraints({ cA: true, pathLenConstraint: 0 }), keyUsage(0b0000_0110, 1)],
  });
  return { certificate, key: await privateKeyOf(keys) };
}

/** A serving certificate of an authority. @param from - milliseconds since the epoch, as `to` */
export async function mintServing(authority: Authority, dnsNames: readonly string[], from: number, to: number): Promise<ServingCertificate> {
  const keys = await newKeys();
  const certificate = await issue({
    // Whoever looks for the authority compares bytes, whichever way they were written.
    issuer: Certificate.fromBER(new X509Certificate(authority.certificate).raw).subject, subject: commonName('proofgate-verifier'), from, to, publicKey: keys.publicKey,
    signingKey: await signingKeyOf(authority),
    extensions: [
      basicConstraints({}),
      // digitalSignature, bit 0.
      keyUsage(0b1000_0000, 7),
      extension(EXTENDED_KEY_USAGE, false, new ExtKeyUsage({ keyPurposes: [SERVER_AUTH] })),
      extension(SUBJECT_ALTERNATIVE_NAME, false, new GeneralNames({ names: dnsNames.map((value) => new GeneralName({ type: DNS_NAME, value })) })),
    ],
  });
  return { certificate, key: await privateKeyOf(keys) };
}

/** Of a GeneralName (RFC 5280, section 4.2.1.6). */
const DNS_NAME = 2;

interface Contents {
  readonly issuer: RelativeDistinguishedNames;
  readonly subject: RelativeDistinguishedNames;
  readonly from: number;
  readonly to: number;
  readonly publicKey: webcrypto.CryptoKey;
  readonly signingKey: webcrypto.CryptoKey;
  readonly extensions: readonly Extension[];
}

/** A certificate of version 3 (RFC 5280, section 4.1), PEM. */
async function issue({ issuer, subject, from, to, publicKey, signingKey, extensions }: Contents): Promise<string> {
  const certificate = new Certificate({ version: 2, serialNumber: serial(), issuer, subject, notBefore: time(from), notAfter: time(to), extensions: [...extensions] });
  await certificate.subjectPublicKeyInfo.importKey(publicKey, ENGINE);
  await certificate.sign(signingKey, 'SHA-256', ENGINE);
  return new X509Certificate(Buffer.from(certificate.toSchema(true).toBER())).toString();
}

function commonName(name: string): RelativeDistinguishedNames {
  return new RelativeDistinguishedNames({ typesAndValues: [new AttributeTypeAndValue({ type: COMMON_NAME, value: new PrintableString({ value: name }) })] });
}

function basicConstraints(constraints: { readonly cA?: boolean; readonly pathLenConstraint?: number }): Extension {
  return extension(BASIC_CONSTRAINTS, true, new BasicConstraints(constraints));
}

/** @param unused - how many bits at the end do not count */
function keyUsage(bits: number, unused: number): Extension {
  return new Extension({ extnID: KEY_USAGE, critical: true, extnValue: new BitString({ valueHex: Uint8Array.of(bits), unusedBits: unused }).toBER() });
}

function extension(extnID: string, critical: boolean, value: { toSchema(): { toBER(): ArrayBuffer } }): Extension {
  return new Extension({ extnID, critical, extnValue: value.toSchema().toBER() });
}

/** As certificates have it: until 2049 with two digits for the year, then with four (RFC 5280, section 4.1.2.5). */
function time(milliseconds: number): Time {
  const value = new Date(Math.floor(milliseconds / 1000) * 1000);
  return new Time({ type: value.getUTCFullYear() < 2050 ? TimeType.UTCTime : TimeType.GeneralizedTime, value });
}

/** A positive serial number of 127 random bits (RFC 5280, section 4.1.2.2). */
function serial(): Integer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return new Integer({ valueHex: Uint8Array.from(bytes) });
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
}

async function privateKeyOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return createPrivateKey({ key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)), format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function signingKeyOf({ key }: Authority): Promise<webcrypto.CryptoKey> {
  const read = createPrivateKey(key);
  if (read.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('the key of the authority is not one of P-256; delete the data of its Secret, and a new authority is made');
  }
  return webcrypto.subtle.importKey('pkcs8', read.export({ type: 'pkcs8', format: 'der' }), KEY, false, ['sign']);
}
