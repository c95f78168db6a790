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
   * The workflow that signed, with its ref (extension .9).
   * @default - not compared
   */
  readonly buildSignerUri?: string;
  /**
   * The commit of the workflow that signed (extension .10).
   * @default - not compared
   */
  readonly buildSignerDigest?: string;
  /**
   * Whose machine it ran on, for example `github-hosted` (extension .11).
   * @default - not compared
   */
  readonly runnerEnvironment?: string;
  /**
   * The repository, for example `https://github.com/acme/payments` (extension .12).
   * @default - not compared
   */
  readonly sourceRepositoryUri?: string;
  /**
   * The commit that was built (extension .13).
   * @default - not compared
   */
  readonly sourceRepositoryDigest?: string;
  /**
   * The ref that was built, in full; may be a pattern such as `refs/tags/v*` (extension .14).
   * @default - not compared
   */
  readonly sourceRepositoryRef?: string;
  /**
   * The numeric id of the repository, which a new repository of the same name does not have (extension .15).
   * @default - not compared
   */
  readonly sourceRepositoryId?: string;
  /**
   * The owner of the repository, for example `https://github.com/acme` (extension .16).
   * @default - not compared
   */
  readonly sourceRepositoryOwnerUri?: string;
  /**
   * The numeric id of the owner (extension .17).
   * @default - not compared
   */
  readonly sourceRepositoryOwnerId?: string;
  /**
   * The workflow that was started, with its ref; differs from `buildSignerUri` when it called a reusable one (extension .18).
   * @default - not compared
   */
  readonly buildConfigUri?: string;
  /**
   * The commit of the workflow that was started (extension .19).
   * @default - not compared
   */
  readonly buildConfigDigest?: string;
  /**
   * The event that started it, for example `push` (extension .20).
   * @default - not compared
   */
  readonly buildTrigger?: string;
  /**
   * Who sees the repository: `public`, `private` or `internal` (extension .22).
   * @default - not compared
   */
  readonly sourceRepositoryVisibility?: string;
  /**
   * The workflow's display name; anybody who can edit a workflow chooses it (extension .4).
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
