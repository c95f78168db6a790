import 'reflect-metadata';
import { X509Certificate as NativeCertificate } from 'node:crypto';
import { X509Certificate as OtherCertificate } from '@peculiar/x509';
import { CertificateSigner, OwnCertificateSigner } from '../../../lib/decide/evidence';
import { checkAuthority, readOwnSubject, readSigner } from '../../../lib/verifier/sigstore/certificate';
import { EvidenceFailure } from '../../../lib/verifier/sigstore/failure';
import { fingerprintsOf } from '../../../lib/verifier/sigstore/fingerprints';
import { Certificate, readCertificate } from '../../../lib/verifier/sigstore/read-certificate';
import { DER } from '../der-mutations';
import { Target } from '../fuzz';
import { certificates } from '../seeds';
import { expectSame, read } from './refusal';

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const FULCIO = '1.3.6.1.4.1.57264.1';

/** Certificates that are fit to sign code, against OpenSSL and a third reader. */
export const certificate: Target = {
  name: 'certificate',
  seeds: certificates(),
  mutations: DER,
  judge: (input) => {
    const signer = read(() => fit(input, ({ parsed }) => readSigner(parsed)), EvidenceFailure)?.value;
    const own = read(() => fit(input, ({ parsed }) => readOwnSubject(parsed)), EvidenceFailure)?.value;
    const isAuthority = read(() => fit(input, checkAuthority), EvidenceFailure) !== undefined;
    if (isAuthority) {
      expectSame('an authority', new NativeCertificate(input).ca, true);
      expectSame('an authority that signs code', signer ?? own, undefined);
    }
    for (const subject of [signer, own]) {
      if (subject !== undefined) {
        compare(input, subject, subject === signer);
      }
    }
    if (signer !== undefined) {
      // It reads every extension that it knows, also those that nothing here depends on; what it refuses altogether says nothing.
      const other = read(() => new OtherCertificate(input).extensions, Error)?.value;
      if (other !== undefined) {
        compareClaims(other, signer);
      }
    }
    return isAuthority || signer !== undefined || own !== undefined ? 'accepted' : 'refused';
  },
};

/** As verify-bundle.ts reads a leaf. */
function fit<T>(der: Buffer, look: (found: Certificate) => T): T {
  const both = readCertificate(der);
  const found = look(both);
  fingerprintsOf(both.parsed, der);
  return found;
}

function compare(der: Buffer, { subject, subjectType }: Pick<CertificateSigner | OwnCertificateSigner, 'subject' | 'subjectType'>, isOnly: boolean): void {
  const native = new NativeCertificate(der);
  const ours = readCertificate(der).parsed;
  expectSame('bytes', native.raw.toString('hex'), der.toString('hex'));
  expectSame('an authority', native.ca, false);
  expectSame('purpose', native.keyUsage?.includes(CODE_SIGNING), true);
  expectSame('start of validity', ours.notBefore.getTime(), Date.parse(native.validFrom));
  expectSame('end of validity', ours.notAfter.getTime(), Date.parse(native.validTo));
  expectSame('key', ours.publicKey.toString('hex'), native.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'));
  const names = namesOf(native.subjectAltName ?? '');
  expectSame('subject', names[0], subjectType === 'username' ? names[0] : `${{ email: 'email', uri: 'URI', dns: 'DNS' }[subjectType]}:${subject}`);
  expectSame('number of subjects', !isOnly || names.length === 1, true);
}

/** `URI:…, email:…`, each as JSON where it holds what could be mistaken (Node's `subjectAltName`). */
function namesOf(text: string): string[] {
  return [...text.matchAll(/([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)].map(([, type = '', value = '']) => `${type}:${value.startsWith('"') ? JSON.parse(value) as string : value}`);
}

function compareClaims(extensions: OtherCertificate['extensions'], { issuer, claims }: Pick<CertificateSigner, 'issuer' | 'claims'>): void {
  const raw = (arc: number): Buffer | undefined => {
    const found = extensions.filter(({ type }) => type === `${FULCIO}.${arc}`);
    expectSame(`extension .${arc}`, found.length < 2, true);
    return found[0] === undefined ? undefined : Buffer.from(found[0].value);
  };
  const text = (arc: number): string | undefined => {
    const der = raw(arc);
    // UTF8String: tag, length of one or two bytes, text.
    return der?.subarray((der[1] ?? 0) < 0x80 ? 2 : (der[1] ?? 0) - 0x80 + 2).toString('utf8');
  };
  expectSame('issuer', issuer, text(8) ?? raw(1)?.toString('utf8'));
  expectSame('repository', claims.sourceRepositoryUri, text(12));
  expectSame('ref', claims.sourceRepositoryRef, text(14));
  expectSame('trigger', claims.buildTrigger, text(20));
}
