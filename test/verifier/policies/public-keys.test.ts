import { generateKeyPairSync } from 'node:crypto';
import { Attestor } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { checkPublicKeys } from '../../../lib/verifier/policies/public-keys';
import { pemOf } from '../../support/sigstore/certificate';
import { CertificateAuthority, issuerBelow, selfSigned } from '../../support/sigstore/certificate-authority';
import { policy } from '../admission/scene';

function pem(der: Buffer): string {
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;
}

/** A key of a curve, and the same text with a coordinate that no point of it has. */
function keys(namedCurve: string): { onCurve: string; offCurve: string } {
  const der = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' });
  const off = Buffer.from(der);
  off[off.length - 1]! ^= 1;
  return { onCurve: pem(der), offCurve: pem(off) };
}

function check(publicKey: string): void {
  checkAttestor({ type: 'key', publicKey });
}

function checkAttestor(signer: Attestor): void {
  checkPublicKeys(policySet([parseDocument(policy('app', 'reg.test', { attestors: { vault: signer }, requirements: [{ type: 'signature', name: 'signed', attestors: ['vault'] }] }))]));
}

test.each(['P-256', 'P-384', 'P-521'])('a key that is no point of %s is refused, with the policy and the attestor that name it', (curve) => {
  const { onCurve, offCurve } = keys(curve);
  expect(() => check(offCurve)).toThrow(/^policy app, attestor vault: the public key cannot be used \(.+\); compare it with/);
  expect(() => check(onCurve)).not.toThrow();
});

test.each(['ed25519', 'rsa'] as const)('a key of %s is taken', (type) => {
  const { publicKey } = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  expect(() => check(publicKey.export({ type: 'spki', format: 'pem' }).toString())).not.toThrow();
});

test('an authority whose intermediate its root did not sign is refused, with the policy and the attestor that name it', () => {
  const own = CertificateAuthority.create('acme.test', new Date());
  const impostor = issuerBelow(selfSigned(own.root.name, new Date()), own.intermediate.name, new Date());
  const authority = (...certificates: Buffer[]): Attestor =>
    ({ type: 'certificate', authority: certificates.map((der) => pemOf('CERTIFICATE', der)).join(''), subject: 'ci@acme.test' });
  expect(() => checkAttestor(authority(own.root.certificate, impostor.certificate)))
    .toThrow(/^policy app, attestor vault: the authority cannot be used \(the authority has a certificate that no root of it signed\); compare its certificates with/);
  expect(() => checkAttestor(authority(...own.chain))).not.toThrow();
});
