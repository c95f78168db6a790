import { X509Certificate } from '@sigstore/core';
import { remember } from '../../../lib/verifier/sigstore/remember';
import { distinguishedName } from '../../support/sigstore/der';
import { issuerBelow, selfSigned } from '../../support/sigstore/certificate-authority';

const parse = (der: Buffer): X509Certificate => X509Certificate.parse(Buffer.from(der));
const [root, namesake] = [1, 2].map(() => selfSigned(distinguishedName('world.test', 'root'), new Date()));
const below = issuerBelow(root!, distinguishedName('world.test', 'intermediate'), new Date());

test.each([['the true issuer asked first', true], ['the true issuer asked last', false]])('%s: what is remembered of a signature is the outcome against each issuer', (_, first) => {
  const certificate = remember(parse(below.certificate));
  const issuers = [parse(root!.certificate), parse(namesake!.certificate)];
  const asked = first ? issuers : [...issuers].reverse();
  expect([...asked, ...asked].map((issuer) => certificate.verify(issuer))).toEqual([first, !first, first, !first]);
  expect([certificate.verify(), certificate.verify()]).toEqual([false, false]);
  expect(remember(parse(root!.certificate)).verify()).toBe(true);
});

test('what is remembered of the bytes is what they are', () => {
  const [plain, remembered] = [parse(below.certificate), remember(parse(below.certificate))];
  expect(remembered.root.toDER()).toEqual(plain.root.toDER());
  expect(remembered.tbsCertificate.toDER()).toEqual(plain.tbsCertificate.toDER());
  expect(remembered.publicKey).toEqual(plain.publicKey);
  expect(remembered.equals(plain)).toBe(true);
});
