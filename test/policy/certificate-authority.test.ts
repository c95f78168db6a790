import { generateKeyPairSync } from 'node:crypto';
import { AuthorityError, canonicalAuthority } from '../../lib/policy/certificate-authority';
import { CertificateAuthority } from '../support/sigstore/certificate-authority';
import { CertificateSpec, extension, pemOf } from '../support/sigstore/certificate';
import { AUTHORITY, OTHER_AUTHORITY, PUBLIC_KEY } from './documents';

const own = CertificateAuthority.create('acme.test', new Date());
const pem = (der: Buffer): string => pemOf('CERTIFICATE', der);
const ROOT = pem(own.root.certificate);
const INTERMEDIATE = pem(own.intermediate.certificate);
const leaf = (alter: (spec: CertificateSpec) => void = () => undefined): string => pem(own.issue(
  { issuer: 'https://ci.test', subject: 'https://ci.test/x' }, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, { at: new Date(), ctLogs: [], alter },
));
const LEAF = leaf();
const MODEST_LEAF = leaf(({ extensions }) => extensions.push(extension.basicConstraints(false)));

function altered(change: (der: Buffer) => Buffer): string {
  return pem(change(Buffer.from(own.root.certificate)));
}

test('order, repetition and white space make no difference', () => {
  const expected = canonicalAuthority(ROOT + INTERMEDIATE);
  expect(canonicalAuthority(`\n${INTERMEDIATE.replaceAll('\n', '\r\n')}\n\n${ROOT.trim()}`)).toBe(expected);
  expect(canonicalAuthority(ROOT + INTERMEDIATE + ROOT)).toBe(expected);
  expect(canonicalAuthority(expected)).toBe(expected);
  expect(canonicalAuthority(ROOT)).toBe(ROOT);
});

test('other certificates are another authority', () => {
  expect(canonicalAuthority(AUTHORITY)).not.toBe(canonicalAuthority(OTHER_AUTHORITY));
  expect(canonicalAuthority(ROOT)).not.toBe(canonicalAuthority(ROOT + INTERMEDIATE));
});

test.each<[string, string, string]>([
  ['no PEM', 'pki/chain.pem', 'is not a list of PEM blocks'],
  ['text between the blocks', `${ROOT}# intermediate\n${INTERMEDIATE}`, 'is not a list of PEM blocks'],
  ['a public key', PUBLIC_KEY, 'is not a list of PEM blocks'],
  ['a public key beside the root', ROOT + PUBLIC_KEY, 'is not a list of PEM blocks'],
  ['a block that does not end', ROOT.replace('-----END CERTIFICATE-----', ''), 'is not a list of PEM blocks'],
  ['what is no base64', ROOT.replace(/\nMII/, '\n=II'), 'does not hold the DER'],
  ['bytes after the certificate', altered((der) => Buffer.concat([der, Buffer.from([5, 0])])), 'does not hold the DER'],
  ['a certificate that is cut off', altered((der) => der.subarray(0, -1)), 'does not hold the DER'],
  ['nothing in it', pem(Buffer.from([0x30, 0])), 'does not hold the DER'],
  ['the certificate that signs', ROOT + INTERMEDIATE + LEAF, 'not that of an authority'],
  ['a certificate that says it is none of an authority', ROOT + INTERMEDIATE + MODEST_LEAF, 'not that of an authority'],
  ['no root', INTERMEDIATE, 'has no root'],
  ['an intermediate of another root', ROOT + OTHER_AUTHORITY.split(/(?<=END CERTIFICATE-----\n)/)[0]!, 'has an intermediate whose issuer is none'],
])('%s is refused', (_, text, message) => {
  expect(() => canonicalAuthority(text)).toThrow(AuthorityError);
  expect(() => canonicalAuthority(text)).toThrow(message);
});

test('more certificates than anybody has are refused, and a text that is too long is not read', () => {
  const roots = Array.from({ length: 11 }, (_, index) => pem(CertificateAuthority.create(`${index}.test`, new Date()).root.certificate));
  expect(() => canonicalAuthority(roots.join(''))).toThrow('has 11 certificates, more than 10');
  expect(canonicalAuthority(roots.slice(1).join(''))).toContain('BEGIN CERTIFICATE');
  expect(() => canonicalAuthority(ROOT + '\n'.repeat(128 * 1024))).toThrow('more than any chain');
});

test('a private key is called by its name, and so that its owner knows what to do', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(() => canonicalAuthority(ROOT + key)).toThrow('holds a private key: it must be in no policy, and is to be replaced now that it was');
});
