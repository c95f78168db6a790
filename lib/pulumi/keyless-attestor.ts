import * as pulumi from '@pulumi/pulumi';
import { GitHubReusableWorkflowProps } from '../authoring/github-reusable-workflow';
import { GitHubWorkflowProps } from '../authoring/github-workflow';
import { GitLabPipelineProps } from '../authoring/gitlab-pipeline';
import { EmailProps, GoogleServiceAccountProps, keylessAttestor, keylessIdentities } from '../authoring/keyless';
import { KeylessAttestorProps } from '../authoring/keyless-options';
import { Attestor } from './attestor';
import { attempt } from './declarations';

type Options = pulumi.ComponentResourceOptions;

/**
 * Vouches with a short-lived certificate for one exact identity; no key to keep.
 *
 * @example
 *
 * const release = KeylessAttestor.githubWorkflow('release', {
 *   repository: 'acme/payments',
 *   workflow: '.github/workflows/release.yml',
 *   ref: 'refs/heads/main',
 * });
 */
export class KeylessAttestor extends Attestor {
  /** A workflow of a GitHub repository that was started as itself, at one of the refs you name, on GitHub's own runners. */
  public static githubWorkflow(name: string, args: GitHubWorkflowProps, opts?: Options): KeylessAttestor {
    return new KeylessAttestor(name, identity(name, (path) => keylessIdentities.githubWorkflow(path, args)), opts);
  }

  /** A reusable GitHub workflow, pinned to a tag or commit, when a repository you name calls it. */
  public static githubReusableWorkflow(name: string, args: GitHubReusableWorkflowProps, opts?: Options): KeylessAttestor {
    return new KeylessAttestor(name, identity(name, (path) => keylessIdentities.githubReusableWorkflow(path, args)), opts);
  }

  /** The pipeline of a GitLab project at one of the refs you name. */
  public static gitlabPipeline(name: string, args: GitLabPipelineProps, opts?: Options): KeylessAttestor {
    return new KeylessAttestor(name, identity(name, (path) => keylessIdentities.gitlabPipeline(path, args)), opts);
  }

  /** A Google Cloud service account. */
  public static googleServiceAccount(name: string, args: GoogleServiceAccountProps, opts?: Options): KeylessAttestor {
    return new KeylessAttestor(name, identity(name, (path) => keylessIdentities.googleServiceAccount(path, args)), opts);
  }

  /** A person, by the address that an identity provider vouches for. */
  public static email(name: string, args: EmailProps, opts?: Options): KeylessAttestor {
    return new KeylessAttestor(name, identity(name, (path) => keylessIdentities.email(path, args)), opts);
  }

  constructor(name: string, args: KeylessAttestorProps, opts?: Options) {
    super('KeylessAttestor', name, opts, (path) => keylessAttestor(path, name, args));
  }
}

function identity(name: string, make: (path: string) => KeylessAttestorProps): KeylessAttestorProps {
  return attempt(name, 'KeylessAttestor', make);
}
