import { parsed } from '../policy/exact';
import { parseRefPattern } from '../policy/ref-pattern';
import { CertificateClaims } from './certificate-claims';
import { Check, optional, Properties } from './properties';
import { Demand, Transparency, transparency } from './transparency';
import { aTrustRoot, TrustRoot } from './trust-root';

/**
 * What every keyless attestor may say, whatever its identity.
 *
 * @example
 *
 * KeylessAttestor.email(this, 'ada', {
 *   email: 'ada@acme.example',
 *   issuer: 'https://dex.corp.example',
 *   trustRoot: TrustRoot.pinned(this, 'corp', { file: 'sigstore/trusted_root.json' }),
 * });
 */
export interface KeylessOptions {
  /**
   * Whose certificates count.
   *
   * @default TrustRoot.publicGood()
   */
  readonly trustRoot?: TrustRoot;

  /**
   * What ties the signature to public view and to a moment.
   *
   * @default - log and SCT required, unless the trust root has no log
   */
  readonly transparency?: Transparency;
}

export const KEYLESS_OPTIONS: Properties<KeylessOptions> = { trustRoot: optional(aTrustRoot), transparency: optional(transparency) };

/** A full ref, or a pattern over such. */
export const refPattern: Check = (field) => parsed(field, parseRefPattern);

/**
 * An identity as it stands in the certificate.
 *
 * @example
 *
 * new KeylessAttestor(this, 'release', {
 *   issuer: 'https://token.actions.githubusercontent.com',
 *   subject: 'https://github.com/acme/payments/.github/workflows/release.yml',
 *   subjectRefs: ['refs/heads/main', 'refs/tags/v*'],
 *   claims: { sourceRepositoryUri: 'https://github.com/acme/payments' },
 *   topLevel: Demand.REQUIRED,
 * });
 */
export interface KeylessAttestorProps extends KeylessOptions {
  /** The OIDC issuer, compared byte for byte, for example `https://accounts.google.com`. */
  readonly issuer: string;

  /** The subject alternative name, compared byte for byte; with `subjectRefs`, what comes before its `@`. */
  readonly subject: string;

  /**
   * Full refs such as `refs/heads/main` or `refs/tags/v*` that may follow `@` in the subject; `*` does not cross `/`.
   *
   * @default - `subject` is the whole subject
   */
  readonly subjectRefs?: string[];

  /**
   * Further claims that the certificate must carry with exactly these values.
   *
   * @default - none
   */
  readonly claims?: CertificateClaims;

  /**
   * Whether the subject must be the top-level workflow of its run, which no other workflow called.
   *
   * @default Demand.NOT_REQUIRED
   */
  readonly topLevel?: Demand;
}

/** The part of it that says who. */
export type KeylessIdentity = Omit<KeylessAttestorProps, keyof KeylessOptions>;
