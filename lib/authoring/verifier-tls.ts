import { TlsMode } from '../engines/webhook';
import { Check, flag, instance, objectName, optional, Properties, required, requireProperties } from './properties';

/**
 * The cert-manager issuer that makes the serving certificate.
 *
 * @example
 *
 * new WebhookVerifier(this, 'verifier', { tls: VerifierTls.certManager({ name: 'internal-ca', clusterWide: false }) });
 */
export interface CertManagerIssuer {
  /** Name of the issuer. */
  readonly name: string;

  /**
   * Whether it is a ClusterIssuer, or an Issuer in the verifier's namespace.
   *
   * @default true
   */
  readonly clusterWide?: boolean;

  /**
   * Namespace in which cert-manager runs: its accounts may write the Secrets of certificates that the verifier's guard keeps from others.
   *
   * No policy may hold there, since cert-manager could then not start to renew the certificate: one that does is refused, unless it selects by labels.
   *
   * @default cert-manager
   */
  readonly certManagerNamespace?: string;
}

const ISSUER: Properties<CertManagerIssuer> = { name: required(objectName), clusterWide: optional(flag), certManagerNamespace: optional(objectName) };

/**
 * Who makes the certificate with which the verifier shows itself to the API server.
 *
 * @example
 *
 * new WebhookVerifier(this, 'verifier', { tls: VerifierTls.certManager({ name: 'internal-ca' }) });
 */
export class VerifierTls {
  /** The verifier itself: it keeps a certificate authority in a Secret, rotates it with overlap, and tells the API server. */
  public static selfManaged(): VerifierTls {
    return new VerifierTls({ mode: 'self-managed' });
  }

  /** cert-manager, which also tells the API server. */
  public static certManager(issuer: CertManagerIssuer): VerifierTls {
    requireProperties('VerifierTls', issuer, ISSUER);
    return new VerifierTls({
      mode: 'cert-manager', issuer: { kind: issuer.clusterWide ?? true ? 'ClusterIssuer' : 'Issuer', name: issuer.name },
      namespace: issuer.certManagerNamespace ?? 'cert-manager',
    });
  }

  /** @internal */
  public readonly _mode: TlsMode;

  private constructor(mode: TlsMode) {
    this._mode = mode;
  }
}

export const aVerifierTls: Check = instance(VerifierTls, 'VerifierTls',
  "write VerifierTls.selfManaged() or VerifierTls.certManager({ name: 'internal-ca' })");
