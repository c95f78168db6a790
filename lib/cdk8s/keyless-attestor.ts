import { Construct } from 'constructs';
import { GitHubReusableWorkflowProps } from '../authoring/github-reusable-workflow';
import { GitHubWorkflowProps } from '../authoring/github-workflow';
import { GitLabPipelineProps } from '../authoring/gitlab-pipeline';
import { EmailProps, GoogleServiceAccountProps, keylessAttestor, keylessIdentities } from '../authoring/keyless';
import { KeylessAttestorProps } from '../authoring/keyless-options';
import { Names } from '../authoring/place';
import { TrustRoot } from '../authoring/trust-root';
import { KeylessAttestor as KeylessAttestorDocument } from '../policy/document';
import { Attestor } from './attestor';
import { pathOf } from './path';
import { EnforcementRoll } from './roll';

/**
 * Vouches with a short-lived certificate for one exact identity; no key to keep.
 *
 * @example
 *
 * const release = KeylessAttestor.githubWorkflow(this, 'release', {
 *   repository: 'acme/payments',
 *   workflow: '.github/workflows/release.yml',
 *   ref: 'refs/heads/main',
 * });
 */
export class KeylessAttestor extends Attestor {
  /**
   * A workflow of a GitHub repository that was started as itself, at one of the refs you name, on GitHub's own runners.
   *
   * Bound in the certificate: the workflow with its ref (subject), that no other workflow called it (.9 and .18 are the subject, .14 is its
   * ref), the repository (.12), the runner (.11), and the ids and the trigger that you give.
   *
   * @example
   *
   * KeylessAttestor.githubWorkflow(this, 'release', {
   *   repository: 'acme/payments',
   *   repositoryId: '501773211',
   *   workflow: '.github/workflows/release.yml',
   *   refs: ['refs/heads/main', 'refs/tags/v*'],
   * });
   */
  public static githubWorkflow(scope: Construct, id: string, props: GitHubWorkflowProps): KeylessAttestor {
    return new KeylessAttestor(scope, id, attempt(scope, id, (path) => keylessIdentities.githubWorkflow(path, props)));
  }

  /**
   * A reusable GitHub workflow, pinned to a tag or commit, when a repository you name calls it.
   *
   * The subject of such a certificate is the reusable workflow, whoever calls it: the caller is bound by .12, and by .14, .15, .17 and .18
   * as far as you say.
   *
   * @example
   *
   * KeylessAttestor.githubReusableWorkflow(this, 'builder', {
   *   workflowRepository: 'acme/build-workflows',
   *   workflow: '.github/workflows/container.yml',
   *   ref: 'refs/tags/v2.1.0',
   *   callerRepository: 'acme/payments',
   *   callerRef: 'refs/heads/main',
   * });
   */
  public static githubReusableWorkflow(scope: Construct, id: string, props: GitHubReusableWorkflowProps): KeylessAttestor {
    return new KeylessAttestor(scope, id, attempt(scope, id, (path) => keylessIdentities.githubReusableWorkflow(path, props)));
  }

  /**
   * The pipeline of a GitLab project at one of the refs you name.
   *
   * @example
   *
   * KeylessAttestor.gitlabPipeline(this, 'release', { project: 'acme/payments', ref: 'refs/heads/main' });
   */
  public static gitlabPipeline(scope: Construct, id: string, props: GitLabPipelineProps): KeylessAttestor {
    return new KeylessAttestor(scope, id, attempt(scope, id, (path) => keylessIdentities.gitlabPipeline(path, props)));
  }

  /**
   * A Google Cloud service account.
   *
   * @example
   *
   * KeylessAttestor.googleServiceAccount(this, 'builder', { email: 'builder@acme-prod.iam.gserviceaccount.com' });
   */
  public static googleServiceAccount(scope: Construct, id: string, props: GoogleServiceAccountProps): KeylessAttestor {
    return new KeylessAttestor(scope, id, attempt(scope, id, (path) => keylessIdentities.googleServiceAccount(path, props)));
  }

  /**
   * A person, by the address that an identity provider vouches for.
   *
   * @example
   *
   * KeylessAttestor.email(this, 'release-manager', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' });
   */
  public static email(scope: Construct, id: string, props: EmailProps): KeylessAttestor {
    return new KeylessAttestor(scope, id, attempt(scope, id, (path) => keylessIdentities.email(path, props)));
  }

  /** @internal */
  public readonly _document: KeylessAttestorDocument;

  /** @internal */
  public readonly _trustRoot: TrustRoot;

  /** @internal */
  public override readonly _names: Names;

  constructor(scope: Construct, id: string, props: KeylessAttestorProps) {
    super(scope, id);
    const { document, trustRoot, names = {} } = keylessAttestor(this.node.path, this.name, props);
    this._document = document;
    this._trustRoot = trustRoot;
    this._names = names;
    EnforcementRoll.of(this).expectUse(this);
  }
}

/** What is refused here has no construct that could be missed. */
function attempt<T>(scope: Construct, id: string, make: (path: string) => T): T {
  return EnforcementRoll.of(scope).attempt(pathOf(scope, id), 'KeylessAttestor', make);
}
