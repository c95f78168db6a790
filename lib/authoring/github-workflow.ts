import { checkId } from '../policy/check-attestor';
import { CertificateClaims } from './certificate-claims';
import { defined } from './defined';
import { GITHUB, GITHUB_ISSUER, gitHubEvent, GitHubRunner, gitHubRunner, requireRepository, requireWorkflow, runnerClaim } from './github';
import { refuseInput } from './input';
import { KEYLESS_OPTIONS, KeylessIdentity, KeylessOptions, refPattern } from './keyless-options';
import { inDocument, list, optional, Properties, required, requireProperties } from './properties';
import { Demand } from './transparency';

/**
 * A workflow of a GitHub repository.
 *
 * @example
 *
 * KeylessAttestor.githubWorkflow(this, 'release', {
 *   repository: 'acme/payments',
 *   workflow: '.github/workflows/release.yml',
 *   refs: ['refs/heads/main', 'refs/tags/v*'],
 * });
 */
export interface GitHubWorkflowProps extends KeylessOptions {
  /** `owner/name`, spelled as GitHub shows it. */
  readonly repository: string;

  /** Path of the workflow in the repository, for example `.github/workflows/release.yml`. */
  readonly workflow: string;

  /**
   * The ref it runs at, for example `refs/heads/main` or `refs/tags/v*`; `*` does not cross `/`.
   *
   * @default - `refs` names them
   */
  readonly ref?: string;

  /**
   * The refs it may run at, when there are several.
   *
   * @default - `ref` names the only one
   */
  readonly refs?: string[];

  /**
   * Numeric id of the repository (`gh api repos/OWNER/NAME --jq .id`). Names can be registered again after a deletion, ids cannot.
   *
   * @default - not compared
   */
  readonly repositoryId?: string;

  /**
   * Numeric id of the owner.
   *
   * @default - not compared
   */
  readonly ownerId?: string;

  /**
   * The event that must have started it, for example `push` or `release`.
   *
   * @default - any event that the workflow lists under `on`
   */
  readonly trigger?: string;

  /**
   * Whose machines it must run on.
   *
   * @default GitHubRunner.GITHUB_HOSTED
   */
  readonly runner?: GitHubRunner;
}

const PROPERTIES: Properties<GitHubWorkflowProps> = {
  ...KEYLESS_OPTIONS,
  repository: required(inDocument),
  workflow: required(inDocument),
  ref: optional(refPattern),
  refs: optional(list(refPattern)),
  repositoryId: optional(checkId),
  ownerId: optional(checkId),
  trigger: optional(gitHubEvent),
  runner: optional(gitHubRunner),
};

/** The identity in a certificate of this workflow. */
export function githubWorkflow(path: string, props: GitHubWorkflowProps): KeylessIdentity {
  requireProperties(path, props, PROPERTIES);
  const repository = `${GITHUB}/${requireRepository(path, 'repository', props.repository)}`;
  const workflow = `${repository}/${requireWorkflow(path, props.workflow)}`;
  const [ref, ...others] = requireRefs(path, props);
  const onlyRef = others.length === 0 ? ref : undefined;
  const subject = onlyRef === undefined || onlyRef.includes('*') ? undefined : `${workflow}@${onlyRef}`;
  return defined<KeylessIdentity>({
    issuer: GITHUB_ISSUER,
    subject: subject ?? workflow,
    subjectRefs: subject === undefined ? [ref, ...others] : undefined,
    // Of one exact ref, the claims say it.
    topLevel: subject === undefined ? Demand.REQUIRED : undefined,
    claims: defined<CertificateClaims>({
      buildSignerUri: subject,
      buildConfigUri: subject,
      sourceRepositoryUri: repository,
      sourceRepositoryRef: onlyRef,
      sourceRepositoryId: props.repositoryId,
      sourceRepositoryOwnerId: props.ownerId,
      buildTrigger: props.trigger,
      runnerEnvironment: runnerClaim(props.runner),
    }),
  });
}

function requireRefs(path: string, { ref, refs }: GitHubWorkflowProps): [string, ...string[]] {
  const [first, ...others] = ref === undefined ? refs ?? [] : [ref];
  if (first === undefined || (ref !== undefined && refs !== undefined)) {
    refuseInput(path, 'a workflow is bound by exactly one of `ref` and `refs`, and at least one ref',
      'Write for example `ref: \'refs/heads/main\'`; without it, anybody who may push a branch could sign.');
  }
  return [first, ...others];
}
