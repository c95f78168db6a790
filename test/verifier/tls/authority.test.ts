import 'reflect-metadata';
import { createHash, createPublicKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, Name, PemConverter, X509CertificateGenerator } from '@peculiar/x509';
import { X509Certificate as ParsedCertificate } from '@sigstore/core';
import { BitString, OctetString, PrintableString } from 'asn1js';
import * as pkijs from 'pkijs';
import { Authority, BACKDATE, mintAuthority, mintServing } from '../../../lib/verifier/tls/authority';
import { ServingCertificate } from '../../../lib/verifier/server/server';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const NAMES = ['verifier.proofgate.svc', 'localhost', `${'long.'.repeat(40)}svc`];

const AUTHORITY = [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)];

const ENGINE = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto });
const SIGNING_CERTIFICATES = [
  anExtension('2.5.29.19', true, new pkijs.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
  anExtension('2.5.29.15', true, { toSchema: () => new BitString({ valueHex: Uint8Array.of(0b0000_0110).buffer, unusedBits: 1 }) }),
];
const SERVING = [
  anExtension('2.5.29.19', true, new pkijs.BasicConstraints({})),
  anExtension('2.5.29.15', true, { toSchema: () => new BitString({ valueHex: Uint8Array.of(0b1000_0000).buffer, unusedBits: 7 }) }),
  anExtension('2.5.29.37', false, new pkijs.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1'] })),
  anExtension('2.5.29.17', false, new pkijs.GeneralNames({ names: NAMES.map((value) => new pkijs.GeneralName({ type: 2, value })) })),
];

function anExtension(extnID: string, critical: boolean, value: { toSchema(): { toBER(): ArrayBuffer } }): pkijs.Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toSchema().toBER() });
}

/** What is signed when another library makes the certificate with the same serial number, names, key and times. */
async function byLibrary(pem: string, signer: Authority, extensions: readonly pkijs.Extension[], from: number, to: number): Promise<Buffer> {
  const found = pkijs.Certificate.fromBER(new X509Certificate(pem).raw);
  const key = pem === signer.certificate ? subjectKey(signer) : authorityKey(signer);
  const made = new pkijs.Certificate({
    version: 2, serialNumber: found.serialNumber, issuer: named(found.issuer), subject: named(found.subject), notBefore: time(from), notAfter: time(to),
    extensions: [...extensions, key],
  });
  const publicKey = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  await made.subjectPublicKeyInfo.importKey(await webcrypto.subtle.importKey('spki', publicKey, KEY, true, ['verify']), ENGINE);
  await made.sign(await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(signer.key), KEY, false, ['sign']), 'SHA-256', ENGINE);
  return signed(new X509Certificate(Buffer.from(made.toSchema(true).toBER())).toString());
}

/** RFC 7093, section 2, method 1; the last 65 bytes of the DER are the point. */
function identifierOf({ certificate }: Authority): OctetString {
  const point = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
  return new OctetString({ valueHex: Uint8Array.from(createHash('sha256').update(point).digest().subarray(0, 20)).buffer });
}

const subjectKey = (of: Authority): pkijs.Extension => anExtension('2.5.29.14', false, { toSchema: () => identifierOf(of) });
const authorityKey = (of: Authority): pkijs.Extension => anExtension('2.5.29.35', false, new pkijs.AuthorityKeyIdentifier({ keyIdentifier: identifierOf(of) }));

function time(milliseconds: number): pkijs.Time {
  const value = new Date(milliseconds);
  return new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? pkijs.TimeType.UTCTime : pkijs.TimeType.GeneralizedTime, value });
}

function named({ typesAndValues }: pkijs.RelativeDistinguishedNames): pkijs.RelativeDistinguishedNames {
  return new pkijs.RelativeDistinguishedNames({
    typesAndValues: typesAndValues.map(({ type, value }) => new pkijs.AttributeTypeAndValue({ type, value: new PrintableString({ value: String(value.valueBlock.value) }) })),
  });
}

function signed(pem: string): Buffer {
  return ParsedCertificate.parse(pem).tbsCertificate.toDER();
}

