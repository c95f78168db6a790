import { createHash, generateKeyPairSync, KeyObject, randomBytes, sign } from 'node:crypto';
import { ecdsaAlgorithm, ecdsaHash, extension, newSerial, OID, signCertificate } from './certificate';
import { Issuer, issuerBelow, selfSigned } from './certificate-authority';
import { context, distinguishedName, generalizedTime, integer, octetString, oid, sequence, setOf, time } from './der';

const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

export interface TimestampOptions {
  /** Certificates to put into the token. @default - none, as Sigstore's authorities do */
  readonly certificates?: readonly Buffer[];
  /** Who the token says has signed it. @default - the authority itself */
  readonly claimsToBe?: TimestampAuthority;
}

/** A timestamp authority (RFC 3161): root, intermediate, and a certificate for signing timestamps. */
export class TimestampAuthority {
  static create(organization: string, from: Date, usage: string = OID.timeStamping): TimestampAuthority {
    const root = selfSigned(distinguishedName(organization, 'tsa root'), from);
    const intermediate = issuerBelow(root, distinguishedName(organization, 'tsa intermediate'), from);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const serial = newSerial();
    const certificate = signCertificate({
      serial,
      issuer: intermediate.name,
      subject: distinguishedName(organization, 'tsa'),
      notBefore: new Date(from.getTime() - 300 * 24 * 3600 * 1000),
      notAfter: new Date(from.getTime() + 3000 * 24 * 3600 * 1000),
      publicKey,
      extensions: [
        extension.keyUsage(true), { ...extension.extendedKeyUsage(usage), critical: true }, extension.subjectKey(publicKey), extension.authorityKey(intermediate.privateKey),
      ],
    }, intermediate.privateKey);
    return new TimestampAuthority(root, intermediate, serial, certificate, privateKey);
  }

  private constructor(
    private readonly root: Issuer,
    private readonly intermediate: Issuer,
    private readonly serial: Buffer,
    readonly certificate: Buffer,
    private readonly privateKey: KeyObject,
  ) {}

  /** Signing certificate first, as a trusted root lists them. */
  get chain(): Buffer[] {
    return [this.certificate, this.intermediate.certificate, this.root.certificate];
  }

  /** A TimeStampResp that says when these bytes existed. */
  timestamp(data: Uint8Array, at: Date, options: TimestampOptions = {}): Buffer {
    const info = sequence(
      integer(1), oid('1.3.6.1.4.1.57264.2'), sequence(SHA256, octetString(createHash('sha256').update(data).digest())),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(7)])), generalizedTime(at),
    );
    const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), setOf(value));
    const attributes = setOf(
      attribute(CONTENT_TYPE, oid(TST_INFO)),
      attribute(SIGNING_TIME, time(at)),
      attribute(MESSAGE_DIGEST, octetString(createHash('sha256').update(info).digest())),
    );
    const { intermediate, serial } = options.claimsToBe ?? this;
    const signer = sequence(
      integer(1), sequence(intermediate.name, integer(serial)), SHA256,
      // The signature is over a SET; inside the signer it is [0] IMPLICIT (RFC 5652, section 5.4).
      Buffer.concat([Buffer.from([0xa0]), attributes.subarray(1)]),
      ecdsaAlgorithm(this.privateKey), octetString(sign(ecdsaHash(this.privateKey), attributes, this.privateKey)),
    );
    const certificates = options.certificates === undefined ? [] : [context(0, ...options.certificates)];
    const signedData = sequence(integer(3), setOf(SHA256), sequence(oid(TST_INFO), context(0, octetString(info))), ...certificates, setOf(signer));
    return sequence(sequence(integer(0)), sequence(oid(SIGNED_DATA), context(0, signedData)));
  }
}
