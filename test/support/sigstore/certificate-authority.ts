import { createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import { CertificateSpec, extension, generalName, identityExtensions, newSerial, OID, signCertificate, toBeSigned } from './certificate';
import { CtLog } from './ct-log';
import { distinguishedName, sequence } from './der';
import { Identity } from './identities';

const YEAR = 365 * 24 * 60 * 60 * 1000;

/** A certificate that can issue others, with its key. */
export interface Issuer {
  readonly name: Buffer;
  readonly privateKey: KeyObject;
  readonly certificate: Buffer;
}

export interface LeafOptions {
  /** Start of validity. */
  readonly at: Date;
  /** Logs whose timestamps the certificate embeds. */
  readonly ctLogs: readonly CtLog[];
  /** When the CT logs saw it. @default - the start of validity */
  readonly loggedAt?: Date;
  /** Changes what the certificate says before anybody signs it. */
  readonly alter?: (spec: CertificateSpec) => void;
  /** Changes the list of signed certificate timestamps. */
  readonly alterScts?: (scts: Buffer[]) => Buffer[];
}

/** A Fulcio: a root, an intermediate, and leaf certificates that live ten minutes and carry the identity. */
export class CertificateAuthority {
  static create(organization: string, from: Date): CertificateAuthority {
    const root = selfSigned(distinguishedName(organization, 'root'), from);
    return new CertificateAuthority(root, issuerBelow(root, distinguishedName(organization, 'intermediate'), from));
  }

  /** An authority of these very issuers. */
  static of(root: Issuer, intermediate: Issuer): CertificateAuthority {
    return new CertificateAuthority(root, intermediate);
  }

  private constructor(readonly root: Issuer, readonly intermediate: Issuer) {}

  /** Intermediate first, as a trusted root lists them. */
  get chain(): Buffer[] {
    return [this.intermediate.certificate, this.root.certificate];
  }

  /** The certificate of an identity for a key. */
  issue(identity: Identity, publicKey: KeyObject, options: LeafOptions): Buffer {
    const { subject, subjectType = 'uri' } = identity;
    const spec: CertificateSpec = {
      serial: newSerial(),
      issuer: this.intermediate.name,
      subject: sequence(),
      notBefore: options.at,
      notAfter: new Date(options.at.getTime() + 10 * 60 * 1000),
      publicKey,
      extensions: [
        extension.keyUsage(true),
        extension.extendedKeyUsage(OID.codeSigning),
        extension.subjectKey(publicKey),
        extension.authorityKey(this.intermediate.privateKey),
        extension.subjectAltName(generalName[subjectType](subject)),
        ...identityExtensions(identity),
      ],
    };
    options.alter?.(spec);
    const { privateKey } = this.intermediate;
    const tbs = toBeSigned(spec, privateKey);
    const scts = options.ctLogs.map((log) => log.timestamp(tbs, createPublicKey(privateKey), options.loggedAt ?? options.at));
    const listed = options.alterScts?.(scts) ?? scts;
    if (listed.length > 0) {
      spec.extensions.push(CtLog.extension(listed));
    }
    return signCertificate(spec, privateKey);
  }
}

/** A root of ten years, from a year before. */
export function selfSigned(name: Buffer, from: Date): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const certificate = signCertificate({
    serial: newSerial(), issuer: name, subject: name, ...decade(from), publicKey,
    extensions: [extension.keyUsage(false, true), extension.basicConstraints(true), extension.subjectKey(publicKey), extension.authorityKey(publicKey)],
  }, privateKey);
  return { name, privateKey, certificate };
}

/** An authority below another, as long as its root unless it ends earlier. */
export function issuerBelow(parent: Issuer, name: Buffer, from: Date, end?: Date): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const certificate = signCertificate({
    serial: newSerial(), issuer: parent.name, subject: name, ...decade(from), ...(end === undefined ? {} : { notAfter: end }), publicKey,
    extensions: [
      extension.keyUsage(false, true), extension.basicConstraints(true, 0), extension.subjectKey(publicKey), extension.authorityKey(parent.privateKey),
    ],
  }, parent.privateKey);
  return { name, privateKey, certificate };
}

function decade(from: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(from.getTime() - YEAR), notAfter: new Date(from.getTime() + 9 * YEAR) };
}
