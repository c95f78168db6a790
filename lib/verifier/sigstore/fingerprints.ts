import { createHash } from 'node:crypto';
import { X509Certificate } from '@sigstore/core';
import { isCanonicalKey } from '../../policy/public-key';
import { CertificateSigner } from '../../decide/evidence';
import { EvidenceFailure } from './failure';

/** Orders of the curves of certificate authorities: P-256, P-384, P-521 (SEC 2, section 2). */
const ORDERS = [
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
];

const ECDSA = /^1\.2\.840\.10045\.4\.3\./;

/**
 * By what a certificate and its key are recognized, whoever encoded it.
 *
 * The authority's signature is no part of what it signed: with ECDSA anybody can turn s into n - s, and the certificate is as valid as before
 * under another hash. Both are its fingerprints, and every other way of writing the same certificate is refused.
 *
 * @param der - the certificate as it was brought
 * @throws EvidenceFailure UNTRUSTED_CERTIFICATE when it is not written in the one way
 */
export function fingerprintsOf(certificate: X509Certificate, der: Buffer): Pick<CertificateSigner, 'fingerprints' | 'key'> {
  const [signed, algorithm, signature, ...more] = certificate.root.subs;
  const [, , innerAlgorithm] = signed?.subs ?? [];
  if (signed === undefined || algorithm === undefined || signature === undefined || innerAlgorithm === undefined || more.length > 0 || !certificate.root.toDER().equals(der)
    || !algorithm.toDER().equals(innerAlgorithm.toDER()) || signature.value[0] !== 0) {
    throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', 'the certificate is not DER, or names two signature algorithms');
  }
  if (!isCanonicalKey(certificate.publicKey)) {
    // By its hash a key is denied, and told apart from that of another party.
    throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', 'the certificate writes its key in another form than the one that keys are known by, or has one that is not supported');
  }
  const twins = ECDSA.test(algorithm.subs[0]?.toOID() ?? '') ? twinsOf(signature.value.subarray(1)) : [];
  // The signature is the last of the certificate's parts, and a twin has a header of its own: the whole is put together anew.
  const forms = [der, ...twins.map((twin) => sequence(signed.toDER(), algorithm.toDER(), element(0x03, Buffer.concat([Buffer.from([0]), twin]))))];
  return { fingerprints: forms.map(sha256), key: sha256(certificate.publicKey) };
}

/** The other signatures by the same key of the same bytes, for each curve that it can be of. */
function twinsOf(signature: Buffer): Buffer[] {
  const { r, s } = numbersOf(signature) ?? {};
  return r === undefined || s === undefined ? [] : ORDERS.filter((order) => r < order && s < order).map((order) => sequence(integer(r), integer(order - s)));
}

/** ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }; one of P-521 has 139 bytes at most, so that a length takes one or two. */
function numbersOf(signature: Buffer): { r: bigint; s: bigint } | undefined {
  const start = signature[1] === 0x81 ? 3 : 2;
  const lengthOfR = signature[start + 1] ?? 0;
  const r = signature.subarray(start + 2, start + 2 + lengthOfR);
  const s = signature.subarray(start + 4 + lengthOfR);
  return r.length === 0 || s.length === 0 ? undefined : { r: BigInt(`0x${r.toString('hex')}`), s: BigInt(`0x${s.toString('hex')}`) };
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return element(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
