import { Construct } from 'constructs';
import { Attestor as AttestorDocument } from '../policy/document';
import { EnforcementRoll } from './roll';
import { Names } from '../authoring/place';
import { TrustRoot } from '../authoring/trust-root';

/**
 * One party that can vouch for an image: a `KeylessAttestor`, a `KeyAttestor` or a `CertificateAttestor`.
 *
 * It takes effect through the policies and requirements that name it; one that nothing names is refused at synthesis.
 *
 * @example
 *
 * const signers: Attestor[] = [
 *   KeylessAttestor.email(this, 'ada', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' }),
 *   KeyAttestor.fromFile(this, 'build-host', { file: 'keys/build-host.pub' }),
 * ];
 *
 * new SignedImagePolicy(this, 'base', { images: ['ghcr.io/acme/base/**'], attestors: signers, threshold: 2 });
 */
export abstract class Attestor extends Construct {
  /** Its name in policies, verdicts and messages: the construct's id. */
  public readonly name: string;

  /** @internal */
  public abstract readonly _document: AttestorDocument;

  /** @internal */
  public abstract readonly _trustRoot: TrustRoot;

  /**
   * What the program calls its properties.
   * @internal
   */
  public readonly _names: Names = {};

  constructor(scope: Construct, id: string) {
    super(scope, id);
    EnforcementRoll.of(this).begin(this);
    this.name = id;
  }
}
