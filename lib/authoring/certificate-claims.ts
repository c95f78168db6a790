import { CLAIM_CHECKS } from '../policy/check-attestor';
import { CertificateClaims as CertificateClaimsDocument } from '../policy/document';
import { defined } from './defined';
import { Check, optional, Properties, struct } from './properties';

/**
 * Claims that Fulcio writes into certificates (extensions 1.3.6.1.4.1.57264.1.x); one that is named must be there with exactly this value.
 *
 * @example
 *
 * const claims: CertificateClaims = {
 *   sourceRepositoryUri: 'https://github.com/acme/payments',
 *   sourceRepositoryVisibility: 'private',
 * };
 */
export interface CertificateClaims {
  /**
   * .9, the workflow that signed, with its ref.
   * @default - not compared
   */
  readonly buildSignerUri?: string;
  /**
   * .10, the commit of the workflow that signed.
   * @default - not compared
   */
  readonly buildSignerDigest?: string;
  /**
   * .11, for example `github-hosted`.
   * @default - not compared
   */
  readonly runnerEnvironment?: string;
  /**
   * .12, for example `https://github.com/acme/payments`.
   * @default - not compared
   */
  readonly sourceRepositoryUri?: string;
  /**
   * .13, the commit that was built.
   * @default - not compared
   */
  readonly sourceRepositoryDigest?: string;
  /**
   * .14, a full ref; may be a pattern such as `refs/tags/v*`.
   * @default - not compared
   */
  readonly sourceRepositoryRef?: string;
  /**
   * .15, the numeric id of the repository, which a new repository of the same name does not have.
   * @default - not compared
   */
  readonly sourceRepositoryId?: string;
  /**
   * .16, for example `https://github.com/acme`.
   * @default - not compared
   */
  readonly sourceRepositoryOwnerUri?: string;
  /**
   * .17, the numeric id of the owner.
   * @default - not compared
   */
  readonly sourceRepositoryOwnerId?: string;
  /**
   * .18, the workflow that was started, with its ref; differs from .9 when it called a reusable one.
   * @default - not compared
   */
  readonly buildConfigUri?: string;
  /**
   * .19, the commit of the workflow that was started.
   * @default - not compared
   */
  readonly buildConfigDigest?: string;
  /**
   * .20, for example `push`.
   * @default - not compared
   */
  readonly buildTrigger?: string;
  /**
   * .22, `public`, `private` or `internal`.
   * @default - not compared
   */
  readonly sourceRepositoryVisibility?: string;
  /**
   * .4, the workflow's display name; anybody who can edit a workflow chooses it.
   * @default - not compared
   */
  readonly workflowName?: string;
}

/** Any of the claims, each as the document takes it. */
export const claims: Check = struct<CertificateClaims>(Object.fromEntries(
  Object.entries(CLAIM_CHECKS).map(([claim, check]) => [claim, optional(check)]),
) as unknown as Properties<CertificateClaims>);

/** The document's form; without any claim, none. */
export function claimsDocument(named: CertificateClaims | undefined): CertificateClaimsDocument | undefined {
  const document = defined<CertificateClaimsDocument>({ ...named });
  return Object.keys(document).length === 0 ? undefined : document;
}
