import * as pulumi from '@pulumi/pulumi';
import { authorityOfFile, certificateAttestor, CertificateAttestorProps, CertificateFileProps } from '../authoring/certificate';
import { Attestor } from './attestor';
import { attempt } from './declarations';

/**
 * Vouches with a certificate for signing code that an authority of your own issued to one exact subject.
 *
 * The signature's log entry and timestamps are those of the trust root; its certificate authorities do not count here. A certificate is judged
 * by the trusted time of signing, so that it may have ended since.
 *
 * @example
 *
 * const release = CertificateAttestor.fromFile('release', {
 *   file: 'pki/code-signing-chain.pem',
 *   subject: 'https://ci.acme.example/release',
 * });
 */
export class CertificateAttestor extends Attestor {
  /** The authority that a file holds, read when the resource is made. */
  public static fromFile(name: string, args: CertificateFileProps, opts?: pulumi.ComponentResourceOptions): CertificateAttestor {
    return new CertificateAttestor(name, attempt(name, 'CertificateAttestor', (path) => authorityOfFile(path, args)), opts);
  }

  constructor(name: string, args: CertificateAttestorProps, opts?: pulumi.ComponentResourceOptions) {
    super('CertificateAttestor', name, opts, (path) => certificateAttestor(path, name, args));
  }
}
