import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const HOUR = 60 * 60 * 1000;

export interface CertificateOptions {
  /** @default 127.0.0.1 and localhost */
  readonly names?: ReadonlyArray<{ readonly type: 'dns' | 'ip'; readonly value: string }>;
  /** Milliseconds from now. @default - an hour */
  readonly endsIn?: number;
}

/** A self-signed server certificate: trusted by whoever is given it as the authority, and by nobody else. */
export async function selfSigned({ names = [{ type: 'ip', value: '127.0.0.1' }, { type: 'dns', value: 'localhost' }], endsIn = HOUR }: CertificateOptions = {}): Promise<{
  readonly cert: string;
  readonly key: string;
}> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=registry',
    notBefore: new Date(Date.now() - 2 * HOUR),
    notAfter: new Date(Date.now() + endsIn),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [new BasicConstraintsExtension(true, 0, true), new SubjectAlternativeNameExtension([...names])],
  }, webcrypto);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY') };
}
