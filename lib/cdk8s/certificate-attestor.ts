import { Construct } from 'constructs';
import { authorityOfFile, certificateAttestor, CertificateAttestorProps, CertificateFileProps } from '../authoring/certificate';
import { TrustRoot } from '../authoring/trust-root';
import { CertificateAttestor as CertificateAttestorDocument } from '../policy/document';
import { Attestor } from './attestor';
import { pathOf } from './path';
import { EnforcementRoll } from './roll';

/**
 * Vouches with a certificate for signing code that an authority of your own issued to one exact subject.
 *
 * The signature's log entry and timestamps are those of the trust root; its certificate authorities do not count here. A certificate is judged
 * by the trusted time of signing, so that it may have ended since.
 *
 * @example
 *
 * const release = CertificateAttestor.fromFile(this, 'release', {
 *   file: 'pki/code-signing-chain.pem',
 *   subject: 'https://ci.acme.example/release',
 * });
 */
export class CertificateAttestor extends Attestor {
  /** The authority that a file holds, read when the construct is made. */
  public static fromFile(scope: Construct, id: string, props: CertificateFileProps): CertificateAttestor {
    return new CertificateAttestor(scope, id, authorityOfFile(pathOf(scope, id), props));
  }

  /** @internal */
  public readonly _document: CertificateAttestorDocument;

  /** @internal */
  public readonly _trustRoot: TrustRoot;

  constructor(scope: Construct, id: string, props: CertificateAttestorProps) {
    super(scope, id);
    const { document, trustRoot } = certificateAttestor(this.node.path, this.name, props);
    this._document = document;
    this._trustRoot = trustRoot;
    EnforcementRoll.of(this).expectUse(this);
  }
}
