import { createHash, createPublicKey, generateKeyPairSync, X509Certificate as NativeCertificate } from 'node:crypto';
import { X509Certificate } from '@sigstore/core';
import { fingerprintsOf } from '../../../lib/verifier/sigstore/fingerprints';
import { extension, generalName, OID } from '../../support/sigstore';
import { CertificateSpec, newSerial, signCertificate, spkiOf } from '../../support/sigstore/certificate';
import { bitString, der, distinguishedName, integer, oid, sequence } from '../../support/sigstore/der';

const ORDERS: { readonly [curve: string]: bigint } = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
};

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function certificate(curve: string): { der: Buffer; issuer: ReturnType<typeof generateKeyPairSync>['publicKey'] } {
  const issuer = generateKeyPairSync('ec', { namedCurve: curve });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spec: CertificateSpec = {
    serial: newSerial(), issuer: distinguishedName('acme.test', 'root'), subject: sequence(), notBefore: new Date(), notAfter: new Date(Date.now() + 60_000), publicKey,
    extensions: [extension.keyUsage(true), extension.extendedKeyUsage(OID.codeSigning), extension.subjectAltName(generalName.uri('https://ci.test/x'))],
  };
  return { der: signCertificate(spec, issuer.privateKey), issuer: issuer.publicKey };
}

const parts = (bytes: Buffer): X509Certificate['root']['subs'] => X509Certificate.parse(bytes as Buffer<ArrayBuffer>).root.subs;

const fingerprints = (bytes: Buffer): ReturnType<typeof fingerprintsOf> => fingerprintsOf(X509Certificate.parse(bytes as Buffer<ArrayBuffer>), bytes);

/** The same certificate with the authority's other signature. */
function twinOf(bytes: Buffer, order: bigint): Buffer {
  const [tbs, algorithm, signature] = parts(bytes);
  const [r, s] = signature!.subs.length > 0 ? signature!.subs : X509Certificate.parse(bytes as Buffer<ArrayBuffer>) && numbers(signature!.value.subarray(1));
  const turned = order - BigInt(`0x${s!.value.toString('hex')}`);
  const hex = turned.toString(16);
  return sequence(tbs!.toDER(), algorithm!.toDER(), bitString(sequence(integer(r!.value), integer(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))), 0));
}

function numbers(signature: Buffer): ReadonlyArray<{ readonly value: Buffer }> {
  const lengthOfR = signature[3]!;
  return [{ value: signature.subarray(4, 4 + lengthOfR) }, { value: signature.subarray(6 + lengthOfR) }];
}

test.each(Object.keys(ORDERS))('a certificate that an authority of %s issued is recognized by either of its two signatures', (curve) => {
  for (let round = 0; round < 8; round += 1) {
    const { der: bytes, issuer } = certificate(curve);
    const twin = twinOf(bytes, ORDERS[curve]!);
    expect(new NativeCertificate(twin).verify(issuer)).toBe(true);
    expect(sha256(twin)).not.toBe(sha256(bytes));
    expect(fingerprints(bytes).fingerprints).toEqual(expect.arrayContaining([sha256(bytes), sha256(twin)]));
    expect(fingerprints(twin).fingerprints).toEqual(expect.arrayContaining([sha256(bytes), sha256(twin)]));
  }
});

describe('a certificate that writes its key in another form than the one that keys are known by is refused', () => {
  const bytes = certificate('P-256').der;
  const info = X509Certificate.parse(bytes as Buffer<ArrayBuffer>).publicKey;
  const point = info.subarray(-65);
  const isOdd = (point.at(-1) ?? 0) % 2;
  const rewritten = (key: Buffer): Buffer => {
    const [tbs, ...rest] = parts(bytes);
    const signed = tbs!.subs.map((one) => one.toDER());
    return sequence(sequence(...signed.map((one) => (one.equals(info) ? key : one))), ...rest.map((one) => one.toDER()));
  };
  const written = (form: Buffer): Buffer => rewritten(sequence(parts(bytes)[0]!.subs.find((one) => one.toDER().equals(info))!.subs[0]!.toDER(), bitString(form, 0)));

  test.each<[string, Buffer]>([
    ['compressed', Buffer.concat([Buffer.from([2 + isOdd]), point.subarray(1, 33)])],
    ['hybrid', Buffer.concat([Buffer.from([6 + isOdd]), point.subarray(1)])],
  ])('E52: %s, which OpenSSL takes for the same key; in full it is known', (_form, other) => {
    const respelt = written(other);
    expect(new NativeCertificate(respelt).publicKey.equals(new NativeCertificate(bytes).publicKey)).toBe(true);
    expect(() => fingerprints(respelt)).toThrow('the certificate writes its key in another form');
    expect(fingerprints(written(point)).key).toBe(fingerprints(bytes).key);
  });
});

test('another certificate of the same key has other fingerprints, and the same key', () => {
  const [one, other] = [certificate('P-256').der, certificate('P-256').der];
  expect(fingerprints(one).fingerprints).not.toContain(sha256(other));
  const { publicKey } = new NativeCertificate(one);
  expect(fingerprints(one).key).toBe(sha256(spkiOf(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })))));
});

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['another algorithm outside than within', (bytes) => {
    const [tbs, , signature] = parts(bytes);
    return sequence(tbs!.toDER(), sequence(oid('1.2.840.10045.4.3.2'), der(0x05, Buffer.alloc(0))), signature!.toDER());
  }],
  ['unused bits in the signature', (bytes) => {
    const [tbs, algorithm, signature] = parts(bytes);
    return sequence(tbs!.toDER(), algorithm!.toDER(), der(0x03, Buffer.concat([Buffer.from([1]), signature!.value.subarray(1)])));
  }],
])('a certificate with %s is refused', (_, change) => {
  const { der: bytes } = certificate('P-256');
  expect(() => fingerprints(change(bytes))).toThrow('the certificate is not DER, or names two signature algorithms');
  expect(fingerprints(bytes).fingerprints[0]).toBe(sha256(bytes));
});
