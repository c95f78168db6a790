import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier, AttributeTypeAndValue, AttributeValue, AuthorityKeyIdentifier, BasicConstraints, Certificate, ExtendedKeyUsage, Extension, Extensions, GeneralName,
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_extKeyUsage, id_ce_keyUsage, id_ce_subjectAltName, id_ce_subjectKeyIdentifier, id_kp_serverAuth, KeyUsage,
  KeyUsageFlags, Name, RelativeDistinguishedName, SubjectAlternativeName, SubjectKeyIdentifier, SubjectPublicKeyInfo, TBSCertificate, Validity, Version,
} from '@peculiar/asn1-x509';
import type { ServingCertificate } from '../server/server';

/** A certificate authority: PEM certificate and PKCS#8 key. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

const COMMON_NAME = '2.5.4.3';
/** ecdsa-with-SHA256, which has no parameters (RFC 5758, section 3.2). */
const SIGNATURE = '1.2.840.10045.4.3.2';

/** A self-signed authority. @param from - milliseconds since the epoch, as `to` */
export function mintAuthority(from: number, to: number): Authority {
  const key = newKey();
  // The name differs from one authority to the next, so that a client with two of them picks the right one.
  const name = commonName(`proofgate-verifier-ca-${randomBytes(4).toString('hex')}`);
  const certificate = issue({
    issuer: name, subject: name, from, to, key, signingKey: key,
    extensions: [
      extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
      extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign)),
      extension(id_ce_subjectKeyIdentifier, false, identifierOf(publicPartOf(key))),
    ],
  });
  return { certificate, key: pemOf(key) };
}

/** A serving certificate of an authority. @param from - milliseconds since the epoch, as `to` */
export function mintServing(authority: Authority, dnsNames: readonly string[], from: number, to: number): ServingCertificate {
  const key = newKey();
  const { subject, extensions: ofIssuer = [] } = AsnConvert.parse(new X509Certificate(authority.certificate).raw, Certificate).tbsCertificate;
  const certificate = issue({
    // Whoever looks for the authority compares bytes, whichever way they were written.
    issuer: subject, subject: commonName('proofgate-verifier'), from, to, key, signingKey: signingKeyOf(authority),
    extensions: [
      extension(id_ce_basicConstraints, true, new BasicConstraints()),
      extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.digitalSignature)),
      extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(id_ce_subjectAltName, false, new SubjectAlternativeName(dnsNames.map((dNSName) => new GeneralName({ dNSName })))),
      // That of the issuer as it is there; one without it is found by its name.
      ...ofIssuer.filter(({ extnID }) => extnID === id_ce_subjectKeyIdentifier).map(({ extnValue }) => (
        extension(id_ce_authorityKeyIdentifier, false, new AuthorityKeyIdentifier({ keyIdentifier: AsnConvert.parse(extnValue.buffer, SubjectKeyIdentifier) })))),
    ],
  });
  return { certificate, key: pemOf(key) };
}

interface Contents {
  readonly issuer: Name;
  readonly subject: Name;
  readonly from: number;
  readonly to: number;
  /** Of the subject, private. */
  readonly key: KeyObject;
  readonly signingKey: KeyObject;
  readonly extensions: readonly Extension[];
}

/** A certificate of version 3 (RFC 5280, section 4.1), PEM. */
function issue({ issuer, subject, from, to, key, signingKey, extensions }: Contents): string {
  const signature = new AlgorithmIdentifier({ algorithm: SIGNATURE });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3, serialNumber: serial(), signature, issuer, validity: new Validity({ notBefore: wholeSeconds(from), notAfter: wholeSeconds(to) }), subject,
    subjectPublicKeyInfo: publicPartOf(key), extensions: new Extensions([...extensions]),
  });
  const signatureValue = bytesOf(sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), signingKey));
  return new X509Certificate(Buffer.from(AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm: signature, signatureValue })))).toString();
}

function commonName(name: string): Name {
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ printableString: name }) })])]);
}

function extension(extnID: string, critical: boolean, value: object): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function publicPartOf(key: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(createPublicKey(key).export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo);
}

/** The first 160 bits of a hash of the key (RFC 7093, section 2, method 1). */
function identifierOf({ subjectPublicKey }: SubjectPublicKeyInfo): SubjectKeyIdentifier {
  return new SubjectKeyIdentifier(bytesOf(createHash('sha256').update(new Uint8Array(subjectPublicKey)).digest().subarray(0, 20)));
}

function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

/** A positive serial number of 127 random bits (RFC 5280, section 4.1.2.2). */
function serial(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytesOf(bytes);
}

/** Without what the memory around them holds. */
function bytesOf(bytes: Buffer): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function signingKeyOf({ key }: Authority): KeyObject {
  const read = createPrivateKey(key);
  if (read.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('the key of the authority is not one of P-256; delete the data of its Secret, and a new authority is made');
  }
  return read;
}
