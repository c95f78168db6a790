import 'reflect-metadata';
import { createPublicKey, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, Extension, KeyUsageFlags, KeyUsagesExtension, Name, PemConverter, SubjectAlternativeNameExtension,
  X509CertificateGenerator, X509Certificate as OtherCertificate,
} from '@peculiar/x509';
import { X509Certificate as ParsedCertificate } from '@sigstore/core';
import { Authority, BACKDATE, mintAuthority, mintServing } from '../../../lib/verifier/tls/authority';
import { ServingCertificate } from '../../../lib/verifier/server/server';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const NAMES = ['verifier.proofgate.svc', 'localhost', `${'long.'.repeat(40)}svc`];

const AUTHORITY = [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)];
const SERVING = [
  new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]), new SubjectAlternativeNameExtension(NAMES.map((value) => ({ type: 'dns', value }))),
];

/** What is signed when another library makes the certificate with the same serial number, names, key and times. */
async function byLibrary(pem: string, signer: Authority, extensions: readonly Extension[], from: number, to: number): Promise<Buffer> {
  const { serialNumber, subject, issuer, publicKey } = new OtherCertificate(pem);
  const made = await X509CertificateGenerator.create({
    serialNumber, subject, issuer, notBefore: new Date(from), notAfter: new Date(to), publicKey, signingAlgorithm: SIGNATURE, extensions: [...extensions],
    signingKey: await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(signer.key), KEY, false, ['sign']),
  }, webcrypto);
  return signed(made.toString('pem'));
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
  expect(signed(authority.certificate)).toEqual(await byLibrary(authority.certificate, authority, AUTHORITY, NOW - BACKDATE, end));
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

test('an authority whose name was written as another kind of text is named with the same bytes', async () => {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01', name: new Name([{ CN: [{ utf8String: 'made by somebody else' }] }]), notBefore: new Date(NOW), notAfter: new Date(NOW + DAY), keys,
    signingAlgorithm: SIGNATURE, extensions: AUTHORITY,
  }, webcrypto);
  const authority = { certificate: made.toString('pem'), key: PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY') };
  const { certificate } = await mintServing(authority, NAMES, DAY, NOW);
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