function isSignedBy(pem: string, authority: Authority): boolean {
  const [certificate, issuer] = [new X509Certificate(pem), new X509Certificate(authority.certificate)];
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

test.each([
  ['soon', NOW + DAY],
  ['in the last second for which a year has two digits', Date.UTC(2049, 11, 31, 23, 59, 59)],
  ['in the first one for which it has four', Date.UTC(2050, 0, 1)],
])('a certificate that ends %s is byte for byte what another library writes', async (_when, end) => {
  const authority = await mintAuthority(end - NOW, NOW);
  expect(signed(authority.certificate)).toEqual(await byLibrary(authority.certificate, authority, SIGNING_CERTIFICATES, NOW - BACKDATE, end));
  const serving = await mintServing(authority, NAMES, end - NOW, NOW);
  expect(signed(serving.certificate)).toEqual(await byLibrary(serving.certificate, authority, SERVING, NOW - BACKDATE, end));
});

test('certificates are signed by the key of their authority, and by no other', async () => {
  const [authority, other] = [await mintAuthority(DAY, NOW), await mintAuthority(DAY, NOW)];
  const serving = await mintServing(authority, NAMES, DAY, NOW);
  expect([authority.certificate, serving.certificate].map((pem) => isSignedBy(pem, authority))).toEqual([true, true]);
  expect([authority.certificate, serving.certificate].map((pem) => isSignedBy(pem, other))).toEqual([false, false]);
});

test.each([['an authority', (authority: Authority) => authority], ['a serving certificate', (authority: Authority) => mintServing(authority, NAMES, DAY, NOW)]] as const)(
  'no two of %s have a key or a serial number in common, and each comes with its own key', async (_what, make) => {
    const made: (Authority | ServingCertificate)[] = [await make(await mintAuthority(DAY, NOW)), await make(await mintAuthority(DAY, NOW))];
    const read = made.map(({ certificate }) => new X509Certificate(certificate));
    expect(new Set(read.map(({ serialNumber }) => serialNumber)).size).toBe(2);
    expect(made.map(({ key }, index) => createPublicKey(key).equals(read[index]!.publicKey))).toEqual([true, true]);
    expect(made.map(({ key }, index) => createPublicKey(key).equals(read[1 - index]!.publicKey))).toEqual([false, false]);
  },
);

test('no two authorities have one name: a client that has both and looks for no more finds the right one', async () => {
  const subjects = (await Promise.all([mintAuthority(DAY, NOW), mintAuthority(DAY, NOW)])).map(({ certificate }) => new X509Certificate(certificate).subject);
  expect(new Set(subjects).size).toBe(2);
});

test('serial numbers are positive and of sixteen bytes', async () => {
  const made = await Promise.all(Array.from({ length: 16 }, () => mintAuthority(DAY, NOW)));
  const serials = made.map(({ certificate }) => ParsedCertificate.parse(certificate).serialNumber);
  expect(serials.filter((serial) => serial.length !== 16 || serial.readInt8(0) <= 0)).toEqual([]);
});

test('an authority whose name was written as another kind of text is named with the same bytes', async () => {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01', name: new Name([{ CN: [{ utf8String: 'made by somebody else' }] }]), notBefore: new Date(NOW), notAfter: new Date(NOW + DAY), keys,
    signingAlgorithm: SIGNATURE, extensions: AUTHORITY,
  }, webcrypto);
  const authority = { certificate: made.toString('pem'), key: PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY') };
  const { certificate } = await mintServing(authority, NAMES, DAY, NOW);
  expect(ParsedCertificate.parse(certificate).extension('2.5.29.35')).toBeUndefined();
  expect(ParsedCertificate.parse(certificate).issuer).toEqual(ParsedCertificate.parse(authority.certificate).subject);
  expect(isSignedBy(certificate, authority)).toBe(true);
});

test('an authority with a key of another kind signs nothing', async () => {
  const authority = await mintAuthority(DAY, NOW);
  for (const { privateKey } of [generateKeyPairSync('ec', { namedCurve: 'P-384' }), generateKeyPairSync('rsa', { modulusLength: 2048 })]) {
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(mintServing({ ...authority, key }, NAMES, DAY, NOW)).rejects.toThrow('the key of the authority is not one of P-256');
  }
  await expect(mintServing(authority, NAMES, DAY, NOW)).resolves.toBeDefined();
});
