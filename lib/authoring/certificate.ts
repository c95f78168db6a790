import { CertificateAttestor } from '../policy/document';
import { AttestorPart, judged } from './attestor-part';
import { defined } from './defined';
import { KeyOptions, withoutSct } from './key';
import { pem, readPem } from './pem';
import { inDocument, optional, Properties, required, requireProperties, text } from './properties';
import { transparency, transparencyDocument } from './transparency';
import { aTrustRoot, TrustRoot } from './trust-root';

/**
 * What every certificate of your own authority says.
 *
 * @example
 *
 * CertificateAttestor.fromFile(this, 'ci', { file: 'keys/authority.pem', subject: 'https://ci.acme.example/release' });
 */
export interface CertificateOptions extends KeyOptions {
  /**
   * The first subject alternative name of the certificate that signs, exactly: a URI (`https://ci.acme.example/release`), an e-mail address or a
   * DNS name. A certificate with several names is refused.
   */
  readonly subject: string;
}

/**
 * An authority in the program's text.
 *
 * @example
 *
 * new CertificateAttestor(this, 'ci', {
 *   authority: '-----BEGIN CERTIFICATE-----\n…',
 *   subject: 'https://ci.acme.example/release',
 * });
 */
export interface CertificateAttestorProps extends CertificateOptions {
  /**
   * PEM, `CERTIFICATE` blocks in any order: the root, and the intermediates as far as signatures do not bring them along. Everybody to whom it
   * issues a certificate for signing code with this subject can sign.
   */
  readonly authority: string;
}

/**
 * An authority in a file.
 *
 * @example
 *
 * CertificateAttestor.fromFile(this, 'ci', {
 *   file: 'keys/authority.pem',
 *   subject: 'https://ci.acme.example/release',
 * });
 */
export interface CertificateFileProps extends CertificateOptions {
  /**
   * Path of the PEM file with the root and the intermediates, as in `cosign sign --certificate-chain`, read when the construct is made. A
   * relative one starts at the current directory of the program.
   */
  readonly file: string;
}

const OPTIONS: Properties<CertificateOptions> = { trustRoot: optional(aTrustRoot), transparency: optional(transparency), subject: required(inDocument) };

const PROPERTIES: Properties<CertificateAttestorProps> = { ...OPTIONS, authority: required(pem('CertificateAttestor.fromFile')) };

const FILE_PROPERTIES: Properties<CertificateFileProps> = { ...OPTIONS, file: required(text) };

/** The properties of an authority that a file holds, read now. */
export function authorityOfFile(path: string, props: CertificateFileProps): CertificateAttestorProps {
  requireProperties(path, props, FILE_PROPERTIES);
  const options = defined<CertificateOptions>({ trustRoot: props.trustRoot, transparency: props.transparency, subject: props.subject });
  return { ...options, authority: readPem(path, props.file, 'authority') };
}

/** The attestor that a subject of one's own authority is. */
export function certificateAttestor(path: string, name: string, props: CertificateAttestorProps): AttestorPart<CertificateAttestor> {
  requireProperties(path, props, PROPERTIES);
  const trustRoot = props.trustRoot ?? TrustRoot.publicGood();
  const demanded = props.transparency ?? withoutSct(trustRoot._transparency);
  const document = defined<CertificateAttestor>({
    type: 'certificate',
    authority: props.authority,
    subject: props.subject,
    trustRoot: trustRoot.name,
    transparency: demanded && transparencyDocument(demanded),
  });
  return judged(path, name, { document, trustRoot });
}
