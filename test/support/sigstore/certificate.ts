import { createHash, createPublicKey, KeyObject, randomBytes, sign } from 'node:crypto';
import { bitString, bool, context, der, integer, octetString, oid, sequence, time, utf8String } from './der';
import { Identity } from './identities';

export const OID = {
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectAltName: '2.5.29.17',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  basicConstraints: '2.5.29.19',
  scts: '1.3.6.1.4.1.11129.2.4.2',
  fulcio: '1.3.6.1.4.1.57264.1',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

export interface Extension {
  oid: string;
  /** @default false */
  critical?: boolean;
  /** What the OCTET STRING holds. */
  value: Buffer;
  /** What it is called. @default 0x04 */
  tag?: number;
}

/** Everything a certificate says; a test changes what it wants to be wrong before it is signed. */
export interface CertificateSpec {
  serial: Buffer;
  /** A Name. */
  issuer: Buffer;
  /** A Name; empty in leaf certificates of Fulcio. */
  subject: Buffer;
  notBefore: Date;
  notAfter: Date;
  publicKey: KeyObject;
  extensions: Extension[];
}

/** TBSCertificate (RFC 5280, section 4.1). */
export function toBeSigned(spec: CertificateSpec, signer: KeyObject): Buffer {
  return sequence(
    context(0, integer(2)),
    integer(spec.serial),
    ecdsaAlgorithm(signer),
    spec.issuer,
    sequence(time(spec.notBefore), time(spec.notAfter)),
    spec.subject,
    spkiOf(spec.publicKey),
    context(3, sequence(...spec.extensions.map(({ oid: name, critical = false, value, tag = 0x04 }) => sequence(oid(name), ...(critical ? [bool(true)] : []), der(tag, value))))),
  );
}

export function signCertificate(spec: CertificateSpec, signer: KeyObject): Buffer {
  const tbs = toBeSigned(spec, signer);
  return sequence(tbs, ecdsaAlgorithm(signer), bitString(sign(ecdsaHash(signer), tbs, signer)));
}

/** Which names a subject alternative name may hold; each as a GeneralName. */
export const generalName = {
  uri: (text: string): Buffer => der(0x86, Buffer.from(text, 'utf8')),
  email: (text: string): Buffer => der(0x81, Buffer.from(text, 'utf8')),
  dns: (text: string): Buffer => der(0x82, Buffer.from(text, 'utf8')),
  username: (text: string, type: string = `${OID.fulcio}.7`): Buffer => context(0, oid(type), context(0, utf8String(text))),
};

export const extension = {
  keyUsage: (digitalSignature: boolean, keyCertSign = false): Extension => {
    const bits = (digitalSignature ? 0x80 : 0) | (keyCertSign ? 0x04 : 0);
    return { oid: OID.keyUsage, critical: true, value: bitString(Buffer.from([bits]), keyCertSign ? 2 : 7) };
  },
  extendedKeyUsage: (...usages: string[]): Extension => ({ oid: OID.extendedKeyUsage, value: sequence(...usages.map(oid)) }),
  subjectAltName: (...names: Buffer[]): Extension => ({ oid: OID.subjectAltName, critical: true, value: sequence(...names) }),
  subjectKey: (key: KeyObject): Extension => ({ oid: OID.subjectKeyIdentifier, value: octetString(keyIdentifier(key)) }),
  authorityKey: (key: KeyObject): Extension => ({ oid: OID.authorityKeyIdentifier, value: sequence(der(0x80, keyIdentifier(key))) }),
  basicConstraints: (isCa: boolean, pathLength?: number): Extension => ({
    oid: OID.basicConstraints,
    critical: true,
    value: sequence(...(isCa ? [bool(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])),
  }),
  /** A claim of Fulcio as UTF8String, from arc 8 on. */
  claim: (arc: number, text: string): Extension => ({ oid: `${OID.fulcio}.${arc}`, value: utf8String(text) }),
  /** A claim of Fulcio as bare bytes, arcs 1 to 6. */
  oldClaim: (arc: number, text: string): Extension => ({ oid: `${OID.fulcio}.${arc}`, value: Buffer.from(text, 'utf8') }),
};

/** Arcs by the names of `CertificateClaims` (Fulcio's oid-info). */
const ARCS: { readonly [claim: string]: number } = {
  buildSignerUri: 9, buildSignerDigest: 10, runnerEnvironment: 11, sourceRepositoryUri: 12, sourceRepositoryDigest: 13, sourceRepositoryRef: 14,
  sourceRepositoryId: 15, sourceRepositoryOwnerUri: 16, sourceRepositoryOwnerId: 17, buildConfigUri: 18, buildConfigDigest: 19, buildTrigger: 20,
  runInvocationUri: 21, sourceRepositoryVisibility: 22,
};

const OLD_ARCS: { readonly [claim: string]: number } = { buildTrigger: 2, sourceRepositoryDigest: 3, workflowName: 4, sourceRepositoryRef: 6 };

/** Issuer and claims as Fulcio writes them, the older twins included. */
export function identityExtensions({ issuer, claims = {} }: Identity): Extension[] {
  const repository = claims.sourceRepositoryUri === undefined ? [] : [extension.oldClaim(5, new URL(claims.sourceRepositoryUri).pathname.slice(1))];
  const old = Object.entries(OLD_ARCS).flatMap(([claim, arc]) => (claims[claim] === undefined ? [] : [extension.oldClaim(arc, claims[claim])]));
  const current = Object.entries(ARCS).flatMap(([claim, arc]) => (claims[claim] === undefined ? [] : [extension.claim(arc, claims[claim])]));
  return [extension.oldClaim(1, issuer), ...old, ...repository, extension.claim(8, issuer), ...current];
}

export function spkiOf(key: KeyObject): Buffer {
  return (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
}

/** Any hash of the key will do (RFC 5280, section 4.2.1.2). */
export function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1').update(spkiOf(key)).digest();
}

export function newSerial(): Buffer {
  return Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
}

export function pemOf(label: 'CERTIFICATE' | 'PUBLIC KEY', bytes: Buffer): string {
  return `-----BEGIN ${label}-----\n${(bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
}

export function ecdsaHash(key: KeyObject): 'sha256' | 'sha384' {
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
}

/** ecdsa-with-SHA384 for P-384, else ecdsa-with-SHA256 (RFC 5758). */
export function ecdsaAlgorithm(key: KeyObject): Buffer {
  return sequence(oid(ecdsaHash(key) === 'sha384' ? '1.2.840.10045.4.3.3' : '1.2.840.10045.4.3.2'));
}
