import { createHash, generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { Extension, OID, spkiOf } from './certificate';
import { octetString } from './der';

/** A certificate transparency log that signs what it would log (RFC 6962, section 3.2). */
export class CtLog {
  /** The extension that embeds timestamps in a certificate (RFC 6962, section 3.3). */
  static extension(scts: readonly Buffer[]): Extension {
    const list = Buffer.concat(scts.map((sct) => Buffer.concat([uint(sct.length, 2), sct])));
    return { oid: OID.scts, value: octetString(Buffer.concat([uint(list.length, 2), list])) };
  }

  readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  constructor(readonly host: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  get id(): Buffer {
    return createHash('sha256').update(spkiOf(this.publicKey)).digest();
  }

  /** A signed certificate timestamp over a certificate without its timestamps. */
  timestamp(tbs: Buffer, issuer: KeyObject, at: Date): Buffer {
    const issuerHash = createHash('sha256').update(spkiOf(issuer)).digest();
    const time = uint(at.getTime(), 8);
    const signed = Buffer.concat([Buffer.from([0, 0]), time, uint(1, 2), issuerHash, uint(tbs.length, 3), tbs, uint(0, 2)]);
    const signature = sign('sha256', signed, this.privateKey);
    // Version 1, no extensions, SHA-256 with ECDSA.
    return Buffer.concat([Buffer.from([0]), this.id, time, uint(0, 2), Buffer.from([4, 3]), uint(signature.length, 2), signature]);
  }
}

/** An unsigned integer of a fixed number of bytes, the most significant first. */
function uint(value: number, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');
}
